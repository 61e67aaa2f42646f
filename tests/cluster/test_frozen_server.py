"""A server that stands still while people talk, and wakes up after another one has taken its room."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.contract.storage_urls import new_database
from tests.fakes.cluster import Cluster
from tests.fakes.redis import RedisServer
from tests.fakes.roaming import Person, everybody_hears, everybody_is_back
from tests.fakes.rtc import Pacer, RestClient, RtcClient, tone_clip
from tests.fakes.rtc.client import NAMESPACE, Refused
from tests.fakes.scale import scaled
from tests.fakes.server_process import ServerProcess

STANDS_STILL_S = scaled(4, 10, "soak")
HEARD_AGAIN_WITHIN_S = 8.0
GIVEN_UP_WITHIN_S = 2.5
"""Limits for loaded machines: 3 s and 1 s are asked of a free one."""
WATCHED_S = 2.0


@contextmanager
def standing_still(process: psutil.Process) -> Iterator[None]:
    process.suspend()
    try:
        yield
    finally:
        process.resume()


async def stored(url: str, room_id: str) -> list[Any]:
    """The room and its seats as PostgreSQL has them."""
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            rows = [
                (await connection.execute(text(query), {"id": room_id})).all()
                for query in (
                    "SELECT * FROM rooms WHERE id = :id",
                    "SELECT * FROM seats WHERE room_id = :id ORDER BY id",
                )
            ]
    finally:
        await engine.dispose()
    return [[tuple(row) for row in table] for table in rows]


async def people_listed(node: ServerProcess, token: str, room_id: str) -> int | None:
    """How many people the server's list shows in the room; None if it is not listed."""
    async with RestClient(node.url) as rest:
        page = await rest.request("GET", "/api/rooms", token)
    return next((len(room["participants"]) for room in page["items"] if room["id"] == room_id), None)


async def emit_what_must_not_count(host: RtcClient, guest_id: str) -> None:
    """A host's commands for a server that stands still: they wait in its sockets until it wakes up."""
    for event, payload in (
        ("set_locked", {"locked": True}),
        ("remove_participant", {"participantId": guest_id}),
        ("close_room", {}),
    ):
        await host.socket.emit(event, payload, namespace=NAMESPACE)


async def talking_people(
    stack: AsyncExitStack, cluster: Cluster, tokens: Sequence[str], room_id: str
) -> list[Person]:
    pacer = await stack.enter_async_context(Pacer())
    people = [Person(cluster, pacer, token, tone_clip(440)) for token in tokens]
    for person in people:
        stack.push_async_callback(person.aclose)
        await person.join(room_id)
        await person.rtc.set_muted(False)
    await everybody_hears(people, people, 10.0)
    return people


@pytest.mark.soak
@pytest.mark.timeout(300)
async def test_people_of_a_frozen_server_move_on_and_nothing_that_it_does_when_it_wakes_counts(
    tmp_path: Path, postgres_socket: Path, redis_server: RedisServer
) -> None:
    url = await new_database(postgres_socket)
    async with AsyncExitStack() as stack:
        cluster = await stack.enter_async_context(Cluster(tmp_path, url, redis_server.url))
        frozen = cluster.nodes["n2"]
        async with RestClient(frozen.url) as rest:
            tokens = [await rest.guest(name) for name in ("Ann", "Ben", "Hoa")]
            room = await rest.create_room(tokens[2])
        people = await talking_people(stack, cluster, tokens[:2], room["id"])
        host = await stack.enter_async_context(RtcClient(cluster.base("/n/n2"), tokens[2]))
        await host.join(room["id"])
        await cluster.trust()

        stopped_ns = time.time_ns()
        with standing_still(frozen.process):
            await emit_what_must_not_count(host, people[1].id)
            await everybody_is_back(people, HEARD_AGAIN_WITHIN_S)
            heard_ns = await everybody_hears(people, people, HEARD_AGAIN_WITHIN_S)
            print(f"heard each other again after {(heard_ns - stopped_ns) / 1e9:.2f} s")
            owner = people[0].node_id
            assert not owner.startswith("n2-")
            await asyncio.sleep(STANDS_STILL_S - (time.time_ns() - stopped_ns) / 1e9)
            before = await stored(url, room["id"])

        woke = time.monotonic()
        async with asyncio.timeout(GIVEN_UP_WITHIN_S):
            while not any("room closed: " in line for line in frozen.lines):  # noqa: ASYNC110 - its log
                await asyncio.sleep(0.01)
        print(f"the room was given up {time.monotonic() - woke:.2f} s after it woke")
        while time.monotonic() < woke + WATCHED_S:
            for name in ("n1", "n3"):
                assert await people_listed(cluster.nodes[name], tokens[0], room["id"]) == 3
        async with asyncio.timeout(GIVEN_UP_WITHIN_S):  # it asks the others what it has missed
            while await people_listed(frozen, tokens[0], room["id"]) != 3:  # noqa: ASYNC110 - its REST
                await asyncio.sleep(0.05)
        assert await stored(url, room["id"]) == before

        # It leads to the owner now, and answers with the owner's answer.
        async with RestClient(frozen.url) as rest:
            assert (await rest.request("GET", f"/api/rooms/{room['id']}/node", tokens[0]))["nodeId"] == owner
            seen = await rest.request("GET", f"/api/rooms/{room['id']}", tokens[0])
        assert seen["node"]["nodeId"] == owner
        with pytest.raises(Refused, match="room_elsewhere") as refusal:
            async with RtcClient(cluster.base("/n/n2"), tokens[0]) as lost:
                await lost.join(room["id"])
        assert refusal.value.problem["node"] == seen["node"]
        for person in people:
            await person.rtc.call("ping")
            assert person.node_id == owner
            assert person.returns == 1
            assert sum(log.lost for log in person.rtc.receiver.slots.values()) == 0
        # Its own clients were refused or led on; nobody was told that the room has closed for good.
        assert [e.data["reason"] for e in host.events if e.name == "room_closed"] == ["moved"]
        for node in cluster.nodes.values():
            assert [line for line in node.complaints() if "Traceback" in line] == []
