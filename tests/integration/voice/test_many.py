"""Many sessions at once: no word of one in another, and ends in every state leave nothing behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
import pytest

from ai_agent.providers.ports import ChatRequest, EngineCard, TextDelta, ToolCall
from ai_agent.voice_ws import runner
from ai_agent.voice_ws.link import Link, linked
from server.protocol.voice.base import MAX_TEXT_BYTES
from tests.bench.voice_ws.clients import Measured, echo
from tests.fakes.speech import ScriptedLlm, ScriptedStt
from tests.fakes.voice import VoiceEngines, VoiceScene, VoiceSocket, loud

pytestmark = pytest.mark.asyncio(loop_scope="package")
SESSIONS, TURNS = 20, 3
ECHOES = 90
"""Of the 100 connections that a server takes."""


class Parrot(ScriptedLlm):
    """Says back all that the learner has said."""

    card = EngineCard("parrot", "test", is_cloud=False)

    async def stream(self, request: ChatRequest) -> AsyncGenerator[TextDelta | ToolCall, None]:
        said = [message.text for message in request.messages if message.role == "learner"]
        await asyncio.sleep(0.01)
        yield TextDelta(" ".join(said))


def cut(socket: aiohttp.ClientWebSocketResponse) -> None:
    """End its connection without a close frame."""
    socket._response.connection.transport.abort()  # type: ignore[union-attr]


async def test_no_word_of_one_session_is_in_another(scene: VoiceScene) -> None:
    words = [f"Word{number} is mine." for number in range(SESSIONS * TURNS)]
    scene.engines.become(VoiceEngines(stt=ScriptedStt(*words), llm=Parrot()))

    async def talk(client: VoiceSocket) -> list[str]:
        mine: list[str] = []
        for _ in range(TURNS):
            client.order.clear()
            await client.send(loud(0.5))
            await client.say(type="end_turn")
            await client.kind("audio_end")
            mine += [m["text"] for m in client.texts if m["type"] == "transcript" and m["isFinal"]]
            reply = "".join(m["text"] for m in client.texts if m["type"] == "coach_text")
            assert reply.strip() == " ".join(mine)
        return mine

    async with AsyncExitStack() as open_sessions:
        clients = []
        for number in range(SESSIONS):  # one by one: a worker whose machine is busy refuses a crowd
            client = await open_sessions.enter_async_context(scene.connect(f"/session?session=many-{number}"))
            await client.say(type="ping")
            await client.kind("pong")
            clients.append(client)
        said = await asyncio.gather(*map(talk, clients))
    assert sorted(word for mine in said for word in mine) == sorted(words)


@pytest.mark.parametrize("how", ["stops", "is killed"])
async def test_a_client_is_told_when_its_worker_is_lost(
    scene: VoiceScene, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    links: list[Link] = []

    @asynccontextmanager
    async def noted(url: str, token: str, job_id: str) -> AsyncIterator[Link]:
        async with linked(url, token, job_id) as link:
            links.append(link)
            yield link

    monkeypatch.setattr(runner, "linked", noted)
    async with scene.connect("/session?session=lost") as client:
        await client.say(type="ping")
        await client.kind("pong")
        if how == "is killed":  # its connections end without a close frame
            links[0]._socket._response.connection.transport.close()  # type: ignore[union-attr]
        else:
            for task in asyncio.all_tasks():
                if task.get_name().startswith("voice session"):
                    task.cancel()
        assert "Connect again" in (await client.kind("error"))["message"]
        assert await client.closed() == 1013


async def test_a_message_that_is_too_large_ends_its_session_alone(scene: VoiceScene) -> None:
    async with (
        scene.connect("/session?session=large") as client,
        scene.connect("/session?session=small") as other,
    ):
        await client.send(bytes(2 * MAX_TEXT_BYTES), chunk=2 * MAX_TEXT_BYTES)
        assert await client.closed() == 1009
        assert client.texts[-1] == {"type": "error", "message": "A message may have at most 256 KB."}
        await other.say(type="ping")
        await other.kind("pong")
    assert scene.server.complaints() == []


async def test_messages_of_many_sessions_come_back_in_order(scene: VoiceScene) -> None:
    """Many sessions of echo at once; `tests.bench.voice_ws` measures them for minutes."""
    measured = Measured()
    at = f"{scene.server.url}/v2/echo/many-"
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        await asyncio.gather(*(echo(http, f"{at}{number}", 0.4, measured) for number in range(ECHOES)))
    assert (measured.lost, len(measured.echo)) == (0, ECHOES * 10)


async def test_a_connection_that_is_cut_in_any_state_leaves_a_session_that_goes_on(scene: VoiceScene) -> None:
    for state in ("opened", "speaking", "asked", "answered"):
        async with scene.connect("/session?session=cut") as client:
            if state != "opened":
                await client.send(loud(0.5))
            if state in {"asked", "answered"}:
                await client.say(type="end_turn")
            if state == "answered":
                await client.until(lambda m: m["type"] == "coach_text")
            cut(client.socket)
    async with scene.connect("/session?session=cut") as client:
        await client.send(loud(0.5))
        await client.say(type="end_turn")
        await client.kind("audio_end")
