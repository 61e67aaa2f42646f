"""A server that dies while people talk: they hear each other again, in their seats, muted if they were."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from server.cluster.verdicts import TRUSTED_AFTER_S
from tests.contract.storage_urls import new_database
from tests.fakes.cluster import Cluster, Person, everybody_hears, everybody_is_back
from tests.fakes.redis import RedisServer
from tests.fakes.rtc import Pacer, RestClient, RtcClient, tone_clip
from tests.fakes.rtc.client import Refused

HEARD_AGAIN_WITHIN_S = 8.0
"""A limit for loaded machines; `tests.bench.cluster` measures."""


@pytest.fixture
async def cluster(tmp_path: Path, postgres_socket: Path, redis_server: RedisServer) -> AsyncIterator[Cluster]:
    async with Cluster(tmp_path, await new_database(postgres_socket), redis_server.url) as cluster:
        yield cluster


async def test_people_of_a_killed_server_hear_each_other_again_in_their_seats(cluster: Cluster) -> None:
    async with AsyncExitStack() as stack:
        pacer = await stack.enter_async_context(Pacer())
        first = cluster.nodes["n1"]
        async with RestClient(first.url) as rest:
            tokens = [await rest.guest(name) for name in ("Ann", "Ben", "Chi", "Dan")]
            room = await rest.create_room(tokens[0])
        people = [Person(cluster, pacer, token, tone_clip(440)) for token in tokens]
        for person in people:
            stack.push_async_callback(person.aclose)
            await person.join(room["id"])
        *talking, muted = people
        for person in talking:
            await person.rtc.set_muted(False)
        await everybody_hears(people, talking, 10.0)
        seats, owner = [person.id for person in people], people[0].node_id
        assert {person.node_id for person in people} == {owner}
        assert owner.startswith("n1-")

        killed_ns = time.time_ns()
        await first.kill()
        await everybody_is_back(people, HEARD_AGAIN_WITHIN_S)
        heard_ns = await everybody_hears(people, talking, HEARD_AGAIN_WITHIN_S)
        print(f"heard each other again after {(heard_ns - killed_ns) / 1e9:.2f} s")

        assert [person.id for person in people] == seats
        assert len({person.node_id for person in people}) == 1
        assert people[0].node_id != owner
        assert [person.me["isMuted"] for person in people] == [False, False, False, True]
        assert muted.me["isMuted"]
        assert people[0].rtc.joined["room"]["hostId"] == room["hostId"]
        for name in ("n2", "n3"):
            assert cluster.nodes[name].complaints() == []


async def test_people_of_a_frozen_server_move_on_and_it_gives_the_room_up_when_it_wakes(
    cluster: Cluster,
) -> None:
    async with AsyncExitStack() as stack:
        pacer = await stack.enter_async_context(Pacer())
        frozen = cluster.nodes["n2"]
        async with RestClient(frozen.url) as rest:
            tokens = [await rest.guest(name) for name in ("Ann", "Ben")]
            room = await rest.create_room(tokens[0])
        people = [Person(cluster, pacer, token, tone_clip(440)) for token in tokens]
        for person in people:
            stack.push_async_callback(person.aclose)
            await person.join(room["id"])
            await person.rtc.set_muted(False)
        await everybody_hears(people, people, 10.0)
        await asyncio.sleep(TRUSTED_AFTER_S)  # the others judge only after having seen for as long

        stopped_ns = time.time_ns()
        frozen.process.suspend()
        try:
            await everybody_is_back(people, HEARD_AGAIN_WITHIN_S)
            heard_ns = await everybody_hears(people, people, HEARD_AGAIN_WITHIN_S)
        finally:
            frozen.process.resume()
        print(f"heard each other again after {(heard_ns - stopped_ns) / 1e9:.2f} s")
        owner = people[0].node_id
        assert not owner.startswith("n2-")

        async with asyncio.timeout(5.0), RestClient(frozen.url) as rest:
            while not any("room closed: moved" in line for line in frozen.lines):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            # It leads to the owner now, and answers with the owner's answer.
            assert (await rest.request("GET", f"/api/rooms/{room['id']}/node", tokens[0]))["nodeId"] == owner
            seen = await rest.request("GET", f"/api/rooms/{room['id']}", tokens[0])
        assert seen["node"]["nodeId"] == owner
        assert len(seen["participants"]) == 2
        with pytest.raises(Refused, match="room_elsewhere") as refusal:
            async with RtcClient(cluster.base("/n/n2"), tokens[0]) as lost:
                await lost.join(room["id"])
        assert refusal.value.problem["node"] == seen["node"]
        await people[0].rtc.call("ping")
        assert people[0].node_id == owner
