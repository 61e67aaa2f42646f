"""hibari in its child process."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import aclosing

import numpy as np
import pytest
from pydantic import ValidationError

from ai_agent.config import Settings
from ai_agent.errors import EngineUnavailable, RequestRefused
from ai_agent.providers.local import hibari
from ai_agent.providers.local.hibari import EXTRA_VOICES, HibariTts
from ai_agent.providers.local.moonshine import MoonshineStt
from ai_agent.providers.ports import SpeechChunk, SpeechRequest
from tests.integration.ai_agent.providers.asking import all_of
from tests.integration.ai_agent.providers.local_speech import (
    children_of_this_process,
    kill,
    spoken,
    until_flushed,
)

SENTENCE = "Hello Anna, what did you do on Saturday?"
LONG = "I went to the market, and then I came home again, " * 20


@pytest.fixture
async def tts() -> AsyncIterator[HibariTts]:
    engine = HibariTts(gap_s=30.0)
    await engine.warm_up()
    yield engine
    await engine.aclose()


def joined(chunks: list[SpeechChunk]) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    return np.concatenate([chunk.pcm for chunk in chunks]) if chunks else np.zeros(0, np.int16)


async def test_a_sentence_is_spoken_and_moonshine_hears_its_words(tts: HibariTts) -> None:
    stt = MoonshineStt()
    await stt.warm_up()
    stream = await stt.open("en")
    stream.push(await spoken(tts, SENTENCE))
    stream.flush()
    final = next(event for event in await until_flushed(stream) if event.kind == "final")
    await stt.aclose()
    assert re.findall(r"\w+", final.text.lower()) == re.findall(r"\w+", SENTENCE.lower())
    assert final.confidence is not None
    assert final.confidence > 0.7


async def test_little_of_the_silence_around_a_sentence_is_sent(tts: HibariTts) -> None:
    pcm = joined(await all_of(tts.speak(SpeechRequest(SENTENCE, "en"))))
    loud = np.flatnonzero(np.abs(pcm) > 300) / tts.sample_rate
    assert loud[0] < 0.1
    assert 0.1 < len(pcm) / tts.sample_rate - loud[-1] < 0.35


async def test_a_slower_rate_takes_longer(tts: HibariTts) -> None:
    slow, normal, fast = [
        len(joined(await all_of(tts.speak(SpeechRequest(SENTENCE, "en", rate=rate)))))
        for rate in (0.7, 1.0, 1.3)
    ]
    assert slow > normal * 1.15
    assert normal > fast * 1.1


@pytest.mark.parametrize(
    "text", ["", "...", "😀", "[x](/y/)", "<b>a</b>", "a\0b", "é" * 1_900, "\U0001f469\u200d"]
)
async def test_it_speaks_again_after_any_text(tts: HibariTts, text: str) -> None:
    await all_of(tts.speak(SpeechRequest(text, "en")))
    assert await all_of(tts.speak(SpeechRequest("Still here.", "en")))


async def test_nothing_is_spoken_of_a_text_without_words(tts: HibariTts) -> None:
    for text in ("", "...", "!?", "😀"):
        assert await all_of(tts.speak(SpeechRequest(text, "en"))) == []


async def test_another_language_is_refused(tts: HibariTts) -> None:
    with pytest.raises(RequestRefused):
        await all_of(tts.speak(SpeechRequest("Xin chào.", "vi")))


async def test_a_closed_speech_does_not_delay_the_next(tts: HibariTts) -> None:
    async with aclosing(tts.speak(SpeechRequest(LONG, "en"))) as speech:
        await anext(speech)
    chunks = await all_of(tts.speak(SpeechRequest("Yes.", "en")))
    assert len(joined(chunks)) < 2 * tts.sample_rate


async def test_concurrent_speeches_do_not_mix(tts: HibariTts) -> None:
    texts = ["One.", "One two three four five.", "One two."]
    alone = [len(joined(await all_of(tts.speak(SpeechRequest(text, "en"))))) for text in texts]
    together = await asyncio.gather(*(all_of(tts.speak(SpeechRequest(text, "en"))) for text in texts))
    assert [len(joined(chunks)) for chunks in together] == pytest.approx(alone, rel=0.05)


async def test_a_process_killed_during_a_speech_is_restarted(tts: HibariTts) -> None:
    async with aclosing(tts.speak(SpeechRequest(LONG, "en"))) as speech:
        await anext(speech)
        kill(children_of_this_process("hibari_child"))
        with pytest.raises(EngineUnavailable):
            await all_of(speech)
    assert await all_of(tts.speak(SpeechRequest("Back again.", "en")))


async def test_other_voices_are_offered_only_where_the_setting_names_them() -> None:
    assert [voice.id for voice in HibariTts().voices] == ["heart"]
    engine = hibari.build(Settings.model_validate({"hibari_voices": "emma,kore"}))
    assert [voice.id for voice in engine.voices] == ["heart", "emma", "kore"]
    with pytest.raises(ValidationError, match="unknown voice 'nobody'; known: emma, fable, fenrir, kore"):
        Settings.model_validate({"hibari_voices": "nobody"})


async def test_a_voice_that_cannot_be_downloaded_is_replaced_by_the_included_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HIBARI_HOME", str(tmp_path))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    tts = HibariTts(tuple(EXTRA_VOICES), gap_s=30.0)
    for _ in range(2):
        pcm = joined(await all_of(tts.speak(SpeechRequest("Hello there.", "en-GB", voice="emma"))))
        assert len(pcm) > tts.sample_rate // 2
    said = ""
    async with asyncio.timeout(30):
        while "emma cannot be downloaded, heart speaks; next attempt in 60 s" not in said:
            await asyncio.sleep(0.01)
            said += capfd.readouterr().err
    assert "127.0.0.1" in said or "refused" in said, said
    await tts.aclose()
