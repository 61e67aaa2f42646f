"""Servers tell each other over a real Redis: the list of rooms, sign-outs, edited profiles."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from server.cluster.bus_messages import Seal
from server.cluster.redis_bus import RedisBus
from tests.contract.storage_urls import new_database
from tests.fakes.cluster import Cluster
from tests.fakes.redis import RedisServer
from tests.fakes.rtc import RestClient, RtcClient

HEALED_WITHIN_S = 10.0
"""For loaded machines."""


async def until(condition: Callable[[], Awaitable[bool]], within_s: float = HEALED_WITHIN_S) -> None:
    """Raises TimeoutError."""
    async with asyncio.timeout(within_s):
        while not await condition():  # noqa: ASYNC110 - the state of another process
            await asyncio.sleep(0.05)


SECRET = "s" * 32


def a_bus(server: RedisServer, node_id: str, **options: Any) -> RedisBus:
    return RedisBus(server.url, SECRET, node_id, **options)


class Ear:
    def __init__(self, bus: RedisBus, topic: str) -> None:
        self.heard: list[Mapping[str, object]] = []
        bus.subscribe(topic, self.heard.append)

    async def hears(self, payload: Mapping[str, object]) -> None:
        async def does() -> bool:
            return payload in self.heard

        await until(does)


async def test_messages_reach_all_servers_in_order_and_once(redis_server: RedisServer) -> None:
    one, two = a_bus(redis_server, "n1"), a_bus(redis_server, "n2")
    ears = [Ear(bus, "t") for bus in (one, two)]
    hellos = Ear(one, "bus.hello")
    await one.start()
    await two.start()
    await hellos.hears({"node": "n2"})
    for i in range(250):
        one.publish("t", {"i": i})
    assert len(ears[0].heard) == 250  # its own at once
    await ears[1].hears({"i": 249})
    assert ears[1].heard == [{"i": i} for i in range(250)]
    one.publish("t", {"last": True})
    await ears[1].hears({"last": True})
    await one.aclose()
    await two.aclose()


async def test_forged_messages_and_copies_of_old_ones_are_counted_and_not_delivered(
    redis_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    drops: Counter[str] = Counter()
    one = a_bus(redis_server, "n1")
    two = a_bus(redis_server, "n2", observe_drop=lambda reason: drops.update([reason]))
    ear, hellos = Ear(two, "sessions.ended"), Ear(one, "bus.hello")
    await one.start()
    await two.start()
    await hellos.hears({"node": "n2"})
    one.publish("sessions.ended", {"user_id": "ann"})
    await ear.hears({"user_id": "ann"})
    said = redis_server.command("XREVRANGE", "pl:bus", "+", "-", "COUNT", "1").splitlines()[-1]
    forger = Seal("x" * 32, "n1", time.time)
    forged = forger.write(99, "sessions.ended", '{"user_id":"ben"}')
    for text in (forged, said, said.replace("ann", "ben"), "", "other application"):
        redis_server.command("XADD", "pl:bus", "*", "message", text)
    redis_server.command("XADD", "pl:bus", "*", "other", "application")
    one.publish("sessions.ended", {"user_id": "last"})
    await ear.hears({"user_id": "last"})
    assert ear.heard == [{"user_id": "ann"}, {"user_id": "last"}]
    assert drops == {"unsigned": 5, "repeated": 1}
    assert len([r for r in caplog.records if r.levelname == "ERROR"]) == 2  # one of each server
    await one.aclose()
    await two.aclose()


@pytest.mark.parametrize("fault", ["restart", "flush"])
async def test_after_a_fault_of_redis_messages_go_on(redis_server: RedisServer, fault: str) -> None:
    one, two = a_bus(redis_server, "n1"), a_bus(redis_server, "n2")
    ear, hellos = Ear(two, "t"), Ear(two, "bus.hello")
    await one.start()
    await two.start()
    one.publish("t", {"i": 1})
    await hellos.hears({"node": "n1"})
    if fault == "restart":
        redis_server.restart()
        hellos.heard.clear()
        await hellos.hears({"node": "n2"})  # it asks for what it may have missed
    else:
        redis_server.command("FLUSHALL")
    one.publish("t", {"i": 2})
    await ear.hears({"i": 2})
    await one.aclose()
    await two.aclose()


@pytest.fixture
async def cluster(tmp_path: Path, postgres_socket: Path, redis_server: RedisServer) -> AsyncIterator[Cluster]:
    url = await new_database(postgres_socket)
    async with Cluster(tmp_path, url, redis_server.url, size=2) as cluster:
        yield cluster


async def test_every_server_lists_all_rooms_also_after_redis_was_away(
    cluster: Cluster, redis_server: RedisServer
) -> None:
    one, two = cluster.nodes["n1"], cluster.nodes["n2"]
    async with RestClient(one.url) as here, RestClient(two.url) as there:
        token = await here.guest("Ann")
        names = ["before"]
        await here.create_room(token, "before")

        async def is_listed() -> bool:
            page = await there.request("GET", "/api/rooms", token)
            return sorted(room["name"] for room in page["items"]) == sorted(names)

        await until(is_listed)
        redis_server.stop()
        names.append("meanwhile")
        await here.create_room(token, "meanwhile")
        redis_server.start()
        await until(is_listed)
        await two.restart()
        await until(is_listed)
        page = await there.request("GET", "/api/rooms", token)
        assert len(page["items"]) == len(names)


async def test_a_sign_out_and_an_edited_profile_reach_connections_at_another_server(cluster: Cluster) -> None:
    one, two = cluster.nodes["n1"], cluster.nodes["n2"]
    async with RestClient(one.url) as here, RestClient(two.url) as there:
        ann, ben = await here.guest("Ann"), await here.guest("Ben")
        room = await here.create_room(ann)
        async with (
            RtcClient(cluster.base("/n/n1"), ann) as host,
            RtcClient(cluster.base("/n/n1"), ben) as other,
        ):
            await host.join(room["id"])
            await other.join(room["id"])
            await there.request("PATCH", "/api/users/me", ben, {"name": "Benny"})
            await host.wait_event("participant_updated", lambda data: data["participant"]["name"] == "Benny")
            await there.request("POST", "/api/auth/sign-out", ben, {})
            await asyncio.wait_for(other.socket.wait(), HEALED_WITHIN_S)
    assert [*one.complaints(), *two.complaints()] == []


async def test_a_stream_that_redis_refuses_is_logged_once_and_once_when_it_serves_again(
    redis_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    """The beats go on meanwhile: nothing else would tell the operator."""
    redis_server.command("SET", "pl:bus", "of another application")
    bus = a_bus(redis_server, "n1")
    await bus.start()

    async def lines(count: int) -> list[str]:
        async def are_there() -> bool:
            bus.publish("t", {"secret": "x"})
            return len(caplog.records) >= count

        await until(are_there)
        return sorted(r.message.partition(": WRONGTYPE")[0] for r in caplog.records[count - 2 :])

    assert await lines(2) == [f"the stream pl:bus cannot be {use}" for use in ("read", "written")]
    await asyncio.sleep(1.2)  # two more tries
    assert len(caplog.records) == 2
    assert "secret" not in caplog.text
    redis_server.command("DEL", "pl:bus")
    assert await lines(4) == [f"the stream pl:bus can be {use} again" for use in ("read", "written")]
    await bus.aclose()
