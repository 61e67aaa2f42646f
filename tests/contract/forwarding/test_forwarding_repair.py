"""Loss and its repair: NACK both ways, RED both ways."""

from __future__ import annotations

from server.common import rtcp
from server.common.rtcp import Nack
from server.sfu.data_plane import AnsweredMedia, Backend, DataPlaneOptions
from tests.contract.forwarding.test_forwarding_stream import SILENCE, steps, talk
from tests.fakes.srtp_clients import FRAME_SAMPLES, Client, Room


def asked_of(client: Client) -> list[int]:
    """The sequence numbers that the server asked this publisher for, in order."""
    asked: list[int] = []
    for compound in client.rtcp:
        for item in rtcp.parse(compound) or []:
            if isinstance(item, Nack):
                assert item.ssrc == client.ssrc
                asked.extend(item.sequences)
    return asked


def ask(client: Client, *sequences: int, mid: int = 1) -> None:
    report = rtcp.receiver_report(client.ssrc)
    client.send_rtcp(report + rtcp.nack(client.ssrc, client.slot_ssrcs[mid - 1], sequences))


def red(primary: bytes, *older: bytes) -> bytes:
    """RED as Chromium makes it: each older payload one frame before the next."""
    head = b"".join(
        ((0x80 | 111) << 24 | (FRAME_SAMPLES * (len(older) - i)) << 10 | len(block)).to_bytes(4)
        for i, block in enumerate(older)
    )
    return head + b"\x6f" + b"".join(older) + primary


class TestUplinkNack:
    def test_a_missing_packet_is_requested_at_once_and_then_takes_its_place(self, room: Room) -> None:
        ann, bob = room.join(), room.join()
        room.everyone_hears_everyone()
        ann.say(b"0")
        lost = ann.packet(b"1")
        ann.say(b"2")
        assert asked_of(ann) == [(ann.sequence - 1) & 0xFFFF]
        ann.deliver(lost)
        heard = sorted(bob.heard(), key=lambda packet: packet.sequence)
        assert [p.payload for p in heard] == [b"0", b"1", b"2"]
        assert set(steps(heard)) == {(1, FRAME_SAMPLES)}
        asked = len(asked_of(ann))
        room.pass_time(1)
        assert len(asked_of(ann)) == asked

    def test_a_packet_that_never_comes_is_requested_a_few_times_only(self, room: Room) -> None:
        ann = room.join()
        ann.say(b"0")
        ann.packet(b"lost")
        for _ in range(100):
            ann.say(b"x")
            room.frame()
        assert 2 <= len(asked_of(ann)) <= 4
        assert len(set(asked_of(ann))) == 1

    def test_a_long_gap_is_not_requested(self, room: Room) -> None:
        ann = room.join()
        ann.say(b"0")
        ann.deliver(ann.packet(b"x", advance=200))
        room.pass_time(1)
        assert asked_of(ann) == []

    def test_heavy_loss_does_not_turn_into_a_storm_of_requests(self, room: Room) -> None:
        ann = room.join()
        for number in range(500):
            packet = ann.packet(b"x")
            if number % 3 == 0:
                ann.deliver(packet)
            room.frame()
        assert len(asked_of(ann)) <= 50 * 10 + 50

    def test_packets_sent_while_muted_are_not_requested(self, room: Room) -> None:
        ann = room.join()
        talk(room, ann, 3)
        room.data_plane.set_muted(ann.handle, True, at_once=True, now=room.now)
        talk(room, ann, 20)
        room.data_plane.set_muted(ann.handle, False, at_once=True, now=room.now)
        talk(room, ann, 20)
        assert asked_of(ann) == []

    def test_nothing_is_requested_when_nack_is_off(self, backend: Backend) -> None:
        room = Room(backend, DataPlaneOptions(nack=False))
        ann = room.join()
        ann.say(b"0")
        ann.deliver(ann.packet(b"2", advance=2))
        room.pass_time(1)
        assert asked_of(ann) == []


class TestDownlinkNack:
    def test_a_retransmission_is_the_same_bytes(self, room: Room) -> None:
        ann, bob = room.join(), room.join()
        room.everyone_hears_everyone()
        talk(room, ann, 20)
        packet = bob.heard()[7]
        originals = [datagram for datagram, path in room.sent if path == bob.path]
        before = len(room.sent)
        ask(bob, packet.sequence)
        ((again, path),) = room.sent[before:]
        assert path == bob.path
        assert again in originals
        assert again[2:4] == packet.sequence.to_bytes(2)

    def test_the_first_packet_of_a_publisher_is_retransmitted_with_its_marker(self, room: Room) -> None:
        ann, bob, eve = room.join(), room.join(), room.join()
        room.assign(eve, [ann, None])
        talk(room, ann, 3, b"ann")
        room.assign(eve, [bob, None])
        talk(room, bob, 3, b"bob")
        packets = eve.heard()
        originals = {datagram for datagram, path in room.sent if path == eve.path}
        before = len(room.sent)
        ask(eve, *(packet.sequence for packet in packets))
        resent = [datagram for datagram, _ in room.sent[before:]]
        assert len(resent) == 6, "packets of the previous publisher too"
        assert set(resent) <= originals

    def test_numbers_that_were_never_sent_or_were_added_silence_are_not_answered(self, room: Room) -> None:
        ann, bob, eve = room.join(), room.join(), room.join()
        room.assign(bob, [ann, None])
        room.assign(eve, [ann, None])
        talk(room, ann, 3)
        room.assign(eve, [None, None])
        talk(room, ann, 10)  # bob still hears her
        assert eve.heard()[-1].payload == SILENCE
        last = eve.heard()[-1].sequence
        before = len(room.sent)
        ask(eve, *((last + offset) & 0xFFFF for offset in range(-2, 12)))
        ask(eve, (eve.heard()[0].sequence - 1) & 0xFFFF, 65_535)
        ask(eve, eve.heard()[0].sequence, mid=2)
        assert [datagram for datagram, path in room.sent[before:] if path == eve.path] == []

    def test_retransmissions_to_one_client_are_limited(self, room: Room) -> None:
        ann, bob = room.join(), room.join()
        room.everyone_hears_everyone()
        talk(room, ann, 50)
        before = len(bob.rtp)
        for _ in range(100):
            ask(bob, *(packet.sequence for packet in bob.heard()[10:40]))
        assert 0 < len(room.sent) - before < 400

    def test_nothing_is_answered_when_nack_is_off(self, backend: Backend) -> None:
        room = Room(backend, DataPlaneOptions(nack=False))
        ann, bob = room.join(), room.join()
        room.everyone_hears_everyone()
        talk(room, ann, 3)
        before = len(room.sent)
        ask(bob, bob.heard()[0].sequence)
        assert len(room.sent) == before


