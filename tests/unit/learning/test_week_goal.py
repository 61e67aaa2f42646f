from __future__ import annotations

from datetime import date, timedelta

from server.learning.model import WeekGoal
from server.learning.week_goal import DAYS, week_view
from server.tutor.model import PracticeDay


def days_until(today: str, **turns: int) -> list[PracticeDay]:
    """Seven days; `turns` by the name of the weekday, a minute of speech each."""
    last = date.fromisoformat(today)
    days = [last - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    counts = [turns.get(day.strftime("%a").lower(), 0) for day in days]
    return [
        PracticeDay(day.isoformat(), speaking_s=60.0 * count, turns=count)
        for day, count in zip(days, counts, strict=True)
    ]


def test_a_week_begins_on_monday() -> None:
    wednesday = days_until("2026-12-02", sun=9, mon=1, wed=2)
    view = week_view(WeekGoal("days", 3), wednesday)
    assert (view.monday, view.days, view.minutes) == ("2026-11-30", 2, 3.0)
    assert (view.kind, view.target) == ("days", 3)


def test_on_monday_nothing_of_the_week_before_counts() -> None:
    view = week_view(None, days_until("2026-11-30", sat=5, sun=5))
    assert (view.kind, view.target, view.days, view.minutes) == (None, None, 0, 0.0)


def test_on_sunday_all_seven_days_count() -> None:
    sunday = days_until("2026-12-06", mon=1, tue=1, wed=1, thu=1, fri=1, sat=1, sun=1)
    assert week_view(WeekGoal("minutes", 30), sunday).days == 7
