"""Requests of REST for a room, sent to a server that does not have it: its owner answers them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.contract.storage_urls import new_database
from tests.fakes.cluster import Cluster
from tests.fakes.redis import RedisServer
from tests.fakes.rtc import RestClient, RtcClient
from tests.fakes.rtc.rest import RestError


@pytest.fixture
async def cluster(tmp_path: Path, postgres_socket: Path, redis_server: RedisServer) -> AsyncIterator[Cluster]:
    url = await new_database(postgres_socket)
    async with Cluster(tmp_path, url, redis_server.url, size=2) as cluster:
        yield cluster


async def test_the_owner_answers_with_or_without_a_body_and_errors_too(cluster: Cluster) -> None:
    one, two = cluster.nodes["n1"], cluster.nodes["n2"]
    async with RestClient(one.url) as here, RestClient(two.url) as there:
        ann, ben = await here.guest("Ann"), await there.guest("Ben")
        room = await here.create_room(ann, type="private")
        path = f"/api/rooms/{room['id']}"
        seen = await there.request("GET", f"{path}?invite={room['invite']}", ben)
        assert (seen["name"], seen["node"]["url"]) == (room["name"], "/n/n1")
        with pytest.raises(RestError, match="invite_invalid"):
            await there.request("GET", path, ben)
        with pytest.raises(RestError, match="not_host"):
            await there.request("POST", f"{path}/tutor", ben, {"language": "en"})
        assert (await there.request("POST", f"{path}/tutor", ann, {"language": "en"}))["tutor"]
        assert (await there.request("DELETE", f"{path}/tutor", ann))["tutor"] is None
        with pytest.raises(RestError, match="room_not_found"):
            await there.request("GET", "/api/rooms/none", ann)
        with pytest.raises(RestError, match="room_not_found"):
            await there.request("GET", "/api/rooms/none/node", ann)
        for method, below, body in (
            ("GET", "", None),
            ("GET", "/node", None),
            ("POST", "/page-closed", {"resumeToken": "x" * 32}),
            ("POST", "/tutor", {"language": "en"}),
            ("DELETE", "/tutor", None),
        ):
            with pytest.raises(RestError, match="room_not_found"):  # PostgreSQL takes no NUL
                await there.request(method, f"/api/rooms/%00{below}", ann, body)
        with pytest.raises(RestError, match="invalid_request"):
            await there.request("GET", f"{path}/node?not=a%20b", ann)
        async with (
            RtcClient(cluster.base("/n/n1"), ann) as host,
            RtcClient(cluster.base("/n/n1"), ben) as guest,
        ):
            await host.join(room["id"])
            await guest.join(room["id"], invite=room["invite"])
            await there.request(
                "POST", f"{path}/page-closed", body={"resumeToken": guest.joined["resumeToken"]}
            )
            await host.wait_event("participant_left", lambda data: True, 15.0)
    assert [*one.complaints(), *two.complaints()] == []


async def test_a_request_for_a_room_of_a_dead_server_is_answered_by_its_heir(cluster: Cluster) -> None:
    one, two = cluster.nodes["n1"], cluster.nodes["n2"]
    async with RestClient(one.url) as here, RestClient(two.url) as there:
        ann = await here.guest("Ann")
        room = await here.create_room(ann)
        await one.kill()
        await asyncio.sleep(2.0)  # its last beat is old: whoever asks now need not name it as lost
        seen = await there.request("GET", f"/api/rooms/{room['id']}", ann)
        assert seen["node"]["url"] == "/n/n2"
    assert two.complaints() == []
