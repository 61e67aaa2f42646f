"""Engines of known latency: the rest of a turn's time is the worker's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

import numpy as np

from ai_agent.audio import Pcm
from ai_agent.providers.ports import (
    ChatRequest,
    EngineCard,
    EngineSet,
    SpeechChunk,
    SpeechRequest,
    SttEvent,
    TextDelta,
    ToolCall,
    VoiceCard,
    WordMark,
)
from tests.fakes.rtc.clips import level_of

WORDS = ("dogs cats birds horses " * 10).split()
"""The sentence is complete after any of them, so the pause that ends a turn is always the same."""
REPLY = "That sounds lovely."
WORD_FRAMES = 15
LOUD = 50
"""−dBov of a frame of 20 ms that counts."""
_CHUNK_S = 0.1


@dataclass(frozen=True, slots=True)
class Latencies:
    """Seconds. An answer has so many `sentences`; each is spoken for `sentence_s`.

    To the first sound they take 290 ms: half a beat off the voice's 20 ms, as any engine is on average.
    """

    stt_partial: float = 0.1
    stt_final: float = 0.1
    llm_first_token: float = 0.19
    tts_first_byte: float = 0.1
    sentences: int = 1
    sentence_s: float = 1.0

    @property
    def answer(self) -> float:
        """From the turn's end to the first sound, of the engines alone."""
        return self.llm_first_token + self.tts_first_byte


class TimedStt:
    """Hears one more word for each WORD_FRAMES loud frames that it is given."""

    card = EngineCard("timed stt", "test", is_cloud=False)
    detects_turns = False

    def __init__(self, latencies: Latencies) -> None:
        self._latencies = latencies
        self.streams: list[TimedStream] = []

    async def open(self, language: str, *, hints: Sequence[str] = ()) -> TimedStream:
        self.streams.append(TimedStream(self._latencies))
        return self.streams[-1]

    async def aclose(self) -> None:
        pass


class TimedStream:
    def __init__(self, latencies: Latencies) -> None:
        self._latencies = latencies
        self._loop = asyncio.get_running_loop()
        self._events: asyncio.Queue[SttEvent | None] = asyncio.Queue()
        self._loud = 0
        self._words = 0

    def push(self, pcm: Pcm) -> None:
        self._loud += level_of(pcm) < LOUD
        words = min(len(WORDS), self._loud // WORD_FRAMES)
        if words > self._words:
            self._words = words
            partial = SttEvent("partial", " ".join(WORDS[:words]))
            self._loop.call_later(self._latencies.stt_partial, self._events.put_nowait, partial)

    def flush(self) -> None:
        text = " ".join(WORDS[: max(1, self._words)])
        self._loud = self._words = 0
        self._loop.call_later(self._latencies.stt_final, self._finish, text)

    def _finish(self, text: str) -> None:
        self._events.put_nowait(SttEvent("final", text + "."))
        self._events.put_nowait(SttEvent("flushed"))

    def __aiter__(self) -> TimedStream:
        return self

    async def __anext__(self) -> SttEvent:
        event = await self._events.get()
        if event is None:
            raise StopAsyncIteration
        return event

    async def aclose(self) -> None:
        self._events.put_nowait(None)


class TimedLlm:
    card = EngineCard("timed llm", "test", is_cloud=False)

    def __init__(self, latencies: Latencies) -> None:
        self._latencies = latencies

    async def stream(self, request: ChatRequest) -> AsyncGenerator[TextDelta | ToolCall, None]:
        await asyncio.sleep(self._latencies.llm_first_token)
        for _ in range(self._latencies.sentences):
            yield TextDelta(REPLY + " ")

    async def aclose(self) -> None:
        pass


class TimedTts:
    card = EngineCard("timed tts", "test", is_cloud=False)
    sample_rate = 24_000
    voices = (VoiceCard("tone", "Tone", "en"),)

    def __init__(self, latencies: Latencies) -> None:
        self._latencies = latencies
        at = np.arange(int(_CHUNK_S * self.sample_rate)) / self.sample_rate
        self._chunk: Pcm = (np.sin(2 * np.pi * 300 * at) * 6_000).astype(np.int16)

    async def speak(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk, None]:
        await asyncio.sleep(self._latencies.tts_first_byte)
        chunks = round(self._latencies.sentence_s / _CHUNK_S)
        for index in range(chunks):
            end = round((index + 1) / chunks * len(request.text))
            yield SpeechChunk(self._chunk, (WordMark(index * _CHUNK_S, end),))
            await asyncio.sleep(0)

    async def aclose(self) -> None:
        pass


def timed_engines(latencies: Latencies) -> EngineSet:
    return EngineSet(stt=TimedStt(latencies), llm=TimedLlm(latencies), tts=TimedTts(latencies))
