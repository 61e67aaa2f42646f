"""Cost of a join, and its effect on participants who are talking."""

from __future__ import annotations

import asyncio
import os
import time
from statistics import median

from tests.bench.native import TALKS
from tests.bench.scenarios.crowd import make_room
from tests.bench.sfu.fleet import Fleet, cpu_s
from tests.bench.sfu.results import Measured
from tests.bench.sfu.servers.base import at_most
from tests.bench.sfu.servers.parlor import Parlor
from tests.bench.stats import percentiles
from tests.fakes.rtc import RtcClient

_AT_ONCE = 12
_TALKERS, _NEWCOMERS_A_ROOM = 2, 10
_ARRIVALS_AT_ONCE = 8
_HEARD_WITHIN_S = 10.0
_SETTLE_S = 1.0


async def measure(parlor: Parlor, fleet: Fleet, into: Measured, *, rooms: int, repeat: int) -> None:
    await _join_together(parlor)  # the first joins include imports and cold caches
    runs = [await _join_together(parlor) for _ in range(repeat)]
    into.joins |= {f"twelve_{name}": float(median(run[name] for run in runs)) for name in runs[0]}
    into.joins |= await _join_talking_rooms(parlor, fleet, rooms)


async def _join_together(parlor: Parlor) -> dict[str, float]:
    """Twelve people join at the same moment: time until the last one's media is connected."""
    room_id = await make_room(parlor.rest, _AT_ONCE)
    crowd = [await parlor.arrive() for _ in range(_AT_ONCE)]
    server, client, start = cpu_s(parlor.pid), cpu_s(os.getpid()), time.monotonic()
    await asyncio.gather(*(one.join(room_id) for one in crowd))
    return {
        "seconds": time.monotonic() - start,
        "server_ms_a_join": (cpu_s(parlor.pid) - server) / _AT_ONCE * 1000,
        "client_ms_a_join": (cpu_s(os.getpid()) - client) / _AT_ONCE * 1000,
    }


async def _join_talking_rooms(parlor: Parlor, fleet: Fleet, rooms: int) -> dict[str, float]:
    """Two people talk in each room; ten more come to each of them, all at one moment, and hear both."""
    room_ids = [await make_room(parlor.rest) for _ in range(rooms)]
    for room_id in room_ids:
        talkers = [await parlor.seat(room_id) for _ in range(_TALKERS)]
        await parlor.speak([talkers], [TALKS] * _TALKERS)
    comers = [(room_id, n) for n in range(_NEWCOMERS_A_ROOM) for room_id in room_ids]
    crowd = await at_most(_ARRIVALS_AT_ONCE, [parlor.arrive for _ in comers])
    await asyncio.sleep(_SETTLE_S)

    gaps, start_ns = fleet.gaps, time.time_ns()
    server, client = cpu_s(parlor.pid), cpu_s(os.getpid())
    watching = asyncio.create_task(fleet.watch(parlor.pid, _SETTLE_S))
    links = await asyncio.gather(
        *(_enter(parlor, one, room_id) for one, (room_id, _) in zip(crowd, comers, strict=True))
    )
    server_s, client_s = cpu_s(parlor.pid) - server, cpu_s(os.getpid()) - client
    heard = [(await _first_arrival_ns(fleet, link) - start_ns) / 1e9 for link in links]
    stretch = await watching
    await asyncio.sleep(_SETTLE_S)
    times = percentiles(heard)
    return {
        "crowd": len(crowd),
        "crowd_seconds": times["max"],
        "crowd_p50_seconds": times["p50"],
        "crowd_lost": fleet.gaps - gaps,
        "crowd_talkers_p99_ms": stretch.p99_us / 1000,
        "crowd_server_ms_a_join": server_s / len(crowd) * 1000,
        "crowd_client_ms_a_join": client_s / len(crowd) * 1000,
    }


async def _enter(parlor: Parlor, client: RtcClient, room_id: str) -> int:
    await client.join(room_id)
    return parlor.hand_over(client)


async def _first_arrival_ns(fleet: Fleet, link: int) -> int:
    async with asyncio.timeout(_HEARD_WITHIN_S):
        while not (at := fleet.first_arrival_ns(link)):  # noqa: ASYNC110 - counted in C, without an event
            await asyncio.sleep(0.01)
    return at
