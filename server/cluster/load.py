"""The load of this server, as a number: 1 is full."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

SAMPLE_EVERY_S = 0.4
SMOOTHED_OVER_S = 5.0
BUSY = 0.7
"""Share of a core that a thread may use before packets wait for it."""


@dataclass(frozen=True, slots=True)
class Usage:
    """`loop_s`, `media_s`: CPU seconds so far of the thread of the event loop, and of each media thread, on
    average. `people`, `rooms`: shares of their limits."""

    loop_s: float
    media_s: float
    people: float
    rooms: float


class LoadMeter:
    """The busiest of these: the event loop, the media threads, people, rooms. CPU is averaged over some
    seconds, and counts from the first call."""

    def __init__(self, read: Callable[[], Usage], clock: Callable[[], float]) -> None:
        self._read = read
        self._clock = clock
        self._last: tuple[float, Usage] | None = None
        self._cpu = 0.0
        self._load = 0.0

    def load(self) -> float:
        """Takes a new sample if the last one is old."""
        now = self._clock()
        if self._last is None or now - self._last[0] >= SAMPLE_EVERY_S:
            usage = self._read()
            if self._last is not None:
                self._cpu = _smoothed(self._cpu, _cpu_of(self._last[1], usage), now - self._last[0])
            self._last = now, usage
            self._load = max(self._cpu, usage.people, usage.rooms)
        return self._load


def _cpu_of(before: Usage, after: Usage) -> float:
    """CPU seconds of the busier thread, as a share of what it may use in a second."""
    return max(after.loop_s - before.loop_s, after.media_s - before.media_s) / BUSY


def _smoothed(average: float, used: float, passed_s: float) -> float:
    weight = 1.0 - math.exp(-passed_s / SMOOTHED_OVER_S)
    return average + weight * (used / passed_s - average)
