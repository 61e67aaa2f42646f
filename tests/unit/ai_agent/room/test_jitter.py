from __future__ import annotations

import random

import pytest

from ai_agent.room.jitter import MAX_WAIT_S, Gap, JitterBuffer
from tests.unit.ai_agent.room.packets import a_packet


def _numbers(items: list[object]) -> list[object]:
    return [item if isinstance(item, Gap) else item.sequence for item in items]  # type: ignore[attr-defined]


def test_packets_in_order_leave_at_once() -> None:
    buffer = JitterBuffer()
    for number in range(3):
        buffer.put(a_packet(number), number * 0.02)
        assert _numbers(list(buffer.take(number * 0.02))) == [number]


def test_reordered_packets_leave_in_order() -> None:
    buffer = JitterBuffer()
    buffer.put(a_packet(0), 0.0)
    buffer.take(0.0)
    for number in (2, 3, 1):
        buffer.put(a_packet(number), 0.01)
    assert _numbers(list(buffer.take(0.01))) == [1, 2, 3]


def test_a_gap_delays_the_packets_after_it_up_to_the_maximum() -> None:
    buffer = JitterBuffer()
    buffer.put(a_packet(0), 0.0)
    buffer.take(0.0)
    buffer.put(a_packet(3), 0.06)
    assert buffer.take(0.06 + MAX_WAIT_S - 0.001) == []
    assert _numbers(list(buffer.take(0.06 + MAX_WAIT_S))) == [Gap(2, a_packet(3)), 3]


def test_a_late_packet_and_a_duplicate_are_dropped() -> None:
    buffer = JitterBuffer()
    for number in (5, 6, 6, 5):
        buffer.put(a_packet(number), 0.0)
    assert _numbers(list(buffer.take(0.0))) == [5, 6]
    buffer.put(a_packet(4), 0.0)
    assert buffer.take(1.0) == []


def test_numbers_roll_over() -> None:
    buffer = JitterBuffer()
    for number in range(0xFFFE, 0x10002):
        buffer.put(a_packet(number), 0.0)
    assert _numbers(list(buffer.take(0.0))) == [0xFFFE, 0xFFFF, 0, 1]


@pytest.mark.parametrize("jump", [60, 5000, -5000])
def test_a_stream_that_restarts_with_other_numbers_continues(jump: int) -> None:
    buffer = JitterBuffer()
    buffer.put(a_packet(20_000), 0.0)
    buffer.take(0.0)
    for number in range(3):
        buffer.put(a_packet(20_000 + jump + number), 0.02 * number)
    assert _numbers(list(buffer.take(0.1))) == [20_000 + jump + n for n in range(3)]


def test_a_missing_packet_is_nacked_at_once_and_once_more() -> None:
    buffer = JitterBuffer()
    buffer.put(a_packet(0), 0.0)
    buffer.take(0.0)
    buffer.put(a_packet(3), 0.02)
    assert buffer.due_nacks(0.02) == [1, 2]
    assert buffer.due_nacks(0.03) == []
    buffer.put(a_packet(1), 0.04)
    assert buffer.due_nacks(0.05) == [2]
    assert buffer.due_nacks(0.2) == []


def test_whatever_is_lost_and_however_late_each_packet_leaves_once_and_in_order() -> None:
    dice = random.Random(3)
    buffer = JitterBuffer()
    arrivals = sorted(
        (number * 0.02 + dice.uniform(0, 0.1), number) for number in range(500) if dice.random() > 0.2
    )
    out: list[int] = []
    missed = 0
    for at, number in arrivals:
        buffer.put(a_packet(number), at)
        for item in buffer.take(at):
            if isinstance(item, Gap):
                missed += item.count
            else:
                out.append(item.sequence)
    out += [i.sequence for i in buffer.take(99.0) if not isinstance(i, Gap)]
    assert out == sorted(set(out))
    assert len(out) > 350
    assert missed > 50
