from __future__ import annotations

import pytest

from server.errors import EventFull
from server.schedule.model import MAX_WAITING, Place
from server.schedule.registration import moved_up, place_for
from server.schedule.reminders import is_late, planned


@pytest.mark.parametrize(
    ("going", "waiting", "place"),
    [(0, 0, Place.GOING), (2, 0, Place.GOING), (3, 0, Place.WAITING), (2, 1, Place.WAITING)],
)
def test_nobody_passes_those_who_wait(going: int, waiting: int, place: Place) -> None:
    assert place_for(going, waiting, places=3) is place


def test_a_waitlist_has_an_end() -> None:
    with pytest.raises(EventFull):
        place_for(3, MAX_WAITING, places=3)


def test_the_longest_waiting_move_up_into_what_is_free() -> None:
    assert moved_up(1, ["a", "b", "c"], places=3) == ["a", "b"]
    assert moved_up(3, ["a"], places=3) == []
    assert moved_up(5, ["a"], places=3) == []


def test_reminders_are_a_day_and_ten_minutes_before_and_never_in_the_past() -> None:
    assert planned(100_000.0, 0.0) == [("day", 13_600.0), ("soon", 99_400.0)]
    assert planned(100_000.0, 13_600.0) == [("soon", 99_400.0)]
    assert planned(100_000.0, 99_400.0) == []


def test_a_reminder_is_dropped_when_it_is_more_than_ten_minutes_late() -> None:
    assert not is_late(1_000.0, 1_600.0)
    assert is_late(1_000.0, 1_601.0)
