from __future__ import annotations

from server.sfu.forwarding.nack import GIVE_UP_SECONDS, MAX_GAP, MAX_TRIES, NackGenerator


def feed(nack: NackGenerator, *sequences: int, now: float = 0.0) -> None:
    for sequence in sequences:
        nack.on_packet(sequence, now)


def test_a_gap_is_requested_at_once_across_the_wrap() -> None:
    nack = NackGenerator()
    feed(nack, 65_533, 65_534, 1)
    assert nack.due(0.0, round_trip=0.1) == [65_535, 0]


def test_a_lost_packet_is_requested_again_after_a_round_trip_and_not_before() -> None:
    nack = NackGenerator()
    feed(nack, 1, 3)
    assert nack.due(0.0, round_trip=0.1) == [2]
    assert nack.due(0.1, round_trip=0.1) == []
    assert nack.due(0.13, round_trip=0.1) == [2]


def test_requests_end_after_a_few_tries_or_when_it_is_too_late_to_play() -> None:
    nack = NackGenerator()
    feed(nack, 1, 3)
    asked = [now for now in range(100) if nack.due(now / 50, round_trip=0.001)]
    assert len(asked) == MAX_TRIES
    feed(nack, 5, now=2.0)
    assert nack.due(2.0 + GIVE_UP_SECONDS + 0.01, round_trip=0.001) == []


def test_a_packet_that_arrives_is_not_requested_and_counts_as_repaired() -> None:
    nack = NackGenerator()
    feed(nack, 1, 4)
    assert nack.on_packet(2, 0.0)
    nack.resolve(3)
    assert not nack.on_packet(3, 0.0)
    assert nack.due(0.0, round_trip=0.1) == []


def test_a_gap_too_long_to_repair_is_not_requested() -> None:
    nack = NackGenerator()
    feed(nack, 1, 3, 4 + MAX_GAP)
    assert nack.due(0.0, round_trip=0.1) == []


def test_memory_is_bounded_whatever_is_lost() -> None:
    nack = NackGenerator()
    for sequence in range(0, 60_000, 2):
        nack.on_packet(sequence, 0.0)
    assert len(nack._missing) <= 2 * MAX_GAP
