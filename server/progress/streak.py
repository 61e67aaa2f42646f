"""Days in a row with practice, with one freeze. No clock, no I/O.

A day is a calendar day of the time zone that the learner had when they practised, and begins at an instant.
The instants decide, not the dates: somebody who flies has days of 10 or of 40 hours, of which none may be
lost or counted twice.

The freeze: everybody begins with one. It is used by itself for one missed day between two days with practice.
Seven days with practice after that give it back. Two missed days in a row end the streak, with or without it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from server.common.durations import DAY_S

SLACK_S = 2 * 3_600.0
"""A day may be so much shorter or longer than 24 hours without a flight: summer time, and changes of a zone's
rules."""
RETURNS_AFTER = 7
"""Days with practice after which a used freeze is there again."""


@dataclass(frozen=True, slots=True)
class Streak:
    """`length`: days with practice in the running streak; 0 if it has ended. `best`: of the longest one.
    `has_freeze`: one is in hand. `returns_in`: days with practice until a used one is there again, else 0.
    `is_today_done`: there was practice today. `saved`: beginnings of days of the running streak after which a
    missed day was saved."""

    length: int
    best: int
    has_freeze: bool
    returns_in: int
    is_today_done: bool
    saved: tuple[float, ...]


def streak_of(days: Sequence[float], today: float) -> Streak:
    """`days`: instants at which the days with practice begin, in any order, seconds since the epoch. `today`:
    that at which today begins."""
    run = _Run()
    for begins_at in sorted(days):
        run.add(begins_at)
    missed = 0 if run.last is None else missed_between(run.last, today)
    if run.last is None or missed > (1 if run.has_freeze else 0):
        return Streak(0, run.best, run.has_freeze, run.returns_in, is_today_done=False, saved=())
    # Yesterday was missed, and the freeze is spoken for.
    saved = (*run.saved, run.last) if missed else tuple(run.saved)
    is_frozen = missed > 0
    return Streak(
        length=run.length,
        best=run.best,
        has_freeze=run.has_freeze and not is_frozen,
        returns_in=RETURNS_AFTER if is_frozen else run.returns_in,
        is_today_done=run.last > today - DAY_S + SLACK_S,
        saved=saved,
    )


def missed_between(one: float, other: float) -> int:
    """Whole days without practice between two that begin at these instants."""
    return max(0, math.floor((other - one - DAY_S + SLACK_S) / DAY_S))


class _Run:
    """The streak after each day. `last`: the last day with practice; `counted`: the last one that counted,
    which one that overlaps it does not."""

    def __init__(self) -> None:
        self.length = 0
        self.best = 0
        self.has_freeze = True
        self.last: float | None = None
        self.saved: list[float] = []
        self._counted = -math.inf
        self._since_used = 0

    @property
    def returns_in(self) -> int:
        return 0 if self.has_freeze else RETURNS_AFTER - self._since_used

    def add(self, begins_at: float) -> None:
        last, self.last = self.last, begins_at
        if begins_at - self._counted < DAY_S - SLACK_S:
            return
        self._counted = begins_at
        missed = 0 if last is None else missed_between(last, begins_at)
        if missed == 1 and self.has_freeze and last is not None:
            self.has_freeze = False
            self._since_used = 0
            self.saved.append(last)
        elif missed:
            self.length = 0
            self.saved.clear()
        self.length += 1
        self.best = max(self.best, self.length)
        if not self.has_freeze:
            self._since_used += 1
            self.has_freeze = self._since_used >= RETURNS_AFTER
