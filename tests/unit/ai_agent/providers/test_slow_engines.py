"""Chains with an engine whose output comes slower than it is spoken; on virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pytest

from ai_agent.errors import EngineTimeout
from ai_agent.providers.chain.fallback import EngineCandidate, FallbackChain
from ai_agent.providers.chain.generation import LLM_TIMEOUTS, TTS_TIMEOUTS, FallbackLlm, FallbackTts
from ai_agent.providers.ports import (
    ChatRequest,
    EngineCard,
    SpeechChunk,
    SpeechRequest,
    TextDelta,
    ToolCall,
    VoiceCard,
)
from tests.fakes.virtual_time import on_virtual_time
from tests.unit.ai_agent.providers.engines import REQUEST, SPEECH, card

P = TypeVar("P")
RATE = 24_000
COUNT = 1_000


@dataclass
class SlowLlm:
    """COUNT deltas, `pause_s` before each."""

    delta: str
    pause_s: float
    card: EngineCard = card("slow")

    async def stream(self, request: ChatRequest) -> AsyncGenerator[TextDelta | ToolCall, None]:
        for _ in range(COUNT):
            await asyncio.sleep(self.pause_s)
            yield TextDelta(self.delta)

    async def aclose(self) -> None: ...


@dataclass
class SlowTts:
    """COUNT chunks, `pause_s` before each."""

    chunk_s: float
    pause_s: float
    card: EngineCard = card("slow")
    sample_rate: int = RATE
    voices: tuple[VoiceCard, ...] = ()

    async def speak(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk, None]:
        for _ in range(COUNT):
            await asyncio.sleep(self.pause_s)
            yield SpeechChunk(np.zeros(round(self.chunk_s * RATE), np.int16))

    async def aclose(self) -> None: ...


@dataclass
class Drained:
    """The number of parts, when the stream ended, and whether the chain gave the engine up."""

    parts: int = 0
    at_s: float = 0.0
    was_given_up: bool = False


async def drain(parts: AsyncGenerator[P, None], *, listener_delay_s: float = 0.0) -> Drained:
    drained = Drained()
    try:
        async with aclosing(parts):
            async for _ in parts:
                drained.parts += 1
                await asyncio.sleep(listener_delay_s)
    except EngineTimeout:
        drained.was_given_up = True
    drained.at_s = asyncio.get_running_loop().time()
    return drained


def drain_llm(delta: str, pause_s: float) -> Drained:
    async def main() -> Drained:
        return await drain(
            FallbackLlm(FallbackChain([EngineCandidate(SlowLlm(delta, pause_s))], lambda: None)).stream(
                REQUEST
            )
        )

    return on_virtual_time(main())


def drain_tts(chunk_s: float, pause_s: float, *, listener_delay_s: float = 0.0) -> Drained:
    async def main() -> Drained:
        chain = FallbackTts(FallbackChain([EngineCandidate(SlowTts(chunk_s, pause_s))], lambda: None), RATE)
        return await drain(chain.speak(SPEECH), listener_delay_s=listener_delay_s)

    return on_virtual_time(main())


def test_an_llm_that_sends_a_letter_each_three_seconds_is_given_up() -> None:
    drained = drain_llm("a", 3.0)
    assert drained.was_given_up
    assert drained.at_s == pytest.approx(3.0 + LLM_TIMEOUTS.lag_s, abs=0.5)


def test_a_tts_that_sends_a_sample_each_three_seconds_is_given_up() -> None:
    drained = drain_tts(1 / RATE, 3.0)
    assert drained.was_given_up
    assert drained.at_s == pytest.approx(3.0 + TTS_TIMEOUTS.lag_s, abs=0.1)


def test_an_engine_as_fast_as_speech_is_never_given_up() -> None:
    for drained in (drain_llm("twenty-one letters... ", 1.5), drain_tts(1.5, 1.5)):
        assert (drained.parts, drained.was_given_up) == (COUNT, False)
        assert drained.at_s == pytest.approx(1.5 * COUNT)


def test_a_lead_may_be_followed_by_a_slower_stretch() -> None:
    chunks = [10.0, *[0.1] * 20]

    class Burst(SlowTts):
        async def speak(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk, None]:
            for chunk_s in chunks:
                await asyncio.sleep(0.6)
                yield SpeechChunk(np.zeros(round(chunk_s * RATE), np.int16))

    async def main() -> Drained:
        return await drain(
            FallbackTts(FallbackChain([EngineCandidate(Burst(0.0, 0.0))], lambda: None), RATE).speak(SPEECH)
        )

    drained = on_virtual_time(main())
    assert (drained.parts, drained.was_given_up) == (len(chunks), False)


def test_the_consumer_s_own_delay_does_not_count() -> None:
    drained = drain_tts(0.1, 0.1, listener_delay_s=2.0)
    assert (drained.parts, drained.was_given_up) == (COUNT, False)
