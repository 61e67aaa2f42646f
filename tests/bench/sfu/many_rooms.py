"""Adds full rooms on one core until packets are lost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from tests.bench.calm import DISTURBED, UNTOUCHED
from tests.bench.native import SILENT, TALKS
from tests.bench.sfu.control import ask, listener
from tests.bench.sfu.fleet import Fleet
from tests.bench.sfu.results import Case, Measured, case_of, is_whole
from tests.bench.sfu.servers.base import Room, Sfu
from tests.bench.sfu.servers.parlor import Parlor

PEOPLE = 12
_AIMS = (0.5, 0.7, 0.9)
"""Shares of the core, one after the other. Above them the load does not show the spare capacity (packets in
larger batches cost less), so the rooms grow by `_STEP` until packets are lost."""
_NEAR = 0.05
_STEP = 1.2
_HALF = 0.5
"""Load at which the delay is judged."""
_JUDGED_S, _JUDGED_IN = 0.5, 20
"""Length of stretches with a 99th percentile: long ones are hardly ever undisturbed."""
_SETTLE_S = 0.7
_PROBED_LOAD = 0.7
_MOST_AIMED = 4
_MOST_JUDGED = 3
_MOST_ROOMS = 120
_CHECKED_ALL_S = 30_000
"""Packets a second, up to which every one is decrypted; beyond, one in 32."""

T = TypeVar("T")


async def measure(sfu: Sfu, fleet: Fleet, into: Measured, *, seconds: float) -> None:
    """Levels in between get one reading; one room, half a core and the highest level are judged and get more.
    Half a core is measured last, and for Parlor the STUN checks after it.
    """
    rooms: list[Room] = []
    await _climb(sfu, fleet, rooms, into, seconds)

    async def at_half() -> tuple[float, Case]:
        count = await _talk_at(_HALF, sfu, fleet, rooms, into.levels, seconds)
        case = await _calm_level(sfu, fleet, count, _JUDGED_S, repeat=_JUDGED_IN, disturbed=UNTOUCHED)
        return case.server_load, case

    into.half = await _judged_at(_HALF, at_half)
    if isinstance(parlor := sfu, Parlor):
        link = await listener(parlor)

        async def control() -> tuple[float, dict[str, float]]:
            count = await _talk_at(_PROBED_LOAD, parlor, fleet, rooms, into.levels, seconds)
            delays = await ask(parlor, link, fleet, _JUDGED_S, repeat=_JUDGED_IN)
            return delays["load"], {"rooms": count} | delays

        into.control = await _judged_at(_PROBED_LOAD, control)


async def _climb(sfu: Sfu, fleet: Fleet, rooms: list[Room], into: Measured, seconds: float) -> None:
    count, aims = 1, list(_AIMS)
    while count <= _MOST_ROOMS:
        await talk_in(sfu, fleet, rooms, count)
        level = case_of([await fleet.watch(sfu.pid, seconds)], rooms=count, people=PEOPLE, speaking=PEOPLE)
        if count == 1 or not is_whole(level):
            level = await _calm_level(sfu, fleet, count, seconds)
        into.levels.append(level)
        if not is_whole(level):
            break
        while aims and level.server_load > aims[0] - _NEAR:
            aims.pop(0)
        count = max(count + 1, int(count * (aims[0] / level.server_load if aims else _STEP)))
    if (top := into.saturated) is not None:
        await _talk_again(sfu, fleet, rooms, top.rooms)
        again = await _calm_level(sfu, fleet, top.rooms, seconds, repeat=3)
        into.levels = [again if level is top and is_whole(again) else level for level in into.levels]


async def _judged_at(aim: float, judge: Callable[[], Awaitable[tuple[float, T]]]) -> T:
    """The cost of a packet drifts: a level that was measured at another load than requested is repeated, and
    the nearest counts."""
    found: list[tuple[float, T]] = []
    while len(found) < _MOST_JUDGED:
        found.append(await judge())
        if _is_near(found[-1][0], aim):
            break
    return min(found, key=lambda one: abs(one[0] - aim))[1]


def _is_near(load: float, aim: float) -> bool:
    return abs(load - aim) <= _NEAR


async def _calm_level(
    sfu: Sfu, fleet: Fleet, count: int, seconds: float, *, repeat: int = 1, disturbed: float = DISTURBED
) -> Case:
    stretches = await fleet.calm.stretches(lambda: fleet.watch(sfu.pid, seconds), repeat, disturbed=disturbed)
    return case_of(stretches, rooms=count, people=PEOPLE, speaking=PEOPLE)


async def talk_in(sfu: Sfu, fleet: Fleet, rooms: list[Room], count: int) -> None:
    """Join while all are silent, so that the cost of joins does not count as cost of packets."""
    await sfu.speak(rooms, [SILENT] * PEOPLE)
    while len(rooms) < count:
        rooms.append(await sfu.fill(PEOPLE))
    fleet.check_every(1 if count * PEOPLE * (PEOPLE - 1) * 50 < _CHECKED_ALL_S else 32)
    await sfu.speak(rooms, [TALKS] * PEOPLE)
    await asyncio.sleep(_SETTLE_S)


async def _talk_again(sfu: Sfu, fleet: Fleet, rooms: list[Room], count: int) -> None:
    await sfu.speak(rooms, [SILENT] * PEOPLE)
    await talk_in(sfu, fleet, rooms[:count], count)


async def _talk_at(
    load: float, sfu: Sfu, fleet: Fleet, rooms: list[Room], levels: Sequence[Case], seconds: float
) -> int:
    """Let as many rooms talk as fill about this share of the core; returns how many.

    The load is measured again, and the number of rooms adjusted to it.
    """
    nearest = min(levels, key=lambda level: abs(level.server_load - load))
    count, seen = nearest.rooms, nearest.server_load
    for _ in range(_MOST_AIMED):
        count = max(1, min(len(rooms), round(count * load / seen)))
        await _talk_again(sfu, fleet, rooms, count)
        seen = (await fleet.watch(sfu.pid, seconds)).load
        if _is_near(seen, load):
            break
    return count
