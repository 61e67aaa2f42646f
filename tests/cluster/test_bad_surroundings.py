"""A full Redis, one with keys of another application, a read-only PostgreSQL, a wrong clock: each is said in
the log, nothing is lost, and nobody is unmuted."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.contract.storage_urls import new_database
from tests.fakes import clock_ahead
from tests.fakes.cluster import Cluster
from tests.fakes.redis import RedisServer
from tests.fakes.rtc import RestClient, RtcClient
from tests.fakes.rtc.client import Refused
from tests.fakes.rtc.rest import RestError
from tests.fakes.scale import only_at
from tests.fakes.server_process import ServerProcess

WITHIN_S = 15.0
CLOCK_AHEAD_S = 300.0


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not await condition():  # noqa: ASYNC110 - the state of another process
            await asyncio.sleep(0.05)


async def until_logged(node: ServerProcess, line: str, count: int = 1) -> None:
    async def is_there() -> bool:
        return sum(line in each for each in node.lines) >= count

    await until(is_there)


async def lists(node: ServerProcess) -> list[str]:
    async with RestClient(node.url) as rest:
        page = await rest.request("GET", "/api/rooms", await rest.guest("Watcher"))
    return sorted(room["id"] for room in page["items"])


class Talk:
    """Ann, who is unmuted, and Ben, who is muted, in a room of n1; Chi may come."""

    def __init__(self, cluster: Cluster, url: str, ann: RtcClient, ben: RtcClient, chi: RtcClient) -> None:
        self.cluster = cluster
        self.url = url
        self.ann, self.ben, self.chi = ann, ben, chi
        self.room_id = str(ann.joined["room"]["id"])

    async def assert_unharmed(self) -> None:
        """Nobody was moved or unmuted, and a third person enters and sees both."""
        await self.chi.join(self.room_id)
        people = {p["id"]: p["isMuted"] for p in self.chi.joined["room"]["participants"]}
        assert people == {
            self.ann.participant_id: False,
            self.ben.participant_id: True,
            self.chi.participant_id: True,
        }
        lines = [line for node in self.cluster.nodes.values() for line in node.lines]
        assert [line for line in lines if "taken over" in line or "room closed" in line] == []
        assert [line for line in lines if "Traceback" in line] == []


@pytest.fixture
async def talk(tmp_path: Path, postgres_socket: Path, redis_server: RedisServer) -> AsyncIterator[Talk]:
    url = await new_database(postgres_socket)
    async with AsyncExitStack() as stack:
        cluster = await stack.enter_async_context(Cluster(tmp_path, url, redis_server.url, size=2))
        async with RestClient(cluster.nodes["n1"].url) as rest:
            tokens = [await rest.guest(name) for name in ("Ann", "Ben", "Chi")]
            room = await rest.create_room(tokens[0])
        clients = [
            await stack.enter_async_context(RtcClient(cluster.base(room_node), token))
            for token in tokens
            for room_node in ("/n/n1",)
        ]
        ann, ben, chi = clients
        for person in (ann, ben):
            await person.join(room["id"])
        await ann.set_muted(False)
        yield Talk(cluster, url, ann, ben, chi)


async def redis_is_full(talk: Talk, redis_server: RedisServer) -> None:
    one, two = talk.cluster.nodes.values()
    redis_server.command("CONFIG", "SET", "maxmemory", "1")
    for node in (one, two):
        await until_logged(node, "Redis cannot serve: its memory is full (maxmemory)")
    await talk.ann.set_muted(True)
    await talk.ann.set_muted(False)
    async with RestClient(two.url) as rest:
        meanwhile = (await rest.create_room(await rest.guest("Dan")))["id"]
    redis_server.command("CONFIG", "SET", "maxmemory", "0")
    for node in (one, two):
        await until_logged(node, "Redis serves again")
        assert sum("Redis cannot serve" in line for line in node.lines) == 1

    async def are_equal() -> bool:
        return await lists(one) == await lists(two) == sorted([talk.room_id, meanwhile])

    await until(are_equal)


async def redis_is_another_applications(talk: Talk, redis_server: RedisServer, tmp_path: Path) -> None:
    one, two = talk.cluster.nodes.values()
    for key in ("pl:beats", "pl:nodes", "pl:bus"):
        redis_server.command("DEL", key)
        redis_server.command("SET", key, "of another application")
    reason = "another application uses the keys pl:beats and pl:nodes; give Parlor a Redis of its own"
    for node in (one, two):
        await until_logged(node, f"Redis cannot serve: {reason}")
        await until_logged(node, "the stream pl:bus cannot be")
    third = ServerProcess(tmp_path / "n3", {**one.settings, "NODE_NAME": "n3", "PORT": "0", "UDP_PORT": "0"})
    with pytest.raises(RuntimeError, match="did not start"):
        await third.start()
    assert third.lines[-1] == f"parlor: PARLOR_REDIS_URL cannot be used: {reason}"
    assert redis_server.command("GET", "pl:bus") == "of another application"


@asynccontextmanager
async def read_only(url: str) -> AsyncIterator[None]:
    """PostgreSQL takes no writes, as after a failover to a standby."""
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")

    async def switch(value: str) -> None:
        async with engine.connect() as connection:
            await connection.execute(text("SET default_transaction_read_only = off"))
            await connection.execute(text(f"ALTER SYSTEM SET default_transaction_read_only = {value}"))
            await connection.execute(text("SELECT pg_reload_conf()"))

    await switch("on")
    try:
        yield
    finally:
        await switch("off")
        await engine.dispose()


async def is_ready(node: ServerProcess) -> bool:
    async with aiohttp.ClientSession() as http, http.get(f"{node.url}/readyz") as response:
        return response.status == 200


async def postgresql_is_read_only(talk: Talk) -> None:
    one, two = talk.cluster.nodes.values()
    async with read_only(talk.url):

        async def none_is_ready() -> bool:
            return not await is_ready(one) and not await is_ready(two)

        await until(none_is_ready)
        with pytest.raises(Refused, match="unavailable"):
            await talk.ben.set_muted(False)
        with pytest.raises(Refused, match="unavailable"):
            await talk.chi.join(talk.room_id)
        async with RestClient(two.url) as rest:
            with pytest.raises(RestError, match="unavailable"):
                await rest.guest("Dan")
        # Muting acts at once, though it cannot be stored yet.
        with pytest.raises(Refused, match="unavailable"):
            await talk.ann.set_muted(True)
        await talk.ben.wait_event(
            "participant_updated",
            lambda data: (
                data["participant"]["id"] == talk.ann.participant_id and data["participant"]["isMuted"]
            ),
        )

    async def all_are_ready() -> bool:
        return await is_ready(one) and await is_ready(two)

    await until(all_are_ready)
    await talk.ann.set_muted(False)


async def test_a_full_redis_a_read_only_postgresql_and_keys_of_another_application_harm_no_room(
    talk: Talk, redis_server: RedisServer, tmp_path: Path
) -> None:
    await redis_is_full(talk, redis_server)
    await postgresql_is_read_only(talk)
    await redis_is_another_applications(talk, redis_server, tmp_path)
    await talk.assert_unharmed()


@pytest.mark.soak
@only_at("soak")
async def test_a_server_whose_clock_is_five_minutes_ahead_works_with_the_others(
    tmp_path: Path, postgres_socket: Path, redis_server: RedisServer
) -> None:
    cluster = Cluster(tmp_path, await new_database(postgres_socket), redis_server.url, size=2)
    one, two = cluster.nodes.values()
    two.wrap = (sys.executable, clock_ahead.__file__, str(CLOCK_AHEAD_S))
    async with cluster, RestClient(one.url) as here, RestClient(two.url) as there:
        ann, ben = await here.guest("Ann"), await there.guest("Ben")
        room = await there.create_room(ann)
        assert (await here.request("GET", f"/api/rooms/{room['id']}/node", ben))["url"] == "/n/n2"

        async def is_listed() -> bool:
            return await lists(one) == [room["id"]]

        await until(is_listed)
        async with RtcClient(cluster.base("/n/n2"), ben) as guest:
            await guest.join(room["id"])
            await here.request("POST", "/api/auth/sign-out", ben, {})
            await asyncio.wait_for(guest.socket.wait(), WITHIN_S)  # told by the bus, and taken as fresh
        metrics = await two.metrics()
        assert metrics['parlor_cluster_bus_dropped_total{reason="dated"}'] == 0
        await two.kill()
        where = await here.request("GET", f"/api/rooms/{room['id']}/node?not=n2-x", ann)
        for _ in range(100):
            if where["url"] == "/n/n1":
                break
            await asyncio.sleep(0.1)
            where = await here.request("GET", f"/api/rooms/{room['id']}/node", ann)
        assert where["url"] == "/n/n1"
        assert one.complaints() == []
