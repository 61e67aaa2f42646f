"""Interface of a server to the scenarios."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

from tests.bench.sfu.fleet import Fleet

Room = list[int]
"""Links of the participants who speak."""

Cores = Sequence[int]
ALL_CORES: Cores = sorted(os.sched_getaffinity(0))
CLIENT_CORE, SERVER_CORE = ALL_CORES[0], ALL_CORES[-1]

T = TypeVar("T")


class Sfu(Protocol):
    pid: int

    async def fill(self, people: int) -> Room:
        """A new room of people who hear each other and are silent so far."""
        ...

    async def speak(self, rooms: Sequence[Room], modes: Sequence[int]) -> None:
        """From now on the n-th person of each of these rooms speaks as `modes[n]`."""
        ...


def pinned(cores: Cores) -> tuple[str, ...]:
    """Prefix of a server's command that sets the cores it may use."""
    return "taskset", "--cpu-list", ",".join(map(str, cores))


def speak(fleet: Fleet, rooms: Sequence[Room], modes: Sequence[int]) -> None:
    for room in rooms:
        for link, mode in zip(room, modes, strict=True):
            fleet.speak(link, mode)


async def at_most(limit: int, work: Sequence[Callable[[], Awaitable[T]]]) -> list[T]:
    """Results of all, in order; some run concurrently."""
    gate = asyncio.Semaphore(limit)

    async def gated(one: Callable[[], Awaitable[T]]) -> T:
        async with gate:
            return await one()

    return await asyncio.gather(*map(gated, work))
