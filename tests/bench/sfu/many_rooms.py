"""More and more full rooms on one core, until packets are lost."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from statistics import median

from tests.bench.calm import DISTURBED, UNTOUCHED
from tests.bench.native import SILENT, TALKS
from tests.bench.scenarios.crowd import make_room
from tests.bench.sfu.control import Prober, from_elsewhere, keeping_alive
from tests.bench.sfu.fleet import Fleet, Stretch
from tests.bench.sfu.results import Case, Measured, case_of, is_whole
from tests.bench.sfu.servers.base import Room, Sfu
from tests.bench.sfu.servers.parlor import Parlor
from tests.bench.stats import percentiles
from tests.fakes.rtc import MediaLink

PEOPLE = 12
_AIMS = (0.5, 0.7, 0.9)
"""Shares of the core, one after the other. Beyond them its load says little about what it could do (packets
in larger batches cost less), so the rooms grow by `_STEP` until packets are lost."""
_NEAR = 0.05
_STEP = 1.2
_HALF = (0.4, 0.62)
"""Where the delay is judged: the median of some stretches, since one alone may be the machine's doing."""
_SETTLE_S = 0.7
_PROBED_LOAD = 0.7
_MOST_AIMED = 4
_ASKED_IN = 3
"""Stretches, together."""
_MOST_ROOMS = 120
_CHECKED_ALL_S = 30_000
"""Packets a second, up to which every one is decrypted; beyond, one in 32."""


async def measure(sfu: Sfu, fleet: Fleet, into: Measured, *, seconds: float) -> None:
    """On the way up a look is enough; one room, half a core and the highest level, which are judged, get
    more. With Parlor, STUN checks are asked afterwards.
    """
    rooms: list[Room] = []
    count, aims = 1, list(_AIMS)
    while count <= _MOST_ROOMS:
        await talk_in(sfu, fleet, rooms, count)
        level = case_of([await fleet.watch(sfu.pid, seconds)], rooms=count, people=PEOPLE, speaking=PEOPLE)
        if count == 1 or not is_whole(level):
            level = await _calm_level(sfu, fleet, count, seconds)
        elif _HALF[0] <= level.server_load <= _HALF[1]:
            level = await _calm_level(sfu, fleet, count, seconds, repeat=5, disturbed=UNTOUCHED)
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
    if isinstance(sfu, Parlor):
        nearest = min(into.levels, key=lambda level: abs(level.server_load - _PROBED_LOAD))
        into.control = await _ask_at_load(sfu, fleet, rooms, nearest.rooms, seconds)


async def _calm_level(
    sfu: Sfu, fleet: Fleet, count: int, seconds: float, *, repeat: int = 1, disturbed: float = DISTURBED
) -> Case:
    stretches = await fleet.calm.stretches(lambda: fleet.watch(sfu.pid, seconds), repeat, disturbed=disturbed)
    return case_of(stretches, rooms=count, people=PEOPLE, speaking=PEOPLE)


async def talk_in(sfu: Sfu, fleet: Fleet, rooms: list[Room], count: int) -> None:
    """Joins happen in silence, so that what they cost is not taken for the cost of packets."""
    await sfu.speak(rooms, [SILENT] * PEOPLE)
    while len(rooms) < count:
        rooms.append(await sfu.fill(PEOPLE))
    fleet.check_every(1 if count * PEOPLE * (PEOPLE - 1) * 50 < _CHECKED_ALL_S else 32)
    await sfu.speak(rooms, [TALKS] * PEOPLE)
    await asyncio.sleep(_SETTLE_S)


async def _talk_again(sfu: Sfu, fleet: Fleet, rooms: list[Room], count: int) -> None:
    await sfu.speak(rooms, [SILENT] * PEOPLE)
    await talk_in(sfu, fleet, rooms[:count], count)


async def _ask_at_load(
    parlor: Parlor, fleet: Fleet, rooms: list[Room], count: int, seconds: float
) -> dict[str, float]:
    """What a packet costs drifts, so that the load is seen anew, and the number of rooms follows it."""
    seen: list[dict[str, float]] = []
    while len(seen) < _MOST_AIMED and (not seen or abs(seen[-1]["load"] - _PROBED_LOAD) > _NEAR):
        if seen:
            count = max(1, min(len(rooms), round(count * _PROBED_LOAD / seen[-1]["load"])))
        await _talk_again(parlor, fleet, rooms, count)
        seen.append(await _ask(parlor, fleet, seconds) | {"rooms": count})
    return min(seen, key=lambda one: abs(one["load"] - _PROBED_LOAD))


@dataclass(frozen=True, slots=True)
class _Asked:
    watched: Stretch
    alive: Prober
    elsewhere: Prober

    @property
    def stolen(self) -> float:
        return self.watched.stolen


async def _listener(parlor: Parlor) -> MediaLink:
    """Of somebody alone in a room, whose socket is for checks only."""
    client = await parlor.arrive()
    await client.join(await make_room(parlor.rest, 2))
    assert client.link is not None
    client.link.hand_over()
    return client.link


async def _ask(parlor: Parlor, fleet: Fleet, seconds: float) -> dict[str, float]:
    """STUN checks beside the packets: `p50`, `p99`, ... (ms) of `n` answers, and the `load` meanwhile.

    `elsewhere p50`, ...: of those that Python answers.
    """
    link = await _listener(parlor)

    async def watch() -> _Asked:
        async with keeping_alive(link) as alive, from_elsewhere(link) as elsewhere:
            watched = await fleet.watch(parlor.pid, seconds)
        return _Asked(watched, alive, elsewhere)

    kept = await fleet.calm.stretches(watch, _ASKED_IN, disturbed=UNTOUCHED)
    by_python = percentiles([delay for one in kept for delay in one.elsewhere.delays_ms])
    return percentiles([delay for one in kept for delay in one.alive.delays_ms]) | {
        **{f"elsewhere {name}": value for name, value in by_python.items()},
        "unanswered": sum(p.asked - len(p.delays_ms) for one in kept for p in (one.alive, one.elsewhere)),
        "load": median(one.watched.load for one in kept),
        "stolen": max(one.stolen for one in kept),
    }
