"""A learner's progress towards the goal of this week. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from server.learning.model import WeekGoal
from server.protocol import learning as wire
from server.tutor.model import PracticeDay

DAYS = 7


def week_view(goal: WeekGoal | None, days: Sequence[PracticeDay]) -> wire.WeekGoal:
    """`days`: the last seven of the learner's own time zone, oldest first; the last one is today."""
    today = date.fromisoformat(days[-1].day)
    monday = (today - timedelta(days=today.weekday())).isoformat()
    week = [day for day in days if day.day >= monday]
    return wire.WeekGoal(
        kind=goal.kind if goal else None,
        target=goal.target if goal else None,
        monday=monday,
        days=sum(day.is_kept for day in week),
        minutes=round(sum(day.talked_s for day in week) / 60, 1),
    )
