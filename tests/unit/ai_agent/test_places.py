"""How many more rooms and voice sessions a worker can take, by what it has and how busy its loop is."""

from __future__ import annotations

import pytest

from ai_agent.places import MAX_SHARE, SHARE, Pressure, free_rooms, free_voices


def pressed(*, share: float = 0.0, delay_s: float = 0.0, seconds: float = 5.0) -> Pressure:
    pressure = Pressure()
    for tenth in range(round(10 * seconds) + 1):
        pressure.look(tenth / 10, delay_s, share * tenth / 10)
    return pressure


def test_voice_sessions_take_rooms_places_four_to_one() -> None:
    assert [free_rooms(8, 0, voices) for voices in (0.0, 0.1, 4.0, 4.1, 32.0, 60.0)] == [8, 7, 7, 6, 0, 0]
    assert [free_voices(8, rooms, 3.0, None) for rooms in (0, 7, 8)] == [29.0, 1.0, 0.0]


def test_a_loop_that_uses_most_of_its_core_takes_only_what_still_fits() -> None:
    assert free_voices(8, 0, 20, pressed(share=MAX_SHARE - 3 * SHARE)) == pytest.approx(3.0)
    assert free_voices(8, 0, 20, pressed(share=0.95)) == 0.0
    assert free_voices(40, 0, 50, pressed(share=0.1)) == pytest.approx((MAX_SHARE - 0.1) / SHARE)


def test_a_loop_that_is_late_takes_none_whatever_its_share() -> None:
    assert free_voices(8, 0, 20, pressed(share=0.1, delay_s=0.12)) == 0.0
    assert free_voices(8, 0, 20, pressed(share=0.1, delay_s=0.05)) > 0


def test_a_machine_that_others_keep_busy_still_takes_a_few_sessions() -> None:
    pressure = pressed(share=0.95, delay_s=1.0)
    assert [free_voices(8, 0, voices, pressure) for voices in (0, 7, 8, 9)] == [8.0, 1.0, 0.0, 0.0]
    assert free_voices(8, 8, 0, pressure) == 0.0


def test_one_long_stall_counts_for_five_seconds() -> None:
    pressure = pressed(share=0.1)
    pressure.look(6.5, 1.0, 0.65)
    assert pressure.is_late
    for tenth in range(1, 60):
        pressure.look(6.5 + tenth / 10, 0.001, 0.65)
    assert not pressure.is_late


def test_while_engines_load_the_loop_s_pressure_does_not_count() -> None:
    assert free_voices(8, 0, 0, None) == 32.0


def test_a_worker_that_has_just_started_has_places() -> None:
    assert free_voices(8, 0, 0, Pressure()) == 32.0
