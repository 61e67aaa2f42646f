"""Finds stretches of time in which the host took no CPU from this machine: a shared host does so in bursts.

A disturbed stretch measures the host, so it is measured again, for every server alike. Only the taken CPU
time decides which stretches are kept, never their results.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

import psutil

DISTURBED = 0.01
"""Share of all cores' time. Above it delays are caused by the host, and a packet costs more."""
UNTOUCHED = 0.001
"""Limit for stretches with a 99th percentile: 20 ms taken in 2 s are that whole percent, and on a half-loaded
core it takes as long again until the backlog is processed. This is 1 ms of 0.5 s on two cores."""
_LEAST_AGAIN = 8
_PAUSE_S, _MOST_PAUSE_S = 0.5, 16.0
"""Pause after a disturbed stretch, doubled after each further one in a row: bursts last for seconds."""


class Stretch(Protocol):
    @property
    def stolen(self) -> float:
        """Share of all cores' time that the host took."""


def stolen_s() -> float:
    """Stolen time since boot, averaged over the cores (proc_stat(5), steal)."""
    return float(getattr(psutil.cpu_times(), "steal", 0.0)) / (os.cpu_count() or 1)


S = TypeVar("S", bound=Stretch)


class Calm:
    """`max_wait_s`: maximum of all waiting for calm stretches together, so that a measurement always ends."""

    def __init__(self, max_wait_s: float = 120.0) -> None:
        self._wait_left_s = max_wait_s

    async def stretches(
        self,
        watch: Callable[[], Awaitable[S]],
        repeat: int,
        *,
        again: int | None = None,
        disturbed: float = DISTURBED,
    ) -> list[S]:
        """`repeat` calm stretches in their order; else the least disturbed ones of some more."""
        seen: list[S] = []
        pause = _PAUSE_S
        most = repeat + (max(_LEAST_AGAIN, repeat) if again is None else again)
        while len(seen) < most:
            seen.append(await watch())
            if sum(stretch.stolen <= disturbed for stretch in seen) == repeat:
                break
            if seen[-1].stolen > disturbed:
                await self._wait(pause)
                pause = min(_MOST_PAUSE_S, pause * 2)
            else:
                pause = _PAUSE_S
        kept = sorted(range(len(seen)), key=lambda at: seen[at].stolen)[:repeat]
        return [seen[at] for at in sorted(kept)]

    async def _wait(self, seconds: float) -> None:
        pause = min(seconds, self._wait_left_s)
        self._wait_left_s -= pause
        await asyncio.sleep(pause)
