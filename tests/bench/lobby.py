"""How late the other servers' lists of rooms are: `python -m tests.bench.lobby`.

Three servers, PostgreSQL and Redis on this machine, and somebody who watches the list of each. Rooms open at
one server after the other; for each watcher of another server: seconds from the answer to the list's event.
Then Redis stands still while rooms open, and goes on: seconds until all lists are equal.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import socketio

from tests.bench.stats import percentiles
from tests.contract.storage_urls import new_database
from tests.fakes import postgres, redis
from tests.fakes.cluster import Cluster
from tests.fakes.redis import RedisServer
from tests.fakes.rtc import RestClient

WITHIN_S = 30.0
STANDS_STILL_S = 5.0


class Watcher:
    """The list of rooms as a page at one server shows it, and when each room came."""

    def __init__(self) -> None:
        self.socket = socketio.AsyncClient(reconnection=False)
        self.came_at: dict[str, float] = {}
        self.socket.on("room_added", self._added, namespace="/lobby")

    async def watch(self, url: str) -> None:
        async with RestClient(url) as rest:
            token = await rest.guest("Watcher")
        await self.socket.connect(url, auth={"token": token}, namespaces=["/lobby"], transports=["websocket"])

    async def _added(self, event: Mapping[str, Any]) -> None:
        self.came_at[event["room"]["id"]] = time.monotonic()


async def open_rooms(cluster: Cluster, count: int, pause_s: float) -> dict[str, float]:
    """Returns when each room's answer came."""
    answered = {}
    nodes = list(cluster.nodes.values())
    for number in range(count):
        async with RestClient(nodes[number % len(nodes)].url) as rest:
            room = await rest.create_room(await rest.guest(f"P{number}"))
        answered[room["id"]] = time.monotonic()
        await asyncio.sleep(pause_s)
    return answered


async def all_came(watchers: Mapping[str, Watcher], rooms: Mapping[str, float]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not all(rooms.keys() <= watcher.came_at.keys() for watcher in watchers.values()):  # noqa: ASYNC110 - set by callbacks
            await asyncio.sleep(0.005)


async def measure(cluster: Cluster, server: RedisServer, count: int) -> None:
    watchers = {name: Watcher() for name in cluster.nodes}
    async with AsyncExitStack() as stack:
        for name, watcher in watchers.items():
            stack.push_async_callback(watcher.socket.disconnect)
            await watcher.watch(cluster.nodes[name].url)
        answered = await open_rooms(cluster, count, 0.1)
        await all_came(watchers, answered)
        late = [max(0.0, w.came_at[r] - at) for w in watchers.values() for r, at in answered.items()]
        figures = {name: round(value, 3) for name, value in percentiles(late).items()}
        print(f"{len(answered)} rooms, {len(watchers)} lists: seconds to the event {figures}")
        server.process.suspend()
        try:
            meanwhile = await open_rooms(cluster, len(cluster.nodes), STANDS_STILL_S / len(cluster.nodes))
        finally:
            server.process.resume()
        resumed = time.monotonic()
        await all_came(watchers, meanwhile)
        healed_s = time.monotonic() - resumed
        print(f"Redis stood still for {STANDS_STILL_S:.0f} s: lists equal after {healed_s:.2f} s")


async def main(count: int) -> None:
    programs = postgres.binaries()
    if programs is None:
        raise SystemExit("PostgreSQL is not installed: sh tests/system-packages.sh")
    with (
        tempfile.TemporaryDirectory() as folder,
        postgres.running(programs) as socket,
        redis.running() as server,
    ):
        url = await new_database(socket)
        async with Cluster(Path(folder), url, server.url) as cluster:
            await measure(cluster, server, count)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rooms", type=int, default=100)
    asyncio.run(main(parser.parse_args().rooms))
