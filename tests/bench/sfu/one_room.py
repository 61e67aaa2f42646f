"""One room at a time, with the server on every core; and the memory of a silent peer."""

from __future__ import annotations

import asyncio

import psutil

from tests.bench.native import DTX, SILENT, TALKS
from tests.bench.sfu.fleet import Fleet
from tests.bench.sfu.results import Case, Measured, case_of
from tests.bench.sfu.servers.base import Sfu

FULL = (12, 12)
OTHERS = ((12, 2), (6, 6), (2, 2))
"""(people, speaking people); the others use DTX."""
_SETTLE_S = 1.0


async def measure(
    sfu: Sfu, fleet: Fleet, into: Measured, *, seconds: float, repeat: int, cases: tuple[tuple[int, int], ...]
) -> None:
    for people, speaking in cases:
        into.rooms.append(await _case(sfu, fleet, people, speaking, seconds, repeat))


async def _case(sfu: Sfu, fleet: Fleet, people: int, speaking: int, seconds: float, repeat: int) -> Case:
    room = await sfu.fill(people)
    await sfu.speak([room], [TALKS] * speaking + [DTX] * (people - speaking))
    await asyncio.sleep(_SETTLE_S)
    stretches = await fleet.calm.stretches(lambda: fleet.watch(sfu.pid, seconds), repeat)
    await sfu.speak([room], [SILENT] * people)
    return case_of(stretches, rooms=1, people=people, speaking=speaking)


async def weigh_silent_peers(sfu: Sfu, into: Measured, *, rooms: int, people: int = 12) -> None:
    """Memory of connected people who are all silent. A first room warms the server up."""
    await sfu.fill(people)
    await asyncio.sleep(_SETTLE_S)
    before = _unique_memory(sfu.pid)
    for _ in range(rooms):
        await sfu.fill(people)
    await asyncio.sleep(_SETTLE_S)
    into.memory_a_peer = (_unique_memory(sfu.pid) - before) / (rooms * people)


def _unique_memory(pid: int) -> int:
    return int(psutil.Process(pid).memory_full_info().uss)
