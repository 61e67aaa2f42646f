"""Socket.IO of one server, reached through another one: for proxies that cannot route by path."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import socketio

from tests.contract.storage_urls import new_database
from tests.fakes.cluster import Cluster
from tests.fakes.redis import RedisServer
from tests.fakes.rtc import RestClient, RtcClient


@pytest.fixture
async def cluster(tmp_path: Path, postgres_socket: Path, redis_server: RedisServer) -> AsyncIterator[Cluster]:
    url = await new_database(postgres_socket)
    async with Cluster(tmp_path, url, redis_server.url, size=2) as cluster:
        yield cluster


@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_a_room_is_joined_through_another_server(cluster: Cluster, transport: str) -> None:
    one, two = cluster.nodes["n1"], cluster.nodes["n2"]
    async with RestClient(one.url) as rest:
        token = await rest.guest("Ann")
        room = await rest.create_room(token)
    client = socketio.AsyncClient(reconnection=False)
    await client.connect(
        two.url,
        socketio_path="n/n1/socket.io",
        auth={"token": token},
        namespaces=["/rooms"],
        transports=[transport],
    )
    ack = await client.call("join", {"roomId": room["id"]}, "/rooms", 10)
    assert ack["nodeId"].startswith("n1-")
    await client.disconnect()
    await client.shutdown()
    assert [*one.complaints(), *two.complaints()] == []


async def test_a_tunnel_ends_with_its_server_and_none_leads_nowhere(cluster: Cluster) -> None:
    one, two = cluster.nodes["n1"], cluster.nodes["n2"]
    async with RestClient(one.url) as rest:
        token = await rest.guest("Ann")
        room = await rest.create_room(token)
    async with RtcClient(f"{two.url}/n/n1", token) as ann:
        await ann.join(room["id"])
        await one.kill()
        await ann.socket.wait()
    async with aiohttp.ClientSession(two.url) as http:
        for path in ("/n/n3/socket.io/", "/n/n1/x", "/cluster/x", "/n"):
            async with http.get(path) as response:
                assert response.status == 404
    assert two.complaints() == []
