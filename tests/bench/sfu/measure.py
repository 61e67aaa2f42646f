"""Measures one part of one server, in a separate process on the clients' core.

`python -m tests.bench.sfu.measure SERVER PART [--quick] [--asleep]` prints a line of JSON (`Measured`).
Parts: `full-room` and `other-rooms`, one at a time, the server on every core; `levels`, a growing number of
rooms on one core; `spread`, some rooms on all cores, by media thread; `joins`; `capacity`, a growing number
of light clients on one core. The last three for Parlor only.
Idle cores are kept awake (`tests.bench.awake`), unless `--asleep`.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
from contextlib import AsyncExitStack, nullcontext

import psutil
import uvloop

from tests.bench.awake import cores_awake
from tests.bench.sfu import capacity, joins, many_rooms, one_room, threads
from tests.bench.sfu.fleet import Fleet
from tests.bench.sfu.results import Measured
from tests.bench.sfu.servers import SERVERS
from tests.bench.sfu.servers.base import ALL_CORES, CLIENT_CORE, SERVER_CORE, Sfu
from tests.bench.sfu.servers.parlor import Parlor

PARTS = ("full-room", "other-rooms", "levels", "spread", "joins", "capacity")
_ON_ONE_CORE = {"levels", "joins", "capacity"}
_MOST_LINKS = 8000


async def measure(server: str, part: str, *, quick: bool) -> Measured:
    found = Measured(server)
    async with AsyncExitStack() as stack:
        fleet = Fleet(_MOST_LINKS, capacity.TALK if part == "capacity" else None)
        cores = [SERVER_CORE] if part in _ON_ONE_CORE else ALL_CORES
        sfu = await stack.enter_async_context(SERVERS[server](fleet, cores))
        await stack.enter_async_context(fleet)
        if part == "full-room":
            await _rooms(sfu, fleet, found, one_room.FULL, quick=quick)
        elif part == "other-rooms":
            await _rooms(sfu, fleet, found, *one_room.OTHERS, quick=quick)
            if server != "floor":
                await one_room.weigh_silent_peers(sfu, found, rooms=1 if quick else 2)
        elif part == "spread":
            await threads.measure(sfu, fleet, found, rooms=6 if quick else 20, seconds=1.0 if quick else 5.0)
        elif part == "levels":
            await many_rooms.measure(sfu, fleet, found, seconds=1.0 if quick else 2.0)
        elif isinstance(sfu, Parlor) and part == "capacity":
            size = capacity.Size(84, 2, 4.0, 1) if quick else capacity.Size(1000, 4, 20.0, 3)
            await capacity.measure(sfu, fleet, found, size)
        elif isinstance(sfu, Parlor):
            await joins.measure(sfu, fleet, found, rooms=4 if quick else 20, repeat=1 if quick else 3)
    return found


async def _rooms(sfu: Sfu, fleet: Fleet, found: Measured, *cases: tuple[int, int], quick: bool) -> None:
    seconds, repeat = (1.0, 1) if quick else (1.5, 3)
    await one_room.measure(sfu, fleet, found, seconds=seconds, repeat=repeat, cases=cases)


class Surroundings:
    """Other load of the machine: processes that are not ours, and time that the host took."""

    def __init__(self) -> None:
        self._busy, self._own, self._all = self._look()

    def others(self) -> float:
        """As a share of all cores; call it when our children have ended."""
        busy, own, everything = self._look()
        return max(0.0, (busy - self._busy) - (own - self._own)) / max(1e-9, everything - self._all)

    @staticmethod
    def _look() -> tuple[float, float, float]:
        times = psutil.cpu_times()
        everything = sum(times) - times.guest - times.guest_nice
        uses = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return everything - times.idle - times.iowait, sum(u.ru_utime + u.ru_stime for u in uses), everything


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("server", choices=SERVERS)
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--asleep", action="store_true")
    arguments = parser.parse_args()
    os.sched_setaffinity(0, {CLIENT_CORE})
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # a socket a client
    gc.disable()  # a pause of this process would count as delay of the server
    surroundings = Surroundings()
    with nullcontext(False) if arguments.asleep else cores_awake() as is_awake:
        found = uvloop.run(measure(arguments.server, arguments.part, quick=arguments.quick))
    found.is_awake = is_awake
    found.others[arguments.part] = surroundings.others()
    print(json.dumps(found.to_json()))


if __name__ == "__main__":
    main()
