"""Streaks, achievements and weeks as messages of the REST API. No I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from server.progress.achievements import RULES
from server.progress.model import Counts, KeptDay, WeekFigures
from server.progress.streak import streak_of
from server.protocol import progress as wire
from server.rooms.views import timestamp
from server.tutor.days import start_of

SHOWN_DAYS = 35


def streak_view(days: Sequence[KeptDay], today: date, time_zone: str | None) -> wire.Streak:
    """Days of earlier versions, of which it is not known when they began, are those of the zone of today."""
    starts = {start_of(d.day, time_zone) if d.starts_at is None else d.starts_at: d.day for d in days}
    streak = streak_of(list(starts), start_of(today, time_zone))
    kept = {d.day for d in days} | ({today} if streak.is_today_done else set())
    saved = {starts[start] + timedelta(days=1) for start in streak.saved}
    shown = [today - timedelta(days=back) for back in range(SHOWN_DAYS - 1, -1, -1)]
    return wire.Streak(
        length=streak.length,
        best=streak.best,
        has_freeze=streak.has_freeze,
        returns_in=streak.returns_in,
        is_today_done=streak.is_today_done,
        days=[
            wire.StreakDay(
                day=day.isoformat(), state="kept" if day in kept else "saved" if day in saved else "open"
            )
            for day in shown
        ],
    )


def achievements_view(counts: Counts, earned: Mapping[wire.AchievementName, float]) -> wire.Achievements:
    """Return all achievements. One that was granted is complete, also if a count went down since, as with a
    deleted talk."""
    return wire.Achievements(
        items=[
            wire.Achievement(
                name=rule.name,
                done=rule.goal if rule.name in earned else rule.done(counts),
                goal=rule.goal,
                at=timestamp(earned[rule.name]) if rule.name in earned else None,
            )
            for rule in RULES
        ]
    )


def week_view(week: WeekFigures) -> wire.WeekSummary:
    return wire.WeekSummary(
        monday=week.monday.isoformat(),
        days=week.days,
        minutes=round(week.minutes, 1),
        people=week.people,
        mended=week.mended,
        words=week.words,
        due=week.due,
    )
