"""What holds for each of the four protocols, in its own form."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import aiohttp
import pytest
import pytest_asyncio

from ai_agent.errors import EngineUnavailable
from tests.fakes.speech import ScriptedStt
from tests.fakes.voice import WITHIN_S, VoiceEngines, VoiceScene, voice_scene
from tests.fakes.voice_talks import PROTOCOLS, session

pytestmark = pytest.mark.asyncio(loop_scope="package")
NAMES = pytest.mark.parametrize("name", list(PROTOCOLS))
PING = {
    "coach": {"type": "ping"},
    "tutor": {"action": "ping"},
    "class": {"type": "get_metrics"},
    "flux": {"type": "KeepAlive"},
}


@pytest_asyncio.fixture(loop_scope="package", scope="module")
async def limited(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[VoiceScene]:
    """A server with the usual limits of rate."""
    async with voice_scene(tmp_path_factory.mktemp("limited"), settings={"RATE_LIMIT": "1"}) as scene:
        yield scene


def complaint(name: str, message: dict[str, object]) -> str:
    """The text of an error in the protocol's own form; empty for any other message."""
    kind, text = {
        "coach": ({"type": "error"}, "message"),
        "tutor": ({"event": "error"}, "message"),
        "class": ({"type": "error"}, "error"),
        "flux": ({"type": "Error"}, "description"),
    }[name]
    return str(message[text]) if kind.items() <= message.items() else ""


@NAMES
async def test_a_connection_that_is_cut_in_any_state_leaves_a_session_that_goes_on(
    scene: VoiceScene, name: str
) -> None:
    protocol = PROTOCOLS[name]
    for state in ("opened", "speaking", "answering", "answered"):
        async with session(scene.server, protocol, f"cut-{name}") as client:
            if state == "speaking":
                speaking = asyncio.create_task(protocol.speak(client))
                await asyncio.sleep(0)
                speaking.cancel()
                with suppress(asyncio.CancelledError):
                    await speaking
            elif state == "answering":
                await protocol.begin(client)
            elif state == "answered":
                await protocol.answer(client)
            client.socket._response.connection.transport.abort()  # type: ignore[union-attr]
    async with session(scene.server, protocol, f"cut-{name}") as client:
        assert await protocol.answer(client)


@NAMES
async def test_the_newest_connection_has_a_session_and_the_other_is_told(
    scene: VoiceScene, name: str
) -> None:
    protocol = PROTOCOLS[name]
    async with session(scene.server, protocol, f"twice-{name}") as before:
        await protocol.begin(before)
        async with session(scene.server, protocol, f"twice-{name}") as now:
            await before.until(lambda message: "another connection" in complaint(name, message))
            assert await before.closed() == 4001
            assert await protocol.answer(now)


@NAMES
async def test_a_client_that_floods_is_told_and_closed(limited: VoiceScene, name: str) -> None:
    async with session(limited.server, PROTOCOLS[name], f"flood-{name}") as client:
        with suppress(ConnectionError, aiohttp.ClientError):
            for _ in range(1_000):
                await client.say(**PING[name])
        await client.until(lambda message: "too fast" in complaint(name, message))
        assert await client.closed() == 1008


@pytest.mark.parametrize("name", ["coach", "class", "flux"])
async def test_a_recogniser_that_fails_is_told_in_the_protocols_form(scene: VoiceScene, name: str) -> None:
    stt = ScriptedStt()
    scene.engines.become(VoiceEngines(stt=stt))
    async with session(scene.server, PROTOCOLS[name], f"deaf-{name}") as client:
        async with asyncio.timeout(WITHIN_S):
            while not stt.streams:  # noqa: ASYNC110 - of the worker
                await asyncio.sleep(0.01)
        stt.streams[-1].fails(EngineUnavailable("stt"))
        if name == "class":
            assert (await client.kind("stt_failed"))["error"]
        else:
            told = await client.until(lambda message: bool(complaint(name, message)))
            assert told.get("code", "UNAVAILABLE") == "UNAVAILABLE"
