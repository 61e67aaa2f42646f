"""espeak-ng and pocketsphinx in their child processes, also through crashes."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import numpy as np
import psutil
import pytest

from ai_agent.audio import INPUT_HZ, Pcm
from ai_agent.errors import EngineTimeout, EngineUnavailable, RequestRefused
from ai_agent.providers.local.espeak import EspeakTts
from ai_agent.providers.local.pipe_protocol import Frame, SpeechKind
from ai_agent.providers.local.process import CRASHES, EngineProcess
from ai_agent.providers.local.sphinx import SphinxStt
from ai_agent.providers.ports import SpeechRequest
from tests.integration.ai_agent.providers.asking import all_of
from tests.integration.ai_agent.providers.local_speech import (
    DECODE_S,
    children_of_this_process,
    kill,
    spoken,
    until_flushed,
)

SENTENCE = "Hello Anna, what did you do on Saturday?"


@pytest.fixture
async def tts() -> AsyncIterator[EspeakTts]:
    engine = EspeakTts(gap_s=30.0)
    await engine.warm_up()
    yield engine
    await engine.aclose()


@pytest.fixture
async def stt() -> AsyncIterator[SphinxStt]:
    engine = SphinxStt(processes=1)
    await engine.warm_up()
    yield engine
    await engine.aclose()


async def test_espeak_speaks_with_a_mark_for_each_word(tts: EspeakTts) -> None:
    chunks = await all_of(tts.speak(SpeechRequest(SENTENCE, "en")))
    pcm = np.concatenate([chunk.pcm for chunk in chunks])
    marks = [mark for chunk in chunks for mark in chunk.marks]
    assert 1.5 < len(pcm) / tts.sample_rate < 6
    assert np.abs(pcm).max() > 3_000
    ends = [SENTENCE.index(word) + len(word) for word in SENTENCE.replace(",", "").replace("?", "").split()]
    assert [mark.end for mark in marks] == ends
    assert [mark.at_s for mark in marks] == sorted(mark.at_s for mark in marks)


async def test_every_voice_on_the_list_speaks(tts: EspeakTts) -> None:
    assert len(tts.voices) > 80
    for card in tts.voices:
        assert await all_of(tts.speak(SpeechRequest("1 2", card.language, voice=card.id))), card


async def test_a_slower_rate_takes_longer(tts: EspeakTts) -> None:
    lengths = []
    for rate in (0.7, 1.0, 1.3):
        chunks = await all_of(tts.speak(SpeechRequest(SENTENCE, "en", rate=rate)))
        lengths.append(sum(len(chunk.pcm) for chunk in chunks))
    assert lengths[0] > lengths[1] * 1.2
    assert lengths[1] > lengths[2] * 1.1


@pytest.mark.parametrize(
    ("language", "text"),
    [("vi", "Xin chào, bạn khỏe không?"), ("fr-FR", "Bonjour."), ("zh", "你好"), ("es", "¡Hola!")],
)
async def test_espeak_has_a_voice_for_the_language(tts: EspeakTts, language: str, text: str) -> None:
    assert any(card.language.startswith(language[:2]) for card in tts.voices)
    chunks = await all_of(tts.speak(SpeechRequest(text, language)))
    assert sum(len(chunk.pcm) for chunk in chunks) > tts.sample_rate // 4


@pytest.mark.parametrize("text", ["", "...", "😀", "<speak>&amp;</speak>", "[[h@'loU]]", "a\0b", "é" * 1_900])
async def test_espeak_speaks_again_after_any_text(tts: EspeakTts, text: str) -> None:
    await all_of(tts.speak(SpeechRequest(text, "en", rate=2.0)))
    assert await all_of(tts.speak(SpeechRequest("Still here.", "en")))


async def test_a_text_that_is_too_long_or_without_a_voice_is_refused(tts: EspeakTts) -> None:
    with pytest.raises(RequestRefused):
        await all_of(tts.speak(SpeechRequest("a" * 3_000, "en")))
    with pytest.raises(RequestRefused):
        await all_of(tts.speak(SpeechRequest("Hello.", "xx")))


async def test_a_cancelled_speech_does_not_delay_the_next(tts: EspeakTts) -> None:
    async with aclosing(tts.speak(SpeechRequest("hello " * 300, "en"))) as speech:
        await anext(speech)
    chunks = await all_of(tts.speak(SpeechRequest("Yes.", "en")))
    assert sum(len(chunk.pcm) for chunk in chunks) < 2 * tts.sample_rate


async def test_concurrent_speeches_do_not_mix(tts: EspeakTts) -> None:
    texts = ["One.", "One two three four five.", "One two."]
    alone = [[c.pcm for c in await all_of(tts.speak(SpeechRequest(text, "en")))] for text in texts]
    together = await asyncio.gather(*(all_of(tts.speak(SpeechRequest(text, "en"))) for text in texts))
    lengths = [sum(map(len, pcm)) for pcm in alone]
    assert [sum(len(chunk.pcm) for chunk in chunks) for chunks in together] == pytest.approx(
        lengths, rel=0.01
    )


async def test_espeak_killed_during_a_speech_is_restarted(tts: EspeakTts) -> None:
    async with aclosing(tts.speak(SpeechRequest("hello " * 300, "en"))) as speech:
        await anext(speech)
        kill(children_of_this_process("espeak_child"))
        with pytest.raises(EngineUnavailable):
            await all_of(speech)
    assert await all_of(tts.speak(SpeechRequest("Back again.", "en")))


async def test_espeak_that_hangs_is_replaced(tts: EspeakTts) -> None:
    hung = EspeakTts(gap_s=0.2)
    await hung.warm_up()
    pid = max(children_of_this_process("espeak_child"))
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(EngineTimeout):
        await all_of(hung.speak(SpeechRequest("Hello.", "en")))
    hung = await replaced(hung)
    assert not psutil.pid_exists(pid)


async def replaced(tts: EspeakTts) -> EspeakTts:
    await tts.aclose()
    return tts


async def test_pocketsphinx_gives_words_with_their_times(tts: EspeakTts, stt: SphinxStt) -> None:
    stream = await stt.open("en")
    speech = await spoken(tts, "I think that learning English is important for my job.")
    for start in range(0, len(speech), 320):
        stream.push(speech[start : start + 320])
    stream.flush()
    events = await until_flushed(stream)
    await stream.aclose()
    final = next(event for event in events if event.kind == "final")
    assert {"learning", "english", "important"} & set(final.text.split())
    assert [word.text for word in final.words] == final.text.split()
    assert all(0 <= word.start_s < word.end_s <= len(speech) / INPUT_HZ + 0.1 for word in final.words)
    assert [event.kind for event in events].count("partial") > 3


@pytest.mark.parametrize(
    "sentence", ["My name is Peter.", "Can you explain that difference please?"], ids=["short", "long"]
)
@pytest.mark.parametrize("cough", [False, True], ids=["", "after a cough"])
async def test_a_new_speakers_first_words_are_recognised(
    tts: EspeakTts, stt: SphinxStt, sentence: str, cough: bool
) -> None:
    stream = await stt.open("en")
    if cough:
        stream.push(coughed())
        stream.flush()
        await until_flushed(stream)
    stream.push(await spoken(tts, sentence))
    stream.flush()
    events = await until_flushed(stream)
    await stream.aclose()
    said = {word.strip(".?").lower() for word in sentence.split()}
    heard = {word.lower() for event in events if event.kind == "final" for word in event.text.split()}
    assert said <= heard


def coughed() -> Pcm:
    """A burst of noise that fades within 0.3 s, between silences."""
    noise = np.random.default_rng(3).normal(0, 6000, INPUT_HZ * 3 // 10)
    burst = noise * np.exp(-np.linspace(0, 5, len(noise)))
    return np.concatenate([np.zeros(INPUT_HZ // 4), burst, np.zeros(INPUT_HZ // 2)]).astype(np.int16)


async def test_one_decoder_serves_several_speakers_one_after_the_other(
    tts: EspeakTts, stt: SphinxStt
) -> None:
    speech = await spoken(tts, "The weather was cold and it was raining all day.")
    streams = [await stt.open("en") for _ in range(3)]
    for stream in streams:
        stream.push(speech)
        stream.flush()
    heard = await asyncio.gather(*map(until_flushed, streams))
    finals = [[event.text for event in events if event.kind == "final"] for events in heard]
    assert all(len(texts) == 1 and "weather" in texts[0] for texts in finals)
    assert len(children_of_this_process("sphinx_child")) == 1
    for stream in streams:
        await stream.aclose()


async def test_a_flush_without_words_is_answered(stt: SphinxStt) -> None:
    stream = await stt.open("en")
    stream.flush()
    assert [event.kind for event in await until_flushed(stream)] == ["flushed"]
    stream.push(np.zeros(1, np.int16))
    stream.flush()
    assert (await until_flushed(stream))[-1].kind == "flushed"
    await stream.aclose()


async def test_a_decoder_killed_within_a_sentence_loses_no_word(tts: EspeakTts, stt: SphinxStt) -> None:
    speech = await spoken(tts, "I think that learning English is important for my job.")
    stream = await stt.open("en")
    half = len(speech) // 2
    stream.push(speech[:half])
    async with asyncio.timeout(DECODE_S):
        await anext(stream)
    kill(children_of_this_process("sphinx_child"))
    stream.push(speech[half:])
    stream.flush()
    events = await until_flushed(stream)
    await stream.aclose()
    assert {"i", "think", "english", "important"} & set(events[-2].text.lower().split()[:6]) >= {"i"}


async def test_other_languages_are_refused(stt: SphinxStt) -> None:
    with pytest.raises(RequestRefused):
        await stt.open("vi")


async def test_closing_ends_streams_and_processes(tts: EspeakTts) -> None:
    stt = SphinxStt(processes=1)
    stream = await stt.open("en")
    stream.push(await spoken(tts, "Hello."))
    async with asyncio.timeout(DECODE_S):
        await anext(stream)
    pids = children_of_this_process("sphinx_child")
    await stt.aclose()
    assert not any(psutil.pid_exists(pid) for pid in pids)
    async with asyncio.timeout(5):
        assert [event.kind async for event in stream if event.kind == "flushed"] == []


async def test_no_child_outlives_a_killed_worker(tmp_path: Path) -> None:
    script = (
        "import asyncio\n"
        "from ai_agent.providers.local.espeak import EspeakTts\n"
        "async def main():\n"
        "    tts = EspeakTts()\n"
        "    await tts.warm_up()\n"
        "    print(tts.pid, flush=True)\n"
        "    await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, stdout=asyncio.subprocess.PIPE
    )
    assert worker.stdout is not None
    async with asyncio.timeout(60):
        child = psutil.Process(int(await worker.stdout.readline()))
    worker.kill()
    await worker.wait()
    await asyncio.to_thread(psutil.wait_procs, [child], 30)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


async def test_a_process_that_keeps_crashing_is_not_started_again() -> None:
    now = 0.0
    process = EngineProcess(
        "broken", "this_module_is_not_there", ignore_frame, lambda: None, clock=lambda: now
    )
    for _ in range(CRASHES):
        with pytest.raises(EngineUnavailable, match="ended at start"):
            await process.ensure()
    with pytest.raises(EngineUnavailable, match="keeps ending"):
        await process.ensure()
    now = 1_000.0
    with pytest.raises(EngineUnavailable, match="ended at start"):
        await process.ensure()
    await process.aclose()


async def test_a_process_that_sends_an_invalid_frame_is_replaced() -> None:
    lost = asyncio.Event()

    def reject(frame: Frame) -> None:
        raise UnicodeDecodeError("utf-8", frame.body, 0, 1, "invalid start byte")

    process = EngineProcess("espeak-ng", "ai_agent.providers.local.espeak_child", reject, lost.set)
    await process.ensure()
    first = process.pid
    process.send(SpeechKind.SPEAK, 1, b'{"text": "Hello.", "voice": "en", "wordsAMinute": 165}')
    async with asyncio.timeout(10):
        await lost.wait()
    await process.ensure()
    assert process.pid != first
    await process.aclose()


def ignore_frame(_: Frame) -> None: ...


async def test_a_child_that_was_killed_is_not_taken_for_running() -> None:
    process = EngineProcess(
        "espeak-ng", "ai_agent.providers.local.espeak_child", lambda _: None, lambda: None
    )
    await process.ensure()
    killed = process.pid
    process.kill()
    await process.ensure()
    assert process.pid not in (None, killed)
    await process.aclose()
