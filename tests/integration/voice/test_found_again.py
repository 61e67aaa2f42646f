"""A session is found again by its id, with all that was said: after a cut, and after the ends of its worker
and of the server."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.protocol.voice.base import TRY_LATER
from tests.fakes.server_process import ServerProcess
from tests.fakes.voice import TOKEN, WITHIN_S
from tests.fakes.voice_talks import PROTOCOLS, session
from tests.fakes.voice_worker import VoiceWorkerProcess

pytestmark = pytest.mark.asyncio(loop_scope="function")


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[ServerProcess]:
    settings = {"AGENT_TOKEN": TOKEN, "COACH_LANGUAGE": "en"}
    async with ServerProcess(tmp_path, settings) as server:
        yield server


async def test_each_protocol_finds_its_talk_after_kills_of_the_worker_and_of_the_server(
    server: ServerProcess,
) -> None:
    """All four at once: each turn takes seconds of speech. The worker is killed while it answers. On a
    machine that is very busy a turn may be heard as two."""
    ids = {name: str(uuid.uuid4()) for name in PROTOCOLS}
    begun: asyncio.Queue[str] = asyncio.Queue()

    async def answer(name: str) -> str:
        async with session(server, PROTOCOLS[name], ids[name]) as client:
            return await PROTOCOLS[name].answer(client)

    async def cut_in_mid_answer(name: str) -> int | None:
        async with session(server, PROTOCOLS[name], ids[name]) as client:
            await PROTOCOLS[name].begin(client)
            begun.put_nowait(name)
            return await client.closed()

    async with VoiceWorkerProcess(server, TOKEN, "tea") as worker:
        first = await asyncio.gather(*map(answer, PROTOCOLS))
        assert all("The tea is" in text for text in first), first
        cuts = [asyncio.create_task(cut_in_mid_answer(name)) for name in PROTOCOLS]
        async with asyncio.timeout(WITHIN_S):
            for _ in PROTOCOLS:
                await begun.get()
        await worker.kill()
        assert await asyncio.gather(*cuts) == [TRY_LATER] * len(PROTOCOLS)
    async with VoiceWorkerProcess(server, TOKEN, "rice"):
        second = await asyncio.gather(*map(answer, PROTOCOLS))
        assert all(text.count("The tea is") >= 2 for text in second), second
        assert all("The rice is" in text for text in second), second
        await server.restart(kill=True)
    async with VoiceWorkerProcess(server, TOKEN, "bread"):
        third = await asyncio.gather(*map(answer, PROTOCOLS))
        assert all(text.count("The tea is") >= 2 for text in third), third
        assert all("The rice is" in text and "The bread is" in text for text in third), third


async def test_what_was_said_of_an_answer_that_a_cut_ended_is_known_at_once(server: ServerProcess) -> None:
    """The client that is cut comes back before the worker has sent the last words of its talk."""
    ids = {name: str(uuid.uuid4()) for name in PROTOCOLS}

    async def cut_and_answer(name: str) -> str:
        protocol = PROTOCOLS[name]
        async with session(server, protocol, ids[name]) as client:
            await protocol.begin(client)
        async with session(server, protocol, ids[name]) as client:
            return await protocol.answer(client)

    async with VoiceWorkerProcess(server, TOKEN, "tea"):
        answers = await asyncio.gather(*map(cut_and_answer, PROTOCOLS))
        assert all(text.count("The tea is") >= 2 for text in answers), answers
    assert server.complaints() == []
