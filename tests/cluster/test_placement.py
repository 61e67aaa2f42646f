"""New rooms on several servers: the idle one gets those of a loaded one, and a dead one costs no room."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.contract.storage_urls import new_database
from tests.fakes.cluster import Cluster
from tests.fakes.redis import RedisServer
from tests.fakes.rtc import RestClient, RtcClient

ROOMS = 10
BEATS_S = 0.6


@pytest.fixture
async def cluster(tmp_path: Path, postgres_socket: Path, redis_server: RedisServer) -> AsyncIterator[Cluster]:
    """Three rooms are a large part of what a server takes, so that they count as load."""
    url = await new_database(postgres_socket)
    settings = {"MAX_ROOMS": str(ROOMS)}
    async with Cluster(tmp_path, url, redis_server.url, size=2, settings=settings) as cluster:
        yield cluster


async def open_rooms(cluster: Cluster, node: str, count: int) -> list[str]:
    """Opens rooms at a server, each by another person, and returns the server that has each."""
    found = []
    async with RestClient(cluster.nodes[node].url) as rest:
        for number in range(count):
            token = await rest.guest(f"P{number}")
            room = await rest.create_room(token)
            owner = await rest.request("GET", f"/api/rooms/{room['id']}/node", token)
            found.append(owner["nodeId"].partition("-")[0])
            await asyncio.sleep(BEATS_S)  # the next beat shows it
    return found


async def test_an_idle_server_gets_the_rooms_of_a_loaded_one_until_both_are_full(cluster: Cluster) -> None:
    owners = Counter(await open_rooms(cluster, "n1", 8))
    assert owners["n1"] >= 3
    assert owners["n2"] >= 3, owners
    metrics = await cluster.nodes["n1"].metrics()
    assert metrics['parlor_cluster_placements_total{outcome="elsewhere"}'] == owners["n2"]
    async with RestClient(cluster.nodes["n1"].url) as rest:
        token = await rest.guest("Late")
        room = await rest.create_room(token, "Coffee", tags=["food"])
        where = await rest.request("GET", f"/api/rooms/{room['id']}/node", token)
        async with RtcClient(cluster.base(where["url"]), token) as host:
            await host.join(room["id"])
            assert host.joined["room"]["hostId"] == room["hostId"]
            assert host.joined["room"]["tags"] == ["food"]
    assert [line for node in cluster.nodes.values() for line in node.complaints()] == []


async def test_a_room_whose_server_was_just_killed_or_frozen_opens_where_it_was_asked_for(
    cluster: Cluster,
) -> None:
    await open_rooms(cluster, "n1", 2)
    two = cluster.nodes["n2"]
    two.process.suspend()
    try:
        async with RestClient(cluster.nodes["n1"].url) as rest:
            for number in range(3):
                token = await rest.guest(f"Q{number}")
                room = await rest.create_room(token)
                seen = await rest.request("GET", f"/api/rooms/{room['id']}", token)
                assert seen["node"]["url"] == "/n/n1"
    finally:
        two.process.resume()
    metrics = await cluster.nodes["n1"].metrics()
    assert metrics['parlor_cluster_placements_total{outcome="refused"}'] >= 1
