"""A learner leaves a real room in mid-sentence: what they said is stored, with its correction."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from ai_agent.providers.local import scripted
from ai_agent.providers.ports import EngineSet
from tests.fakes.classes import FakeCourses
from tests.fakes.rtc import Pacer, RestClient, RtcClient, silence_clip, tone_clip
from tests.fakes.server_process import ServerProcess
from tests.fakes.speech import ScriptedStt
from tests.fakes.tutor.light_worker import light_worker

TOKEN = "the-token-that-workers-of-this-test-show"
SAID, RIGHT = "Emma, I go to Hanoi yesterday", "Emma, I went to Hanoi yesterday"
LONG_CLIP_S = 60.0
STORED_WITHIN_S = 10.0


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[ServerProcess]:
    """With a worker whose recogniser hears SAID when it is flushed."""
    engines = EngineSet(ScriptedStt(SAID), scripted.ScriptedLlm(), None)
    async with (
        ServerProcess(tmp_path, {"AGENT_TOKEN": TOKEN}) as server,
        light_worker(server.url, TOKEN, engines, FakeCourses()),
    ):
        yield server
        assert [line for line in server.lines if "Traceback" in line] == []


@pytest.mark.parametrize("stays", [False, True], ids=["the last learner", "one of a group"])
async def test_words_of_a_learner_who_leaves_in_mid_sentence_are_kept(
    server: ServerProcess, stays: bool
) -> None:
    async with AsyncExitStack() as stack:
        rest = await stack.enter_async_context(RestClient(server.url))
        pacer = await stack.enter_async_context(Pacer())
        token, bens = await rest.guest("Ann", learningLevel="B1"), await rest.guest("Ben")
        room_id = str((await rest.create_room(token, type="public" if stays else "ai"))["id"])
        ann = await stack.enter_async_context(RtcClient(server.url, token))
        await ann.join(room_id, clip=silence_clip(LONG_CLIP_S))
        assert ann.publisher is not None
        pacer.add(ann.publisher)
        if stays:
            ben = await stack.enter_async_context(RtcClient(server.url, bens))
            await ben.join(room_id)
            await rest.request("POST", f"/api/rooms/{room_id}/tutor", token, {})
            await ann.call("set_heard", {"heard": True})
        await ann.wait_event("participant_joined", lambda d: d["participant"]["kind"] == "tutor", within=20)
        await ann.set_muted(False)
        ann.publisher.play(tone_clip(440, LONG_CLIP_S))
        await ann.wait_event("tutor_state", lambda d: d["state"] == "listening", within=20)
        await ann.leave()
        pacer.discard(ann.publisher)
        message = await _stored(rest, token)
        assert message["text"] == SAID
        assert [item["correctedSentence"] for item in message["corrections"]] == [RIGHT]
        assert await _words(rest, bens) == []


async def _stored(rest: RestClient, token: str) -> dict[str, Any]:
    """Ann's message once it has a correction. Raises TimeoutError."""
    async with asyncio.timeout(STORED_WITHIN_S):
        while not (found := [words for words in await _words(rest, token) if words["corrections"]]):  # noqa: ASYNC110 - REST
            await asyncio.sleep(0.3)
    return found[0]


async def _words(rest: RestClient, token: str) -> list[dict[str, Any]]:
    """Return what learners said in the conversations of a person."""
    page = await rest.request("GET", "/api/conversations", token)
    talks = [await rest.request("GET", f"/api/conversations/{item['id']}", token) for item in page["items"]]
    return [message for talk in talks for message in talk["messages"] if message["role"] == "learner"]
