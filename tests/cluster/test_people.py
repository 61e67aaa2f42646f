"""Friends whose pages are at different servers: who is online and where, and an invitation into a room."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import socketio

from tests.contract.storage_urls import new_database
from tests.fakes.cluster import Cluster
from tests.fakes.redis import RedisServer
from tests.fakes.rtc import RestClient, RtcClient
from tests.fakes.server_process import ServerProcess

WITHIN_S = 15.0


@pytest.fixture
async def cluster(tmp_path: Path, postgres_socket: Path, redis_server: RedisServer) -> AsyncIterator[Cluster]:
    url = await new_database(postgres_socket)
    async with Cluster(tmp_path, url, redis_server.url, size=2) as cluster:
        yield cluster


class Page:
    """A page that watches the lobby at one server. `told`: the events of each name."""

    def __init__(self) -> None:
        self.told: dict[str, asyncio.Queue[Any]] = {
            "people_changed": asyncio.Queue(),
            "notices": asyncio.Queue(),
        }
        self._socket = socketio.AsyncClient(reconnection=False)
        for name, queue in self.told.items():
            self._socket.on(name, queue.put, namespace="/lobby")

    async def open(self, stack: AsyncExitStack, server: ServerProcess, token: str) -> Page:
        await self._socket.connect(
            server.url, auth={"token": token}, namespaces=["/lobby"], transports=["websocket"]
        )
        stack.push_async_callback(self._socket.disconnect)
        return self

    async def next(self, name: str) -> Any:
        async with asyncio.timeout(WITHIN_S):
            return await self.told[name].get()


async def test_friends_at_two_servers_see_and_invite_each_other(cluster: Cluster) -> None:
    one, two = cluster.nodes["n1"], cluster.nodes["n2"]
    async with AsyncExitStack() as stack:
        here, there = [await stack.enter_async_context(RestClient(node.url)) for node in (one, two)]
        ann, ben = await here.guest("Ann"), await there.guest("Ben")
        ids = {token: (await here.request("GET", "/api/users/me", token))["id"] for token in (ann, ben)}
        room = await here.create_room(ann, name="Film club", type="private")
        page = await Page().open(stack, two, ben)
        await here.request("PUT", f"/api/people/{ids[ben]}/follow", ann)
        assert (await page.next("notices"))["notice"]["body"]["name"] == "Ann"
        await page.next("people_changed")
        await there.request("PUT", f"/api/people/{ids[ann]}/follow", ben)

        public = await here.create_room(ann, name="Coffee")
        seat = await stack.enter_async_context(RtcClient(cluster.base("/n/n1"), ann))
        await seat.join(public["id"])
        while not page.told["people_changed"].empty():
            page.told["people_changed"].get_nowait()
        await here.request("PATCH", "/api/users/me", ann, {"presence": "room"})
        await page.next("people_changed")
        (friend,) = (await there.request("GET", "/api/people/online", ben))["items"]
        assert (friend["name"], friend["room"]["name"]) == ("Ann", "Coffee")

        second = await stack.enter_async_context(RtcClient(cluster.base("/n/n1"), ann))
        await second.join(room["id"])
        path = f"/api/rooms/{room['id']}/invitations"
        await there.request(
            "POST", path, ann, {"userId": ids[ben]}
        )  # of a room that this server does not have
        told = (await page.next("notices"))["notice"]["body"]
        assert (told["roomId"], told["invite"]) == (room["id"], room["invite"])
        guest = await stack.enter_async_context(RtcClient(cluster.base("/n/n1"), ben))
        await guest.join(room["id"], invite=told["invite"])
    assert [*one.complaints(), *two.complaints()] == []