class TestRed:
    def room(self, backend: Backend) -> tuple[Room, Client, Client, Client]:
        """Ann sends RED; Bob takes plain Opus, Eve asked for RED."""
        room = Room(backend)
        ann = room.join(answer=AnsweredMedia(ssrc=0x1001, red_payload_type=63))
        bob = room.join()
        eve = room.join(answer=AnsweredMedia(ssrc=0x1003, red_slots=True))
        room.assign(bob, [ann, None])
        room.assign(eve, [ann, None])
        return room, ann, bob, eve

    def test_a_lost_packet_is_recovered_from_the_next_ones_redundancy(self, backend: Backend) -> None:
        room, ann, bob, _ = self.room(backend)
        ann.say(red(b"0"), payload_type=63)
        lost = ann.packet(red(b"1", b"0"), payload_type=63)
        ann.say(red(b"2", b"1"), payload_type=63)
        assert [(p.payload, p.payload_type) for p in bob.heard()] == [(b"0", 111), (b"1", 111), (b"2", 111)]
        assert set(steps(bob.heard())) == {(1, FRAME_SAMPLES)}
        assert asked_of(ann) == []
        ann.deliver(lost)
        assert len(bob.heard()) == 3, "its number has been used"
        assert room.dropped()["duplicate"] == 1

    def test_two_lost_packets_are_recovered_from_two_generations(self, backend: Backend) -> None:
        _, ann, bob, _ = self.room(backend)
        ann.say(red(b"0"), payload_type=63)
        ann.packet(b"")
        ann.packet(b"")
        ann.say(red(b"3", b"1", b"2"), payload_type=63)
        assert [p.payload for p in bob.heard()] == [b"0", b"1", b"2", b"3"]
        assert set(steps(bob.heard())) == {(1, FRAME_SAMPLES)}

    def test_a_subscriber_with_red_gets_each_payload_twice(self, backend: Backend) -> None:
        room, ann, _, eve = self.room(backend)
        for number in range(4):
            ann.say(red(b"%d" % number), payload_type=63)
            room.frame()
        assert [p.payload_type for p in eve.heard()] == [63] * 4
        assert [p.payload for p in eve.heard()] == [
            b"\x6f0",
            red(b"1", b"0"),
            red(b"2", b"1"),
            red(b"3", b"2"),
        ]

    def test_a_red_retransmission_is_the_same_bytes_even_if_its_predecessor_came_later(
        self, backend: Backend
    ) -> None:
        room, ann, _, eve = self.room(backend)
        ann.say(red(b"0"), payload_type=63)
        late = ann.packet(red(b"1"), payload_type=63)
        ann.say(red(b"2"), payload_type=63)
        ann.deliver(late)
        originals = {datagram for datagram, path in room.sent if path == eve.path}
        before = len(room.sent)
        ask(eve, *(packet.sequence for packet in eve.heard()))
        resent = {datagram for datagram, _ in room.sent[before:]}
        assert len(resent) == 3
        assert resent <= originals

    def test_a_change_of_format_never_sends_a_number_in_both(self, backend: Backend) -> None:
        room, ann, _, eve = self.room(backend)
        talk_red = [red(b"%d" % number) for number in range(6)]
        for payload in talk_red[:3]:
            ann.say(payload, payload_type=63)
        room.data_plane.set_answer(eve.handle, AnsweredMedia(ssrc=0x1003, red_slots=False))
        for payload in talk_red[3:]:
            ann.say(payload, payload_type=63)
        assert [p.payload_type for p in eve.heard()] == [63] * 3 + [111] * 3
        originals = {datagram for datagram, path in room.sent if path == eve.path}
        before = len(room.sent)
        ask(eve, *(packet.sequence for packet in eve.heard()))
        assert {datagram for datagram, _ in room.sent[before:]} <= originals

    def test_malformed_red_is_dropped(self, backend: Backend) -> None:
        room, ann, bob, _ = self.room(backend)
        for payload in (
            b"\xef",
            b"\xef\x0f\x00\xff\x6f",
            b"\x6f",
            b"\x00opus?",
            b"\xef\x00\x00\x00" * 20 + b"\x6fx",
        ):
            ann.say(payload, payload_type=63)
        assert bob.heard() == []
        assert room.dropped()["malformed"] == 5
