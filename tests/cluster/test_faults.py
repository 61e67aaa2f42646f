"""Redis, or PostgreSQL, or both away: talk goes on, and no room changes its server."""

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
from tests.fakes.cluster import Cluster
from tests.fakes.redis import RedisServer
from tests.fakes.roaming import Person, everybody_hears
from tests.fakes.rtc import Pacer, RestClient, RtcClient, tone_clip
from tests.fakes.rtc.client import Refused
from tests.fakes.rtc.rest import RestError
from tests.fakes.scale import scaled

ACK_WITHIN_S = 1.0
JOIN_WITHIN_S = 4.0
BACK_WITHIN_S = 8.0
"""Limits for loaded machines: 0.2 s, 1 s and 2 s are asked of a free one."""
REFUSED_WITHIN_S = 8.0
"""As long as a handler may take."""
AWAY_S = scaled(2, 30, "soak")


class Talk:
    """Two people who talk, and one more who is to join, by `late` or, as one whose page is open already, by
    `waiting`."""

    def __init__(
        self, cluster: Cluster, people: list[Person], late: Person, waiting: RtcClient, room_id: str
    ) -> None:
        self.cluster = cluster
        self.people = people
        self.late = late
        self.waiting = waiting
        self.room_id = room_id
        self.owner = people[0].node_id

    async def mute_and_unmute(self) -> None:
        started = time.monotonic()
        await self.people[0].rtc.set_muted(True)
        assert time.monotonic() - started < ACK_WITHIN_S
        await self.people[0].rtc.set_muted(False)

    async def mute_without_store(self) -> None:
        """It acts, and its ack says that it is not stored yet."""
        ann, ben = (person.rtc for person in self.people)
        ben.events.clear()
        started = time.monotonic()
        muting = asyncio.create_task(ann.set_muted(True))
        await ben.wait_event(
            "participant_updated",
            lambda data: data["participant"]["id"] == ann.participant_id and data["participant"]["isMuted"],
            ACK_WITHIN_S,
        )
        print(f"muted within {time.monotonic() - started:.2f} s")
        with pytest.raises(Refused, match="unavailable"):
            await muting

    async def ask_in_vain(self) -> None:
        """Neither a server's address nor a seat is to be had, and the answer says so."""
        async with RestClient(self.cluster.nodes["n1"].url) as rest, asyncio.timeout(REFUSED_WITHIN_S):
            with pytest.raises(RestError, match="unavailable"):
                await rest.request("GET", f"/api/rooms/{self.room_id}/node", self.waiting.token)
        with pytest.raises(Refused, match="unavailable"):
            await self.waiting.call("join", {"roomId": self.room_id}, REFUSED_WITHIN_S)

    async def mute_and_unmute_once_it_is_back(self) -> None:
        started = time.monotonic()
        async with asyncio.timeout(BACK_WITHIN_S):
            while not await self._can_mute_and_unmute():
                pass
        print(f"muted and unmuted {time.monotonic() - started:.2f} s after PostgreSQL was back")

    async def _can_mute_and_unmute(self) -> bool:
        try:
            for muted in (True, False):
                await self.people[0].rtc.set_muted(muted)
        except Refused as refusal:
            if refusal.code != "unavailable":
                raise
            return False
        return True

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
        waiting = await stack.enter_async_context(RtcClient(cluster.base("/n/n1"), tokens[2]))
        yield Talk(cluster, people[:2], people[2], waiting, room["id"])


@pytest.mark.parametrize("fault", ["frozen", "restarted", "flushed"])
async def test_without_redis_people_talk_mute_and_join_and_no_room_is_taken(
    talk: Talk, redis_server: RedisServer, fault: str
) -> None:
    if fault == "frozen":
        redis_server.process.suspend()
        try:
            await asyncio.sleep(max(2 * SILENT_AFTER_S, AWAY_S))
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


@pytest.mark.soak
@pytest.mark.timeout(600)
async def test_without_postgresql_people_talk_and_mute_joins_say_why_and_all_works_afterwards(
    talk: Talk, postgres_socket: Path
) -> None:
    for is_away in (postgres.stopped, postgres.frozen):
        started = time.monotonic()
        with is_away(postgres_socket):
            await talk.mute_without_store()
            await talk.ask_in_vain()
            await asyncio.sleep(AWAY_S - (time.monotonic() - started))
        await talk.mute_and_unmute_once_it_is_back()
    with postgres.stopped(postgres_socket):
        pass
    await talk.mute_and_unmute_once_it_is_back()
    await talk.join_late()
    talk.assert_unharmed()


@pytest.mark.soak
@pytest.mark.timeout(600)
async def test_without_redis_and_postgresql_people_talk_and_mute_and_all_is_well_afterwards(
    talk: Talk, redis_server: RedisServer, postgres_socket: Path
) -> None:
    started = time.monotonic()
    redis_server.process.suspend()
    try:
        with postgres.frozen(postgres_socket):
            await talk.mute_without_store()
            await talk.ask_in_vain()
            # Until the lease of every server has ended.
            away_s = max(AWAY_S, LEASE_ENDS_AFTER_S + 2.0)
            await asyncio.sleep(away_s - (time.monotonic() - started))
    finally:
        redis_server.process.resume()
    await talk.mute_and_unmute_once_it_is_back()
    await asyncio.sleep(2 * SILENT_AFTER_S)
    await talk.join_late()
    talk.assert_unharmed()
