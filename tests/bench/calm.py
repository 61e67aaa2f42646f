"""Stretches in which the machine was ours: a shared host takes its cores away in bursts of some seconds.

What a taken stretch shows is the host's doing, so that it is measured again, for every server alike. Which
ones are kept depends on what was taken alone, never on what was measured.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

import psutil

DISTURBED = 0.01
"""Of all cores' time. Beyond it a delay tells of the host, and a packet costs more."""
_MOST_AGAIN = 6


class Stretch(Protocol):
    @property
    def stolen(self) -> float:
        """What the host took, of all cores' time."""


def stolen_s() -> float:
    """A core, on average, since this machine was started (proc_stat(5), steal)."""
    return float(getattr(psutil.cpu_times(), "steal", 0.0)) / (os.cpu_count() or 1)


S = TypeVar("S", bound=Stretch)


async def calm_stretches(watch: Callable[[], Awaitable[S]], repeat: int) -> list[S]:
    """`repeat` calm ones in their order; the least disturbed of some more where those are not to be had."""
    seen: list[S] = []
    while len(seen) < repeat + _MOST_AGAIN:
        seen.append(await watch())
        if sum(stretch.stolen <= DISTURBED for stretch in seen) == repeat:
            break
    kept = sorted(range(len(seen)), key=lambda at: seen[at].stolen)[:repeat]
    return [seen[at] for at in sorted(kept)]
