"""Requests to engines, and helpers that collect the answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TypeVar

import numpy as np

from ai_agent.audio import INPUT_HZ, Pcm
from ai_agent.providers.ports import (
    ChatMessage,
    ChatRequest,
    LessonFacts,
    SpeechChunk,
    SpeechRequest,
    SttEvent,
    SttEventKind,
    SttStream,
    ToolSpec,
)

P = TypeVar("P")
TIMEOUT_S = 10.0
LESSON = LessonFacts(language="en", level="A2", topic="travel")
FEEDBACK = ToolSpec("give_feedback", "Corrects.", {"type": "object", "properties": {}})
REQUEST = ChatRequest(
    system="You are a tutor.",
    messages=(ChatMessage("tutor", "Hello."), ChatMessage("learner", "I goed home.", name="Anna")),
    lesson=LESSON,
    tools=(FEEDBACK,),
)
SPEECH = SpeechRequest("Hello <there> & good\x07bye.", "en", rate=0.9)
SECOND: Pcm = (np.sin(np.arange(INPUT_HZ) / 10) * 5_000).astype(np.int16)


async def all_of(parts: AsyncGenerator[P, None]) -> list[P]:
    async with asyncio.timeout(TIMEOUT_S), aclosing(parts):
        return [part async for part in parts]


async def collect(parts: AsyncGenerator[P, None], into: list[P]) -> None:
    """Keeps the parts that came before an error."""
    async with asyncio.timeout(TIMEOUT_S), aclosing(parts):
        async for part in parts:
            into.append(part)  # noqa: PERF401 - kept if an error follows


async def samples_of(chunks: AsyncGenerator[SpeechChunk, None]) -> bytes:
    return b"".join(chunk.pcm.astype("<i2").tobytes() for chunk in await all_of(chunks))


async def until(stream: SttStream, kind: SttEventKind) -> list[SttEvent]:
    """The events up to the first of `kind`."""
    events: list[SttEvent] = []
    async with asyncio.timeout(TIMEOUT_S):
        while not events or events[-1].kind != kind:
            events.append(await anext(stream))
    return events
