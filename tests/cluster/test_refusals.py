"""Servers that must not run together, and requests that do not come from a server."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from server.cluster.nodes import cluster_token
from tests.contract.storage_urls import new_database
from tests.fakes.cluster import Cluster
from tests.fakes.redis import RedisServer
from tests.fakes.server_process import ServerProcess

SECRET = "s" * 32


async def test_a_server_of_the_same_name_or_of_another_secret_does_not_start(
    tmp_path: Path, postgres_socket: Path, redis_server: RedisServer
) -> None:
    url = await new_database(postgres_socket)
    async with Cluster(tmp_path, url, redis_server.url, size=1) as cluster:
        settings = cluster.nodes["n1"].settings | {"PORT": "0", "UDP_PORT": "0"}
        for changed, line in (
            ({"NODE_NAME": "n1"}, "parlor: another server has the name n1 (PARLOR_NODE_NAME)"),
            ({"NODE_NAME": "n2", "SECRET": "x" * 32}, "parlor: the server n1 has another PARLOR_SECRET"),
        ):
            other = ServerProcess(tmp_path / "other", settings | changed)
            with pytest.raises(RuntimeError, match="did not start"):
                await other.start()
            assert (other.exit_code, other.lines[-1]) == (2, line)
        assert cluster.nodes["n1"].complaints() == []


async def test_a_server_does_not_start_without_redis(tmp_path: Path, postgres_socket: Path) -> None:
    cluster = Cluster(tmp_path, await new_database(postgres_socket), f"unix://{tmp_path}/none.sock", size=1)
    with pytest.raises(RuntimeError, match="did not start"):
        await cluster.__aenter__()
    assert cluster.nodes["n1"].lines[-1].startswith("parlor: PARLOR_REDIS_URL cannot be used: ")


async def test_requests_between_servers_need_their_token(
    tmp_path: Path, postgres_socket: Path, redis_server: RedisServer
) -> None:
    url = await new_database(postgres_socket)
    async with (
        Cluster(tmp_path, url, redis_server.url, size=1) as cluster,
        aiohttp.ClientSession(cluster.nodes["n1"].url) as http,
    ):
        token = {"X-Parlor-Cluster": cluster_token(SECRET)}
        forged = {"X-Parlor-Cluster": "é" * 64}
        for headers, status in ((token, 200), (forged, 401), ({}, 401)):
            async with http.get("/cluster/probe", headers=headers) as response:
                assert response.status == status
        for body, status in (
            ({"room": "none", "epoch": 1}, 404),
            ({"room": 1, "epoch": 1}, 422),
            ({"room": "r", "epoch": True}, 422),
            ({"room": "r" * 2_000, "epoch": 1}, 422),
            ({"room": "r", "epoch": 2**80}, 422),
            ([], 422),
            ({"room": "r", "epoch": 1, "handoff": []}, 422),
            ({"room": "r", "epoch": 1, "handoff": {"seats": {"a b": {}}}}, 422),
            ({"room": "r", "epoch": 1, "handoff": {"may_return": {"u": "soon"}}}, 422),
            ({"room": "none", "epoch": 1, "handoff": {"seats": {"p": {"patience": 2.0, "new": 1}}}}, 404),
        ):
            async with http.post("/cluster/adopt", headers=token, json=body) as response:
                assert response.status == status, body
        async with http.post("/cluster/adopt", headers=forged, json={"room": "r", "epoch": 1}) as response:
            assert response.status == 401
        # An address that a client claims for itself.
        async with http.get("/api/rooms/r", headers={"X-Parlor-Remote": "192.0.2.1"}) as response:
            assert response.status == 401
        assert cluster.nodes["n1"].complaints() == []
