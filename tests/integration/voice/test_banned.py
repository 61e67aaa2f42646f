"""A ban ends voice sessions of all protocols, and keeps them closed; a mute leaves them alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from tests.fakes.moderators import Moderator, moderator, user_id
from tests.fakes.rtc import RestClient
from tests.fakes.voice import VoiceScene, VoiceSocket, voice_scene

pytestmark = pytest.mark.asyncio(loop_scope="package")
PATHS = ["/session", "/api/ws/voice", "/ws/class", "/v2/flux/x", "/v2/echo/x"]


@pytest_asyncio.fixture(loop_scope="package", scope="module")
async def local(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[VoiceScene]:
    """Sessions without a token are let in from this machine."""
    async with voice_scene(tmp_path_factory.mktemp("local")) as scene:
        yield scene


@pytest_asyncio.fixture(loop_scope="package", scope="module")
async def rest(local: VoiceScene) -> AsyncIterator[RestClient]:
    async with RestClient(local.server.url) as rest:
        yield rest


@pytest_asyncio.fixture(loop_scope="package", scope="module")
async def mod(local: VoiceScene, rest: RestClient) -> Moderator:
    return await moderator(rest, f"sqlite+aiosqlite:///{Path(local.server.data_dir) / 'parlor.db'}")


async def begin(client: VoiceSocket) -> None:
    """Returns once a worker has the session."""
    await client.say(action="init", thread_id="t", type="ping")
    assert "banned" not in str(await client.until(lambda _: True)).lower()


@pytest.mark.parametrize("path", PATHS)
async def test_a_ban_ends_the_persons_voice_sessions_at_once_and_opens_no_new_one(
    local: VoiceScene, rest: RestClient, mod: Moderator, path: str
) -> None:
    ben, ann = await local.sign_in("Ben"), await rest.guest("Ann")
    async with (
        local.connect(f"{path}?token={ben}") as banned,
        local.connect(f"{path}?token={ann}") as stays,
    ):
        for client in (banned, stays):
            await begin(client)
        await mod.decide("ban", await user_id(rest, ben), addressHours=0)
        assert await banned.closed() == 1008
        assert "banned" in str(banned.texts[-1]).lower()
        await begin(stays)
    async with local.connect(f"{path}?token={ben}") as again:
        await again.say(action="init", thread_id="t", type="ping")
        assert await again.closed() == 1008
        assert "banned" in str(again.texts).lower()
    await mod.undo()


async def test_guests_of_a_banned_browser_are_cut_and_refused(
    local: VoiceScene, rest: RestClient, mod: Moderator
) -> None:
    """A session without a token has no account: the cookie says whose it is."""
    async with aiohttp.ClientSession() as of_ben, aiohttp.ClientSession() as of_others:
        browser, others = (VoiceScene(local.server, local.engines, http) for http in (of_ben, of_others))
        token = await browser.sign_in("Ben")
        async with browser.connect("/v2/echo/guest") as guest, others.connect("/v2/echo/other") as other:
            for client in (guest, other):
                await begin(client)
            await mod.decide("ban", await user_id(rest, token), addressHours=0)
            assert await guest.closed() == 1008
            await begin(other)
        for path in ("/v2/echo/guest", "/v2/echo/new"):
            async with browser.connect(path) as again:
                assert await again.closed() == 1008
                assert "banned" in str(again.texts).lower()
        async with others.connect("/v2/echo/guest") as elsewhere:
            await begin(elsewhere)
        await mod.undo()
        async with browser.connect("/v2/echo/guest") as again:
            await begin(again)


async def test_a_mute_is_for_rooms_with_others_and_leaves_a_talk_alone_with_the_tutor(
    local: VoiceScene, rest: RestClient, mod: Moderator
) -> None:
    ben = await local.sign_in("Ben")
    async with local.connect(f"/v2/echo/x?token={ben}") as client:
        await begin(client)
        await mod.decide("mute", await user_id(rest, ben), hours=1)
        await asyncio.sleep(0)
        await begin(client)
    async with local.connect(f"/v2/echo/x?token={ben}") as again:
        await begin(again)
    await mod.undo()
