from __future__ import annotations

import pytest

from ai_agent.room.pacer import MAX_BURST, Deadlines


def test_calls_come_every_20_ms_and_do_not_drift() -> None:
    beats = Deadlines(10.0)
    now, count = 10.0, 0
    while now < 20.0:
        count += len(beats.take(now))
        now += 0.0193
    assert count == pytest.approx(500, abs=1)


def test_a_late_loop_makes_up_for_two_calls_at_most_and_time_is_kept() -> None:
    beats = Deadlines(0.0)
    assert beats.take(0.0) == [1]
    late = beats.take(0.2)
    assert len(late) == MAX_BURST
    assert sum(late) == 10
    assert beats.take(0.205) == []
    assert beats.take(0.22) == [1]
