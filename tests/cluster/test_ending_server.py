"""A server that is stopped hands its rooms over; rooms of a dead one are taken though nobody asks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.contract.storage_urls import new_database
from tests.fakes.cluster import Cluster, Person, everybody_hears, everybody_is_back
from tests.fakes.redis import RedisServer
from tests.fakes.rtc import Pacer, RestClient, tone_clip

HEARD_AGAIN_WITHIN_S = 8.0
TAKEN_WITHIN_S = 15.0


@pytest.fixture
async def cluster(tmp_path: Path, postgres_socket: Path, redis_server: RedisServer) -> AsyncIterator[Cluster]:
    async with Cluster(tmp_path, await new_database(postgres_socket), redis_server.url) as cluster:
        yield cluster


async def test_each_server_is_restarted_in_turn_and_the_room_goes_on(cluster: Cluster) -> None:
    async with AsyncExitStack() as stack:
        pacer = await stack.enter_async_context(Pacer())
        async with RestClient(cluster.nodes["n1"].url) as rest:
            tokens = [await rest.guest(name) for name in ("Ann", "Ben", "Chi")]
            room = await rest.create_room(tokens[0])
        people = [Person(cluster, pacer, token, tone_clip(440)) for token in tokens]
        for person in people:
            stack.push_async_callback(person.aclose)
            await person.join(room["id"])
        *talking, muted = people
        for person in talking:
            await person.rtc.set_muted(False)
        await everybody_hears(people, talking, 10.0)
        seats = [person.id for person in people]
        for _ in range(2):
            owner = people[0].node_id.partition("-")[0]
            for person in people:
                person.returns = 0
            stopped_ns = time.time_ns()
            restart = asyncio.create_task(cluster.nodes[owner].restart(kill=False))
            await everybody_is_back(people, HEARD_AGAIN_WITHIN_S)
            heard_ns = await everybody_hears(people, talking, HEARD_AGAIN_WITHIN_S)
            print(f"{owner} stopped: heard each other again after {(heard_ns - stopped_ns) / 1e9:.2f} s")
            await restart
            assert [person.id for person in people] == seats
            assert not people[0].node_id.startswith(owner)
            assert muted.me["isMuted"]
        assert [line for node in cluster.nodes.values() for line in node.complaints()] == []


async def test_a_room_that_nobody_asks_for_is_taken_when_its_server_is_dead(cluster: Cluster) -> None:
    dead = cluster.nodes["n3"]
    async with RestClient(dead.url) as rest:
        token = await rest.guest("Ann")
        rooms = [await rest.create_room(token, name) for name in ("one", "two", "three", "four")]
    await dead.kill()
    left = [cluster.nodes["n1"], cluster.nodes["n2"]]
    async with asyncio.timeout(TAKEN_WITHIN_S):
        while sum("room taken over" in line for node in left for line in node.lines) < len(rooms):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    async with RestClient(left[0].url) as here, RestClient(left[1].url) as there:
        for rest in (here, there):
            listed = (await rest.request("GET", "/api/rooms", token))["items"]
            assert {room["id"] for room in listed} == {room["id"] for room in rooms}
