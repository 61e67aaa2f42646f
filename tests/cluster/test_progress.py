"""One learner at two servers on one PostgreSQL: nothing is counted or granted twice, and nothing is lost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import socketio
from sqlalchemy import select, text

from server.storage import Database, SqlProgressStore
from server.storage.tables import users
from server.tutor.days import day_at, start_of
from server.tutor.model import PracticeDay
from tests.contract.storage_urls import new_database
from tests.fakes.cluster import Cluster
from tests.fakes.redis import RedisServer
from tests.fakes.rtc import Pacer, RestClient, RtcClient, tone_clip

WITHIN_S = 60.0
"""Speech is stored every 20 s."""
SPOKEN_S = 8.0
AT_ONCE = 12


class Learner:
    """Ann, who uses both servers. `told`: notices that her pages have received, one page at each server."""

    def __init__(self, cluster: Cluster, database: Database, clients: list[RestClient], token: str) -> None:
        self.cluster = cluster
        self.database = database
        self.clients = clients
        self.token = token
        self.days = SqlProgressStore(database)
        self.told: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.id = ""

    async def ask(self, path: str) -> list[Any]:
        """The answers of both servers to many requests at once."""
        asked = [self.clients[n % len(self.clients)].request("GET", path, self.token) for n in range(AT_ONCE)]
        return await asyncio.gather(*asked)

    async def ask_held(self, path: str) -> list[Any]:
        """As `ask`, with Ann's row locked until several requests have read what is stored."""
        held = select(users.c.id).where(users.c.id == self.id).with_for_update()
        async with asyncio.TaskGroup() as tasks, self.database.write() as connection:
            await connection.execute(held)
            asked = tasks.create_task(self.ask(path))
            async with asyncio.timeout(WITHIN_S):
                while await self._waiting() < 2 * len(self.clients):  # noqa: ASYNC110 - in the database
                    await asyncio.sleep(0.02)
        return asked.result()

    async def _waiting(self) -> int:
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        async with self.database.read() as connection:
            return int(await connection.scalar(text(f"{query} AND wait_event_type = 'Lock'")) or 0)

    async def open_pages(self, stack: AsyncExitStack) -> None:
        for node in self.cluster.nodes.values():
            page = socketio.AsyncClient(reconnection=False)
            page.on("notices", self.told.put, namespace="/lobby")
            auth = {"token": self.token}
            await page.connect(node.url, auth=auth, namespaces=["/lobby"], transports=["websocket"])
            stack.push_async_callback(page.disconnect)

    async def speaks(self, base: str, room_id: str, other: RestClient) -> None:
        """Ann speaks in that room, in which somebody listens."""
        listener = RtcClient(base, await other.guest("Ben"))
        async with RtcClient(base, self.token) as ann, listener:
            await listener.join(room_id)
            await ann.join(room_id, clip=tone_clip(440.0))
            await ann.set_muted(False)
            assert ann.publisher is not None
            async with Pacer() as pacer:
                pacer.add(ann.publisher)
                await asyncio.sleep(SPOKEN_S)


@pytest.fixture
async def ann(tmp_path: Path, postgres_socket: Path, redis_server: RedisServer) -> AsyncIterator[Learner]:
    url = await new_database(postgres_socket)
    async with AsyncExitStack() as stack:
        cluster = await stack.enter_async_context(Cluster(tmp_path, url, redis_server.url, size=2))
        nodes = cluster.nodes.values()
        clients = [await stack.enter_async_context(RestClient(node.url)) for node in nodes]
        database = Database(url)
        stack.push_async_callback(database.aclose)
        learner = Learner(cluster, database, clients, await clients[0].guest("Ann"))
        learner.id = (await clients[1].request("GET", "/api/users/me", learner.token))["id"]
        await learner.open_pages(stack)
        yield learner
        assert [line for node in nodes for line in node.complaints()] == []


async def test_a_badge_is_granted_once_however_many_servers_look(ann: Learner) -> None:
    today = day_at(time.time(), None)
    for back in range(3):
        day = today - timedelta(days=back)
        made = PracticeDay(day.isoformat(), turns=1, mended=1, starts_at=start_of(day, None))
        await asyncio.gather(*(ann.days.add_progress(ann.id, made) for _ in range(AT_ONCE)))
    answers = await ann.ask_held("/api/progress/achievements")
    names = [{one["name"] for one in answer["items"] if one["at"]} for answer in answers]
    assert names == [{"first_talk", "streak_3", "mended_1", "mended_25"}] * AT_ONCE
    streaks = await ann.ask("/api/progress/streak")
    assert {(streak["length"], streak["isTodayDone"]) for streak in streaks} == {(3, True)}
    mended = {one["done"] for answer in answers for one in answer["items"] if one["name"] == "mended_100"}
    assert mended == {3 * AT_ONCE}

    async with asyncio.timeout(WITHIN_S):
        pages = [await ann.told.get() for _ in ann.clients]
    [granted] = (await ann.clients[1].request("GET", "/api/notices", ann.token))["items"]
    assert {notices["notice"]["id"] for notices in pages} == {granted["id"]}
    assert sorted(granted["body"]["names"]) == sorted(names[0])
    assert ann.told.empty()


async def test_speech_at_two_servers_is_added_up(ann: Learner) -> None:
    owner = await ann.clients[0].guest("Owner")
    rooms = [await client.create_room(owner, name="Tea") for client in ann.clients]
    for client, room, node in zip(ann.clients, rooms, ann.cluster.nodes.values(), strict=True):
        await ann.speaks(node.url, room["id"], client)
    today = day_at(time.time(), None)
    seconds = 0.0
    async with asyncio.timeout(WITHIN_S):
        while seconds < 2 * SPOKEN_S - 5:
            await asyncio.sleep(0.5)
            days = await ann.days.progress(ann.id, (today - timedelta(days=1)).isoformat())
            seconds = sum(day.together_s for day in days)
    assert seconds <= 2 * SPOKEN_S + 1
