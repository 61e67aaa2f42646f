"""Decides which week of a learner is over and is to be summed up. No clock, no I/O."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from server.common.time_zones import zone_of
from server.learning.model import WeekGoal
from server.progress.model import WeekFigures

WEEK = timedelta(days=7)
MORNING = time(8)
_ZONES_H = 26
"""Hours between the first and the last place on earth that has a date."""


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_to_sum_up(at: float, time_zone: str | None) -> date | None:
    """The Monday of the week that has just ended, for somebody in that zone: on Monday from eight in the
    morning, and on Tuesday, in case no server ran. None at other times."""
    now = datetime.fromtimestamp(at, zone_of(time_zone))
    is_time = (now.weekday() == 0 and now.time() >= MORNING) or now.weekday() == 1
    return monday_of(now.date()) - WEEK if is_time else None


def weeks_to_sum_up(at: float) -> set[date]:
    """Return the weeks that `week_to_sum_up` returns in any zone at that time."""
    hours = (at + hour * 3_600 for hour in range(-_ZONES_H // 2, _ZONES_H // 2 + 2))
    return {monday for hour in hours if (monday := week_to_sum_up(hour, None)) is not None}


def is_goal_reached(goal: WeekGoal | None, week: WeekFigures) -> bool:
    if goal is None:
        return False
    return (week.days if goal.kind == "days" else week.minutes) >= goal.target
