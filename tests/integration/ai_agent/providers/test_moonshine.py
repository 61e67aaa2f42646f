"""Moonshine in its child process: words, several speakers, crashes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import numpy as np
import psutil
import pytest

from ai_agent.audio import INPUT_HZ, Pcm
from ai_agent.config import Settings
from ai_agent.errors import EngineUnavailable, RequestRefused
from ai_agent.providers.local import moonshine
from ai_agent.providers.local.espeak import EspeakTts
from ai_agent.providers.local.moonshine import MoonshineStt
from ai_agent.providers.local.moonshine_model import Moonshine, Stopped, weights
from ai_agent.providers.local.pipe_protocol import pack_request, unpack_request
from tests.integration.ai_agent.providers.local_speech import (
    DECODE_S,
    children_of_this_process,
    kill,
    spoken,
    until_flushed,
)

SENTENCE = "The weather was cold and it was raining all day."
CHILD = "moonshine_child"


@pytest.fixture(scope="module")
def model() -> Moonshine:
    folder = weights()
    assert folder is not None, "pip install --no-deps moonshine-voice==0.1.0"
    return Moonshine(folder)


@pytest.fixture
async def speech() -> AsyncIterator[Pcm]:
    tts = EspeakTts(gap_s=30.0)
    yield await spoken(tts, SENTENCE)
    await tts.aclose()


@pytest.fixture
async def stt() -> AsyncIterator[MoonshineStt]:
    engine = MoonshineStt()
    await engine.warm_up()
    yield engine
    await engine.aclose()


async def test_a_sentence_becomes_its_words_with_partials_on_the_way(stt: MoonshineStt, speech: Pcm) -> None:
    stream = await stt.open("en-GB")
    for start in range(0, len(speech), 1600):
        stream.push(speech[start : start + 1600])
        await asyncio.sleep(0.05)
    stream.flush()
    events = await until_flushed(stream)
    await stream.aclose()
    final = next(event for event in events if event.kind == "final")
    assert SENTENCE[-30:-1] in final.text
    assert final.confidence is not None
    assert 0.7 < final.confidence <= 1.0
    assert [word.text for word in final.words] == final.text.split()
    assert all(0 <= word.start_s < word.end_s <= len(speech) / INPUT_HZ for word in final.words)
    assert "partial" in {event.kind for event in events}


async def test_one_process_serves_all_speakers(stt: MoonshineStt, speech: Pcm) -> None:
    streams = [await stt.open("en") for _ in range(3)]
    for stream in streams:
        stream.push(speech)
        stream.flush()
    heard = await asyncio.gather(*map(until_flushed, streams))
    finals = [[event.text for event in events if event.kind == "final"] for events in heard]
    assert all(len(texts) == 1 and "cold and it was raining" in texts[0] for texts in finals)
    assert len(children_of_this_process(CHILD)) == 1


async def test_a_process_killed_within_a_sentence_loses_no_word(stt: MoonshineStt, speech: Pcm) -> None:
    stream = await stt.open("en")
    half = len(speech) // 2
    stream.push(speech[:half])
    async with asyncio.timeout(DECODE_S):
        assert (await anext(stream)).kind == "partial"
    kill(children_of_this_process(CHILD))
    stream.push(speech[half:])
    stream.flush()
    events = await until_flushed(stream)
    assert SENTENCE[-30:-1] in events[-2].text


async def test_noise_and_silence_give_no_words(stt: MoonshineStt) -> None:
    stream = await stt.open("en")
    random = np.random.default_rng(4)
    hiss = random.normal(0, 300, 2 * INPUT_HZ).astype(np.int16)
    cough = random.normal(0, 6_000, INPUT_HZ // 3) * np.exp(-np.linspace(0, 5, INPUT_HZ // 3))
    tone = 4_000 * np.sin(np.arange(INPUT_HZ) * 2 * np.pi * 440 / INPUT_HZ)
    for noise in (hiss, cough, tone, np.zeros(INPUT_HZ), np.zeros(1)):
        stream.push(noise.astype(np.int16))
        stream.flush()
        assert [event.text for event in await until_flushed(stream)] == [""]
    stream.flush()
    assert [event.kind for event in await until_flushed(stream)] == ["flushed"]


async def test_closing_ends_streams_and_process(speech: Pcm) -> None:
    stt = MoonshineStt()
    await stt.warm_up()
    stream = await stt.open("en")
    stream.push(speech)
    pids = children_of_this_process(CHILD)
    await stt.aclose()
    assert pids
    assert not any(psutil.pid_exists(pid) for pid in pids)
    async with asyncio.timeout(5):
        assert "flushed" not in [event.kind async for event in stream]


async def test_other_languages_are_refused(stt: MoonshineStt) -> None:
    with pytest.raises(RequestRefused):
        await stt.open("vi")


async def test_a_release_without_weights_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ai_agent.providers.local.moonshine_model.TOKENIZER", "not_there.bin")
    with pytest.raises(EngineUnavailable, match=r"install 0\.1\.0"):
        moonshine.build(Settings.model_validate({}))


def test_a_right_draft_is_checked_in_one_step_and_a_wrong_one_is_not_adopted(
    model: Moonshine, speech: Pcm
) -> None:
    first = [token.id for token in model.decode(speech, (77,))]
    assert 77 not in first
    for draft, most in ((first, 4), ([*first[:5], 77, *first[6:]], len(first) + 2), ([77] * 40, 60)):
        steps = 0

        def count() -> bool:
            nonlocal steps
            steps += 1
            return False

        found = model.decode(speech, draft, count)
        assert SENTENCE[-30:-1] in " ".join(text for text, _ in model.words(found))
        assert 77 not in [token.id for token in found]
        assert steps <= most  # one for the encoder


def test_decoding_stops_when_it_is_asked_to(model: Moonshine, speech: Pcm) -> None:
    for steps in (0, 1, 5):
        left = iter([False] * steps)
        with pytest.raises(Stopped):
            model.decode(speech, (), lambda: next(left, True))  # noqa: B023 - used at once


def test_audio_of_any_length_is_decoded(model: Moonshine) -> None:
    for samples in (0, 1, 400, 3_000, 20 * INPUT_HZ):
        assert len(model.decode(np.zeros(samples, np.int16))) < 30


def test_a_request_keeps_its_samples_and_draft() -> None:
    pcm = np.arange(-3, 4, dtype="<i2").tobytes()
    for draft in ((), (1, 32_767)):
        assert unpack_request(pack_request(pcm, draft)) == (pcm, draft)
