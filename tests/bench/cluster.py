"""How long people hear nothing when the server of their room is killed: `python -m tests.bench.cluster`.

Three servers, PostgreSQL and Redis on this machine, rooms spread over the servers. One server after the other
is killed with SIGKILL, and started again. For each person of its rooms: seconds until they hear everybody of
their room who talks. Everybody else must lose no packet.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.bench.stats import percentiles
from tests.contract.storage_urls import new_database
from tests.fakes import postgres, redis
from tests.fakes.cluster import Cluster, Person, everybody_hears, everybody_is_back
from tests.fakes.rtc import Pacer, RestClient, tone_clip

WITHIN_S = 30.0
CALM_S = 2.0
CLIP = tone_clip(440)


@dataclass(frozen=True, slots=True)
class Group:
    """The people of a room."""

    people: list[Person]
    talking: list[Person]

    @property
    def node(self) -> str:
        return self.people[0].node_id.partition("-")[0]

    @property
    def lost(self) -> int:
        return sum(log.lost for person in self.people for log in person.rtc.receiver.slots.values())

    def silences(self, since_ns: int) -> list[float]:
        """Seconds from then until each person heard all who talk."""
        heard = (
            max(person.hears_since_ns(other) for other in self.talking if other is not person)
            for person in self.people
        )
        return [(ns - since_ns) / 1e9 for ns in heard]


async def open_group(
    stack: AsyncExitStack, cluster: Cluster, pacer: Pacer, node: str, size: int, talking: int
) -> Group:
    async with RestClient(cluster.nodes[node].url) as rest:
        tokens = [await rest.guest(f"P{i}") for i in range(size)]
        room = await rest.create_room(tokens[0])
    people = [Person(cluster, pacer, token, CLIP if i < talking else None) for i, token in enumerate(tokens)]
    for person in people:
        stack.push_async_callback(person.aclose)
        await person.join(room["id"])
    for person in people[:talking]:
        await person.rtc.set_muted(False)
    return Group(people, people[:talking])


async def kill(cluster: Cluster, groups: Sequence[Group], node: str) -> list[float]:
    """Kill the server and start it again. Returns the silence of each person of its rooms, in seconds."""
    hit, spared = [g for g in groups if g.node == node], [g for g in groups if g.node != node]
    for person in (p for group in hit for p in group.people):
        person.returns = 0
    lost = sum(group.lost for group in spared)
    killed_ns = time.time_ns()
    await cluster.nodes[node].kill()
    for group in hit:
        await everybody_is_back(group.people, WITHIN_S)
        await everybody_hears(group.people, group.talking, WITHIN_S)
    found = [silence for group in hit for silence in group.silences(killed_ns)]
    lost = sum(group.lost for group in spared) - lost
    where = dict(Counter(group.node for group in hit))
    print(f"{node} killed: {len(found)} people, worst {max(found):.2f} s, now at {where}; others lost {lost}")
    await cluster.nodes[node].start()
    return found


async def measure(arguments: argparse.Namespace, folder: Path) -> None:
    programs = postgres.binaries()
    if programs is None:
        raise SystemExit("PostgreSQL is not installed: sh tests/system-packages.sh")
    async with AsyncExitStack() as stack:
        socket = stack.enter_context(postgres.running(programs))
        redis_server = stack.enter_context(redis.running())
        cluster = await stack.enter_async_context(
            Cluster(folder, await new_database(socket), redis_server.url)
        )
        pacer = await stack.enter_async_context(Pacer())
        nodes = list(cluster.nodes)
        groups = [
            await open_group(
                stack, cluster, pacer, nodes[i % len(nodes)], arguments.people, arguments.talking
            )
            for i in range(arguments.rooms)
        ]
        silences: list[float] = []
        for number in range(arguments.kills):
            await asyncio.sleep(CALM_S + random.random())
            occupied = sorted({group.node for group in groups})
            silences += await kill(cluster, groups, occupied[number % len(occupied)])
        shown = percentiles(silences)
        print(
            f"{arguments.kills} kills, {len(silences)} people who heard nothing for a time: "
            f"p50 {shown['p50']:.2f} s, p95 {shown['p95']:.2f} s, worst {shown['max']:.2f} s"
        )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.cluster", description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--rooms", type=int, default=5)
    parser.add_argument("--people", type=int, default=4, help="in each room")
    parser.add_argument("--talking", type=int, default=4, help="in each room; the others are muted")
    with tempfile.TemporaryDirectory(prefix="parlor-cluster-") as folder:
        asyncio.run(measure(parser.parse_args(), Path(folder)))


if __name__ == "__main__":
    main()
