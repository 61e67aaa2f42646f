"""When a week is summed up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.learning.model import WeekGoal
from server.progress.model import WeekFigures
from server.progress.weeks import is_goal_reached, monday_of, week_to_sum_up, weeks_to_sum_up

HANOI = "Asia/Ho_Chi_Minh"
LAST = date(2026, 11, 23)
times = st.datetimes(datetime(2000, 1, 1), datetime(2036, 1, 1)).map(
    lambda at: at.replace(tzinfo=UTC).timestamp()
)
zones = st.sampled_from(sorted(available_timezones()))


def at(day: int, hour: int) -> float:
    """In Hà Nội, seven hours before UTC."""
    return (datetime(2026, 11, day, hour, tzinfo=UTC) - timedelta(hours=7)).timestamp()


@pytest.mark.parametrize(
    ("day", "hour", "due"),
    [(29, 23, None), (30, 7, None), (30, 8, LAST), (30, 23, LAST)],
)
def test_the_last_week_is_due_on_mondays_from_the_morning_on(day: int, hour: int, due: date | None) -> None:
    assert week_to_sum_up(at(day, hour), HANOI) == due


def test_a_server_that_was_down_on_monday_does_it_on_tuesday() -> None:
    tuesday = at(30, 12) + 86_400
    assert week_to_sum_up(tuesday, HANOI) == LAST
    assert week_to_sum_up(tuesday + 86_400, HANOI) is None


@given(at=times, zone=zones)
def test_the_weeks_that_are_looked_for_include_everybodys(at: float, zone: str) -> None:
    due = week_to_sum_up(at, zone)
    assert due is None or due in weeks_to_sum_up(at)


@given(at=times, zone=zones)
def test_within_a_week_each_person_gets_one_week(at: float, zone: str) -> None:
    """Asked every ten minutes, whatever summer time does."""
    asked = [week_to_sum_up(at + 600 * n, zone) for n in range(7 * 144)]
    mondays = {due for due in asked if due is not None}
    assert 1 <= len(mondays) <= 2
    assert all(monday.weekday() == 0 for monday in mondays)


def test_most_of_the_week_nobody_has_to_be_looked_for() -> None:
    wednesday = datetime(2026, 12, 3, 0, tzinfo=UTC).timestamp()
    assert all(weeks_to_sum_up(wednesday + hour * 3_600) == set() for hour in range(48))


@pytest.mark.parametrize(
    ("goal", "is_reached"),
    [
        (None, False),
        (WeekGoal("days", 3), True),
        (WeekGoal("days", 4), False),
        (WeekGoal("minutes", 40), True),
        (WeekGoal("minutes", 41), False),
    ],
)
def test_a_goal_is_reached_by_days_or_minutes(goal: WeekGoal | None, is_reached: bool) -> None:
    week = WeekFigures(LAST, days=3, minutes=40.5)
    assert is_goal_reached(goal, week) is is_reached


@given(day=st.dates())
def test_a_week_begins_on_monday(day: date) -> None:
    if day >= date(1, 1, 8):
        assert monday_of(day).weekday() == 0
        assert 0 <= (day - monday_of(day)).days < 7
