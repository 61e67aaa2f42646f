"""Pages that speak the four voice protocols as their clients do, with a browser's own sound."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import groupby
from pathlib import Path

import pytest
import pytest_asyncio

from tests.e2e.browsers import BrowserPool
from tests.fakes.voice import VoiceScene, voice_scene

CLIENTS = (Path(__file__).parent / "voice_clients.js").read_text()
ORDER = {
    "tutor": "initialized stt_start stt_complete rag_start rag_token rag_complete "
    "tts_start tts_complete done",
    "klass": "stt_ready speech_started partial_transcript utterance_end final_transcript agent_response "
    "audio_chunk audio_generation_complete",
    "flux": "Connected TurnInfo TutorText AudioStart binary AudioEnd",
    "coach": "transcript coach_text binary audio_end",
}
"""Kinds of messages by when each comes first."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[VoiceScene]:
    async with voice_scene(tmp_path_factory.mktemp("clients")) as scene:
        yield scene


@pytest.mark.parametrize("client", list(ORDER))
async def test_a_page_is_answered_in_sound_that_the_browser_decodes(
    browsers: BrowserPool, scene: VoiceScene, client: str
) -> None:
    page = await browsers.page(None, probe={})
    await page.goto(f"{scene.server.url}/health")
    await page.evaluate(CLIENTS)
    answer = await page.evaluate(f"() => window.voiceClients.{client}()")
    found = [kind for kind, _ in groupby(answer["kinds"])]
    assert sorted(set(found), key=found.index) == ORDER[client].split()
    assert answer["seconds"] == pytest.approx(33 * 0.06, abs=0.4)
    if client == "tutor":
        assert "webm" in answer["recorded"]
