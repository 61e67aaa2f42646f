"""Chains whose engine answers, but slower than its answer is spoken; on virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pytest

from ai_agent.errors import EngineTimeout
from ai_agent.providers.chain import llm, tts
from ai_agent.providers.chain.llm import FallbackLlm
from ai_agent.providers.chain.members import Candidate, FallbackChain
from ai_agent.providers.chain.tts import FallbackTts
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
class Came:
    """What came before the end, when that was, and whether it was the chain's timeouts."""

    parts: int = 0
    at_s: float = 0.0
    was_given_up: bool = False


async def drain(parts: AsyncGenerator[P, None], *, slow_listener_s: float = 0.0) -> Came:
    came = Came()
    try:
        async with aclosing(parts):
            async for _ in parts:
                came.parts += 1
                await asyncio.sleep(slow_listener_s)
    except EngineTimeout:
        came.was_given_up = True
    came.at_s = asyncio.get_running_loop().time()
    return came


def thinks(delta: str, pause_s: float) -> Came:
    async def main() -> Came:
        return await drain(
            FallbackLlm(FallbackChain([Candidate(SlowLlm(delta, pause_s))], lambda: None)).stream(REQUEST)
        )

    return on_virtual_time(main())


def speaks(chunk_s: float, pause_s: float, *, slow_listener_s: float = 0.0) -> Came:
    async def main() -> Came:
        chain = FallbackTts(FallbackChain([Candidate(SlowTts(chunk_s, pause_s))], lambda: None), RATE)
        return await drain(chain.speak(SPEECH), slow_listener_s=slow_listener_s)

    return on_virtual_time(main())


def test_a_letter_in_three_seconds_is_given_up_though_each_comes_in_time() -> None:
    came = thinks("a", 3.0)
    assert came.was_given_up
    assert came.at_s == pytest.approx(3.0 + llm.TIMEOUTS.behind_s, abs=0.5)


def test_a_sample_in_three_seconds_is_given_up_though_each_comes_in_time() -> None:
    came = speaks(1 / RATE, 3.0)
    assert came.was_given_up
    assert came.at_s == pytest.approx(3.0 + tts.TIMEOUTS.behind_s, abs=0.1)


def test_an_engine_as_fast_as_speech_may_take_all_the_time_it_needs() -> None:
    for came in (thinks("twenty-one letters... ", 1.5), speaks(1.5, 1.5)):
        assert (came.parts, came.was_given_up) == (COUNT, False)
        assert came.at_s == pytest.approx(1.5 * COUNT)


def test_what_is_said_well_ahead_may_be_followed_by_a_slower_stretch() -> None:
    chunks = [10.0, *[0.1] * 20]

    class Burst(SlowTts):
        async def speak(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk, None]:
            for chunk_s in chunks:
                await asyncio.sleep(0.6)
                yield SpeechChunk(np.zeros(round(chunk_s * RATE), np.int16))

    async def main() -> Came:
        return await drain(
            FallbackTts(FallbackChain([Candidate(Burst(0.0, 0.0))], lambda: None), RATE).speak(SPEECH)
        )

    came = on_virtual_time(main())
    assert (came.parts, came.was_given_up) == (len(chunks), False)


def test_a_listener_who_takes_time_is_not_the_engine_s_fault() -> None:
    came = speaks(0.1, 0.1, slow_listener_s=2.0)
    assert (came.parts, came.was_given_up) == (COUNT, False)
