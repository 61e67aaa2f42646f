"""A publisher's timeline, its history, and a slot's rewriter."""

from __future__ import annotations

from server.sfu.data_plane import MICROPHONE
from server.sfu.forwarding.history import SIZE, Packet, PacketHistory
from server.sfu.forwarding.rewriter import Rewriter
from server.sfu.forwarding.timeline import Position, Timeline


def packet(sequence: int, payload: bytes = b"opus") -> Packet:
    return Packet(sequence, sequence * 960, False, bytes(4), b"", payload)


class TestTimeline:
    def test_a_steady_stream_is_numbered_from_zero_through_every_wrap(self) -> None:
        line = Timeline(MICROPHONE)
        placed = [
            line.place((65_500 + n) & 0xFFFF, (2**32 - 5_000 + 960 * n) & 0xFFFF_FFFF, n / 50)
            for n in range(100)
        ]
        assert [position and position.sequence for position in placed] == list(range(100))
        base = placed[0].timestamp if placed[0] else 0
        assert [position and position.timestamp for position in placed] == [
            base + 960 * n for n in range(100)
        ]

    def test_a_late_burst_is_not_taken_for_a_restart(self) -> None:
        line = Timeline(MICROPHONE)
        line.place(1, 0, 0.0)
        positions = [line.place(2 + n, 960 * (1 + n), 3.0) for n in range(150)]
        assert all(position is not None and not position.begins for position in positions)

    def test_numbers_from_before_a_break_are_refused_after_it(self) -> None:
        line = Timeline(MICROPHONE)
        for n in range(10):
            line.place(n, 960 * n, n / 50)
        line.interrupt()
        assert line.place(20, 960 * 20, 0.4) == Position(10, line._top_timestamp, begins=True)
        assert line.place(15, 960 * 15, 0.4) is None

    def test_an_added_frame_takes_a_number_and_an_epoch_begins_after_it(self) -> None:
        line = Timeline(MICROPHONE)
        first = line.place(1, 0, 0.0)
        own = line.append_frame()
        after = line.place(2, 960, 0.1)
        assert first is not None
        assert after is not None
        assert (own.sequence, own.timestamp - first.timestamp) == (1, 960)
        assert (after.sequence, after.timestamp - first.timestamp, after.begins) == (2, 4_800, True)


class TestHistory:
    def test_a_number_is_assigned_once(self) -> None:
        history = PacketHistory()
        assert history.add(packet(5))
        assert not history.add(packet(5, b"other"))
        found = history.get(5)
        assert found is not None
        assert found.payload == b"opus"

    def test_a_packet_too_old_to_know_is_refused(self) -> None:
        history = PacketHistory()
        history.add(packet(SIZE + 10))
        assert history.get(10) is None
        assert not history.add(packet(10))
        assert history.add(packet(11))


class TestRewriter:
    def rewriter(self) -> Rewriter[str]:
        return Rewriter(MICROPHONE, first_sequence=100, first_timestamp=5_000)

    def test_the_first_packet_takes_the_first_numbers(self) -> None:
        rewriter = self.rewriter()
        rewriter.begin("ann", 7, 960, 50.0, red=False)
        assert rewriter.rewrite(7, 960, 50.0) == (100, 5_000)
        assert rewriter.rewrite(9, 2_880, 50.04) == (102, 6_920)
        assert rewriter.rewrite(6, 0, 50.04) is None

    def test_the_next_mapping_begins_above_everything_sent(self) -> None:
        rewriter = self.rewriter()
        rewriter.begin("ann", 7, 960, 50.0, red=False)
        rewriter.rewrite(7, 960, 50.0)
        rewriter.rewrite(10, 3_840, 50.06)
        rewriter.begin("bob", 1_000, 0, 50.16, red=False)
        assert rewriter.rewrite(1_000, 0, 50.16) == (104, 5_000 + 2_880 + 4_800)

    def test_an_outgoing_number_is_found_in_the_mapping_that_sent_it(self) -> None:
        rewriter = self.rewriter()
        rewriter.begin("ann", 7, 0, 0.0, red=False)
        rewriter.rewrite(7, 0, 0.0)
        rewriter.rewrite(8, 960, 0.02)
        silence, _ = rewriter.append()
        rewriter.begin("bob", 50, 0, 0.04, red=False)
        rewriter.rewrite(50, 0, 0.04)

        def found(outgoing: int) -> tuple[str, int] | None:
            located = rewriter.locate(outgoing)
            return located and (located[0].source, located[1])

        assert [found(n) for n in range(99, 105)] == [None, ("ann", 7), ("ann", 8), None, ("bob", 50), None]
        assert silence == 102
