"""A decision on one server acts on all: sockets, voices, voice sessions, new sign-ins."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.contract.storage_urls import new_database
from tests.fakes.cluster import Cluster
from tests.fakes.moderators import moderator, user_id
from tests.fakes.redis import RedisServer
from tests.fakes.rtc import RestClient, RtcClient
from tests.fakes.rtc.client import Refused
from tests.fakes.rtc.rest import RestError
from tests.fakes.voice import TOKEN, VoiceEngines, VoiceScene, worker_at

WITHIN_S = 10.0
"""For loaded machines; without the bus a decision is found within 5 s."""


@pytest.fixture
async def database_url(postgres_socket: Path) -> str:
    return await new_database(postgres_socket)


@pytest.fixture
async def cluster(tmp_path: Path, database_url: str, redis_server: RedisServer) -> AsyncIterator[Cluster]:
    settings = {"AGENT_TOKEN": TOKEN}
    async with Cluster(tmp_path, database_url, redis_server.url, size=2, settings=settings) as cluster:
        yield cluster


async def test_a_mute_and_a_ban_on_one_server_act_on_the_other(cluster: Cluster, database_url: str) -> None:
    one, two = cluster.nodes["n1"], cluster.nodes["n2"]
    async with (
        RestClient(one.url) as here,
        RestClient(two.url) as there,
        RestClient(two.url) as browser,
        aiohttp.ClientSession() as http,
        worker_at(one.url, TOKEN, VoiceEngines()),
    ):
        mod = await moderator(there, database_url)
        ann, ben = await here.guest("Ann"), await browser.guest("Ben")
        ben_id = await user_id(there, ben)
        room = await here.create_room(ann)
        async with (
            RtcClient(cluster.base("/n/n1"), ann) as host,
            RtcClient(cluster.base("/n/n1"), ben) as other,
            VoiceScene(one, VoiceEngines(), http).connect(f"/v2/echo/x?token={ben}") as voice,
        ):
            await voice.say(hello=1)
            await voice.until(lambda _: True)
            await host.join(room["id"])
            await other.join(room["id"])
            await other.set_muted(False)
            await host.wait_event("participant_updated", lambda data: not data["participant"]["isMuted"])
            host.events.clear()

            await mod.decide("mute", ben_id, hours=1)
            await host.wait_event(
                "participant_updated",
                lambda data: data["participant"]["userId"] == ben_id and data["participant"]["isMuted"],
                within=WITHIN_S,
            )
            with pytest.raises(Refused, match="muted_by_moderator"):
                await other.set_muted(False)
            await mod.undo()

            await mod.decide("ban", ben_id, addressHours=0)
            await host.wait_event("participant_left", within=WITHIN_S)
            await asyncio.wait_for(other.socket.wait(), WITHIN_S)
            assert await voice.closed() == 1008
            assert "banned" in str(voice.texts[-1]).lower()
        for rest, method, path, token, body in (
            (here, "GET", "/api/users/me", ben, None),
            (browser, "POST", "/api/auth/guest", None, {"name": "Ben"}),
        ):
            with pytest.raises(RestError, match="banned"):
                await rest.request(method, path, token, body)
        await mod.undo()
        assert (await here.request("GET", "/api/users/me", ben))["id"] == ben_id
    assert [*one.complaints(), *two.complaints()] == []
