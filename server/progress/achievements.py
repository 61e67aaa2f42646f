"""The achievements: a table of rules over counts. No clock, no I/O.

A rule sees nothing but `Counts`, which are read from what is stored. So a rule that is added later is granted
for all that was done before, and counting again changes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass

from server.progress.model import Counts
from server.protocol.progress import AchievementName

_MINUTE, _HOUR = 60.0, 3_600.0


@dataclass(frozen=True, slots=True)
class Rule:
    """Earned once `count`, rounded down, is `goal`. Counts never go down by what a learner does."""

    name: AchievementName
    count: Callable[[Counts], float]
    goal: int

    def done(self, counts: Counts) -> int:
        """The progress towards it, at most `goal`."""
        return min(self.goal, math.floor(self.count(counts)))


RULES = (
    Rule("first_talk", lambda c: c.turns, 1),
    Rule("first_room", lambda c: c.together_s / _MINUTE, 1),
    Rule("first_class", lambda c: c.classes, 1),
    Rule("one_hour", lambda c: c.talked_s / _MINUTE, 60),
    Rule("ten_hours", lambda c: c.talked_s / _HOUR, 10),
    Rule("days_10", lambda c: c.days, 10),
    Rule("days_50", lambda c: c.days, 50),
    Rule("streak_3", lambda c: c.best_streak, 3),
    Rule("streak_7", lambda c: c.best_streak, 7),
    Rule("streak_30", lambda c: c.best_streak, 30),
    Rule("people_1", lambda c: c.people, 1),
    Rule("people_10", lambda c: c.people, 10),
    Rule("people_50", lambda c: c.people, 50),
    Rule("mended_1", lambda c: c.mended, 1),
    Rule("mended_25", lambda c: c.mended, 25),
    Rule("mended_100", lambda c: c.mended, 100),
    Rule("words_30", lambda c: c.words, 30),
    Rule("mastered_10", lambda c: c.mastered, 10),
    Rule("topics_10", lambda c: c.topics, 10),
    Rule("goal_4", lambda c: c.weeks, 4),
)
"""`mended_100`: a level has about a hundred patterns that a tutor corrects."""


def newly_earned(counts: Counts, known: Collection[AchievementName]) -> list[AchievementName]:
    """Names of the rules that are met and not among `known`, in the order of the table."""
    return [rule.name for rule in RULES if rule.name not in known and rule.done(counts) >= rule.goal]
