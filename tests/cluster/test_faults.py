"""Redis, or PostgreSQL, or both away: whoever talks goes on, and no room changes its server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from server.cluster.verdicts import LEASE_ENDS_AFTER_S, SILENT_AFTER_S
from tests.contract.storage_urls import new_database
from tests.fakes import postgres
from tests.fakes.cluster import Cluster, Person, everybody_hears
from tests.fakes.redis import RedisServer
from tests.fakes.rtc import Pacer, RestClient, tone_clip
from tests.fakes.rtc.client import Refused

ACK_WITHIN_S = 1.0
JOIN_WITHIN_S = 4.0
"""Limits for loaded machines: 0.2 s and 1 s are asked of a free one."""


class Talk:
    """Two people who talk, and one more who is to join."""

    def __init__(self, cluster: Cluster, people: list[Person], late: Person, room_id: str) -> None:
        self.cluster = cluster
        self.people = people
        self.late = late
        self.room_id = room_id
        self.owner = people[0].node_id

    async def mute_and_unmute(self) -> None:
        started = time.monotonic()
        await self.people[0].rtc.set_muted(True)
        assert time.monotonic() - started < ACK_WITHIN_S
        await self.people[0].rtc.set_muted(False)

    async def join_late(self) -> None:
        started = time.monotonic()
        await self.late.join(self.room_id)
        print(f"joined within {time.monotonic() - started:.2f} s")
        assert time.monotonic() - started < JOIN_WITHIN_S
        assert self.late.node_id == self.owner

    def assert_unharmed(self) -> None:
        assert [person.returns for person in self.people] == [0, 0]
        assert {person.node_id for person in self.people} == {self.owner}
        lost = [log.lost for person in self.people for log in person.rtc.receiver.slots.values()]
        assert sum(lost) == 0
        lines = [line for node in self.cluster.nodes.values() for line in node.lines]
        assert [line for line in lines if "taken over" in line or "room closed" in line] == []


@pytest.fixture
async def talk(tmp_path: Path, postgres_socket: Path, redis_server: RedisServer) -> AsyncIterator[Talk]:
    url = await new_database(postgres_socket)
    async with AsyncExitStack() as stack:
        cluster = await stack.enter_async_context(Cluster(tmp_path, url, redis_server.url))
        pacer = await stack.enter_async_context(Pacer())
        async with RestClient(cluster.nodes["n1"].url) as rest:
            tokens = [await rest.guest(name) for name in ("Ann", "Ben", "Chi")]
            room = await rest.create_room(tokens[0])
        people = [Person(cluster, pacer, token, tone_clip(440)) for token in tokens]
        for person in people:
            stack.push_async_callback(person.aclose)
        for person in people[:2]:
            await person.join(room["id"])
            await person.rtc.set_muted(False)
        await everybody_hears(people[:2], people[:2], 10.0)
        yield Talk(cluster, people[:2], people[2], room["id"])


@pytest.mark.parametrize("fault", ["frozen", "restarted", "flushed"])
async def test_without_redis_people_talk_mute_and_join_and_no_room_is_taken(
    talk: Talk, redis_server: RedisServer, fault: str
) -> None:
    if fault == "frozen":
        redis_server.process.suspend()
        try:
            await asyncio.sleep(2 * SILENT_AFTER_S)
            await talk.mute_and_unmute()
            await talk.join_late()
        finally:
            redis_server.process.resume()
    else:
        redis_server.restart() if fault == "restarted" else redis_server.command("FLUSHALL")
        await talk.mute_and_unmute()
        await talk.join_late()
    await asyncio.sleep(2 * SILENT_AFTER_S)  # whoever judges by old beats would have done so
    talk.assert_unharmed()


async def test_without_redis_and_postgresql_people_talk_and_mute_and_all_is_well_afterwards(
    talk: Talk, redis_server: RedisServer, postgres_socket: Path
) -> None:
    ann, ben = (person.rtc for person in talk.people)
    redis_server.process.suspend()
    try:
        with postgres.frozen(postgres_socket):
            started = time.monotonic()
            muting = asyncio.create_task(ann.set_muted(True))
            await ben.wait_event(
                "participant_updated",
                lambda data: (
                    data["participant"]["id"] == ann.participant_id and data["participant"]["isMuted"]
                ),
                ACK_WITHIN_S,
            )
            with pytest.raises(Refused, match="unavailable"):
                await muting  # it acts, and is stored later
            with pytest.raises((Refused, TimeoutError)):
                await talk.join_late()
            # Until the lease of every server has ended.
            await asyncio.sleep(LEASE_ENDS_AFTER_S + 2.0 - (time.monotonic() - started))
    finally:
        redis_server.process.resume()
    await asyncio.sleep(2 * SILENT_AFTER_S)
    await ann.set_muted(False)
    talk.assert_unharmed()
