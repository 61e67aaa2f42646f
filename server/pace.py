"""A common pace for periodic work, so that a process at rest wakes once for all of it."""

from __future__ import annotations


def to_next(every_s: float, now: float) -> float:
    """Seconds to a multiple of `every_s` on the clock of `now`, at least half an interval away, since a
    timer may fire a little early and would be set for the same multiple again."""
    wait = every_s - now % every_s
    return wait if wait >= every_s / 2 else wait + every_s
