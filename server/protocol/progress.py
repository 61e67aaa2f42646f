"""Streaks, achievements and weeks of a learner: bodies of REST routes. Each learner sees their own alone."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from server.protocol.base import Outbound, Timestamp

AchievementName = Literal[
    "first_talk",
    "first_room",
    "first_class",
    "one_hour",
    "ten_hours",
    "days_10",
    "days_50",
    "streak_3",
    "streak_7",
    "streak_30",
    "people_1",
    "people_10",
    "people_50",
    "mended_1",
    "mended_25",
    "mended_100",
    "words_30",
    "mastered_10",
    "topics_10",
    "goal_4",
]
"""A new achievement is one more here, a row of `RULES` in `server/progress/achievements.py`, and a picture
and texts in the web client."""
Day = Annotated[str, Field(description="YYYY-MM-DD")]


class StreakDay(Outbound):
    """`state`: `kept` with practice, `saved` by the freeze, `open` without practice."""

    day: Day
    state: Literal["kept", "saved", "open"]


class Streak(Outbound):
    """Days in a row with practice, in the time zone of the profile.

    `length`: of the running streak, 0 if there is none; `best`: of the longest one. `has_freeze`: one missed
    day would be saved. `returns_in`: days with practice until a used freeze is there again. `days`: the last
    35, the last one is today.
    """

    length: int
    best: int
    has_freeze: bool
    returns_in: int
    is_today_done: bool
    days: list[StreakDay]


class Achievement(Outbound):
    """`done` of `goal`, at most `goal`. `at`: when it was earned, null if it was not yet; what is earned
    stays."""

    name: AchievementName
    done: int
    goal: int
    at: Timestamp | None


class Achievements(Outbound):
    """All that there are, in the order of their table."""

    items: list[Achievement]


class WeekSummary(Outbound):
    """A week from Monday to Sunday, in the time zone of the profile. `minutes` of own speech, on so many
    `days`; `people` met for the first time; corrected sentences said rightly later (`mended`); new `words`.
    `due`: mistakes that wait for review now."""

    monday: Day
    days: int
    minutes: float
    people: int
    mended: int
    words: int
    due: int
