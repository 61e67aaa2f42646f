"""Stretches in which the machine was ours: a shared host takes its cores away in bursts.

What a taken stretch shows is the host's doing, so that it is measured again, for every server alike. Which
ones are kept depends on what was taken alone, never on what was measured.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

import psutil

DISTURBED = 0.01
"""Of all cores' time. Beyond it a delay tells of the host, and a packet costs more."""
UNTOUCHED = 0.001
"""Where a 99th percentile is judged: 20 ms taken in 2 s are the whole percent that it looks at, and with a
core half full as long again passes until what waited is done. This is 1 ms of 0.5 s on two cores."""
_LEAST_AGAIN = 8
_PAUSE_S, _MOST_PAUSE_S = 0.5, 16.0
"""After a disturbed stretch, doubled after each more in a row: the host's bursts last for seconds."""


class Stretch(Protocol):
    @property
    def stolen(self) -> float:
        """What the host took, of all cores' time."""


def stolen_s() -> float:
    """A core, on average, since this machine was started (proc_stat(5), steal)."""
    return float(getattr(psutil.cpu_times(), "steal", 0.0)) / (os.cpu_count() or 1)


S = TypeVar("S", bound=Stretch)


class Calm:
    """`patience_s`: how long it waits for the host in all, so that a bad day makes no endless measurement."""

    def __init__(self, patience_s: float = 120.0) -> None:
        self._patience_s = patience_s

    async def stretches(
        self,
        watch: Callable[[], Awaitable[S]],
        repeat: int,
        *,
        again: int | None = None,
        disturbed: float = DISTURBED,
    ) -> list[S]:
        """`repeat` calm ones in their order; failing that, the least disturbed of some more."""
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
        pause = min(seconds, self._patience_s)
        self._patience_s -= pause
        await asyncio.sleep(pause)
