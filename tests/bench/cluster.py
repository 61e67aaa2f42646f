"""How long people hear nothing when the server of their room is killed: `python -m tests.bench.cluster`.

Three servers, PostgreSQL and Redis on this machine, rooms spread over the servers. One server after the other
is killed with SIGKILL, and started again. For each person of its rooms: seconds until they hear everybody of
their room who talks. Everybody else must lose no packet. `--rolling` restarts the servers in turn with
SIGTERM instead: their rooms move, and it measures the gap that each person hears of each other. `--crowd`
fills one server with people in rooms of 12, so that all of them come back, or move, at once. `--tutor`: see
`cluster_tutor.py`.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import uvloop

from tests.bench import cluster_tutor
from tests.bench.sfu.fleet import cpu_s
from tests.bench.stats import percentiles
from tests.contract.storage_urls import new_database
from tests.fakes import postgres, redis
from tests.fakes.cluster import Cluster
from tests.fakes.roaming import Group, everybody_hears, everybody_is_back, everybody_is_elsewhere, open_group
from tests.fakes.rtc import Pacer

WITHIN_S = 30.0
FULL_ROOM = 12
CALM_S = 2.0
WATCHED_S = 3.0


def spread(silences: list[float]) -> str:
    """Of silences in seconds; those of rooms in which nobody talks are not known."""
    if not silences:
        return "nobody talked"
    shown = percentiles(silences)
    worst = f"p50 {shown['p50']:.3f} s, p95 {shown['p95']:.3f} s, worst {shown['max']:.3f} s"
    return f"silences n={len(silences)}, {worst}"


async def kill(cluster: Cluster, groups: Sequence[Group], node: str) -> list[float]:
    """Kill the server and start it again. Returns the silence of each person of its rooms, in seconds."""
    hit, spared = [g for g in groups if g.node == node], [g for g in groups if g.node != node]
    for group in hit:
        group.begin()
    lost = sum(group.lost for group in spared)
    clients = os.getpid()
    survivors = {name: one.process.pid for name, one in cluster.nodes.items() if name != node}
    before = {pid: cpu_s(pid) for pid in (*survivors.values(), clients)}
    killed_ns = time.time_ns()
    await cluster.nodes[node].kill()
    for group in hit:
        await everybody_is_back(group.people, WITHIN_S)
        if group.talking:
            await everybody_hears(group.people, group.talking, WITHIN_S)
    took = (time.time_ns() - killed_ns) / 1e9
    used = {pid: cpu_s(pid) - spent for pid, spent in before.items()}
    found = [silence for group in hit if group.talking for silence in group.silences(killed_ns)]
    lost = sum(group.lost for group in spared) - lost
    where = dict(Counter(group.node for group in hit))
    people = sum(len(group.people) for group in hit)
    print(f"{node} killed: {people} people, {spread(found)}; rooms now at {where}; others lost {lost}")
    shares = ", ".join(f"{name} {used[pid]:.2f} s" for name, pid in survivors.items())
    print(f"  CPU in the {took:.2f} s until all were back: {shares}, clients {used[clients]:.2f} s")
    await cluster.nodes[node].start()
    return found


async def stop(
    cluster: Cluster, groups: Sequence[Group], node: str, pacer: Pacer
) -> tuple[list[float], list[float]]:
    """Stop the server and start it again. Returns the gaps (s) that the people of its rooms heard, and as
    many of before, which are those of the machine."""
    hit = [group for group in groups if group.node == node]
    for group in hit:
        group.begin()
    await asyncio.sleep(WATCHED_S)
    before = [gap for group in hit for gap in group.gaps()]
    seats = [group.seats for group in hit]
    for group in hit:
        group.begin()
    pacer.latest_s = 0.0
    restart = asyncio.create_task(cluster.nodes[node].restart(kill=False))
    for group in hit:
        await everybody_is_elsewhere(group.people, WITHIN_S)
        if group.talking:
            await everybody_hears(group.people, group.talking, WITHIN_S)
    await asyncio.sleep(WATCHED_S)
    await restart
    if [group.seats for group in hit] != seats:
        raise SystemExit("somebody has lost their seat")
    gaps = [gap for group in hit for gap in group.gaps()]
    returns = sum(person.returns for group in hit for person in group.people)
    where = dict(Counter(group.node for group in hit))
    print(
        f"{node} stopped: {sum(len(g.people) for g in hit)} people moved, {returns} came back by themselves, "
        f"{spread(gaps)} (without a move {spread(before)}; the clients' own packets were up to "
        f"{pacer.latest_s:.3f} s late), rooms now at {where}"
    )
    return gaps, before


async def roll(cluster: Cluster, groups: Sequence[Group], rounds: int, pacer: Pacer) -> None:
    """Restart each server in turn."""
    gaps: list[float] = []
    calm: list[float] = []
    for node in list(cluster.nodes) * rounds:
        if any(group.node == node for group in groups):
            heard, before = await stop(cluster, groups, node, pacer)
            gaps, calm = gaps + heard, calm + before
            await asyncio.sleep(CALM_S)
    for name, found in (("gaps of restarts", gaps), ("gaps of as long without one", calm)):
        print(f"{name}: {spread(found)}")


def plan(arguments: argparse.Namespace, nodes: Sequence[str]) -> list[tuple[str, int, int]]:
    """The server of each room, its people, and those who talk."""
    if not arguments.crowd:
        return [
            (nodes[nth % len(nodes)], arguments.people, arguments.talking) for nth in range(arguments.rooms)
        ]
    sizes = [min(FULL_ROOM, arguments.crowd - first) for first in range(0, arguments.crowd, FULL_ROOM)]
    talk_in = len(sizes) if arguments.talk_in is None else arguments.talk_in
    return [(nodes[0], size, min(2, size) if nth < talk_in else 0) for nth, size in enumerate(sizes)]


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
        if arguments.tutor:
            await cluster_tutor.measure(cluster, arguments.tutor)
            return
        pacer = await stack.enter_async_context(Pacer())
        groups: list[Group] = []
        for node, size, talking in plan(arguments, list(cluster.nodes)):
            groups.append(await open_group(stack, cluster, pacer, node, size, talking))
            while arguments.crowd and groups[-1].node != node:  # a busy server lets others open the room
                groups.append(await open_group(stack, cluster, pacer, node, size, talking))
        if arguments.rolling:
            await roll(cluster, groups, arguments.rolling, pacer)
            return
        silences: list[float] = []
        for number in range(1 if arguments.crowd else arguments.kills):
            await asyncio.sleep(CALM_S + random.random())
            occupied = sorted({group.node for group in groups})
            silences += await kill(cluster, groups, occupied[number % len(occupied)])
        print(f"all kills: {spread(silences)}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.cluster", description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--rooms", type=int, default=5)
    parser.add_argument("--people", type=int, default=4, help="in each room")
    parser.add_argument("--talking", type=int, default=4, help="in each room; the others are muted")
    parser.add_argument(
        "--crowd",
        type=int,
        default=0,
        metavar="PEOPLE",
        help="in rooms of 12 of one server, instead of --rooms",
    )
    parser.add_argument(
        "--talk-in",
        type=int,
        metavar="ROOMS",
        help="rooms of a crowd in which two talk, all by default; 100 people get 10,000 packets/s, which is "
        "about what the clients can take",
    )
    parser.add_argument(
        "--rolling", type=int, default=0, metavar="N", help="restart all servers N times instead, in turn"
    )
    parser.add_argument(
        "--tutor", type=int, default=0, metavar="N", help="kill the tutor's server, then its worker, N times"
    )
    with tempfile.TemporaryDirectory(prefix="parlor-cluster-") as folder:
        uvloop.run(measure(parser.parse_args(), Path(folder)))


if __name__ == "__main__":
    main()
