"""A learner's practice so far, as values. Times are seconds since the epoch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from server.learning.model import WeekGoal


@dataclass(frozen=True, slots=True)
class Counts:
    """Sums over all that is stored of one learner.

    `turns`, `talked_s`: said to the tutor; seconds of own speech in all. `together_s`: of that, in rooms with
    others. `mended`: corrected sentences that were said rightly later. `people`: met in rooms. `words`: on
    the list. `mastered`: mistakes and words that are remembered for weeks. `topics`, `classes`: different
    ones. `weeks`: in which the goal was reached. `days`, `best_streak`: with practice, and in a row.
    """

    turns: int = 0
    talked_s: float = 0.0
    together_s: float = 0.0
    mended: int = 0
    people: int = 0
    words: int = 0
    mastered: int = 0
    topics: int = 0
    classes: int = 0
    weeks: int = 0
    days: int = 0
    best_streak: int = 0


@dataclass(frozen=True, slots=True)
class KeptDay:
    """A day with practice. `starts_at`: the instant at which it began where the learner was; None for days
    that earlier versions stored."""

    day: date
    starts_at: float | None


@dataclass(frozen=True, slots=True)
class WeekFigures:
    """The practice of a learner from Monday to Sunday. `due`: mistakes that wait for review now."""

    monday: date
    days: int = 0
    minutes: float = 0.0
    people: int = 0
    mended: int = 0
    words: int = 0
    due: int = 0


@dataclass(frozen=True, slots=True)
class OpenWeek:
    """Somebody who practised in a week that was not summed up for them yet. `goal`: of a week, None without
    one."""

    user_id: str
    time_zone: str | None
    goal: WeekGoal | None
