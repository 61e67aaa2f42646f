"""Scripted engines for tests of chains."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

import numpy as np

from ai_agent.audio import Pcm
from ai_agent.errors import ProviderError
from ai_agent.providers.ports import (
    ChatRequest,
    EngineCard,
    LessonFacts,
    SpeechChunk,
    SpeechRequest,
    SttEvent,
    TextDelta,
    ToolCall,
    VoiceCard,
    WordMark,
)

REQUEST = ChatRequest(system="", messages=(), lesson=LessonFacts("en", "A1", "food"))
SPEECH = SpeechRequest("Hello there.", "en")
HANG = "hang"
Step = TextDelta | ToolCall | Exception | str


def card(name: str, *languages: str) -> EngineCard:
    return EngineCard(name, "vendor", is_cloud=True, languages=frozenset(languages))


@dataclass
class ScriptLlm:
    """`plays`: the steps of each answer, in order; the last answer repeats. HANG: no more output."""

    card: EngineCard
    plays: list[list[Step]]
    asked: int = 0
    stopped: int = 0
    was_asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def stream(self, request: ChatRequest) -> AsyncGenerator[TextDelta | ToolCall, None]:
        self.asked += 1
        self.was_asked.set()
        steps = self.plays.pop(0) if len(self.plays) > 1 else self.plays[0]
        try:
            for step in steps:
                if isinstance(step, Exception):
                    raise step
                if isinstance(step, str):
                    await asyncio.Event().wait()
                else:
                    yield step
        finally:
            self.stopped += 1

    async def aclose(self) -> None:
        self.stopped = -1


@dataclass
class ToneTts:
    """Speaks a tone of one second in ten chunks, or raises `error`."""

    card: EngineCard
    sample_rate: int = 24_000
    error: ProviderError | None = None
    voices: Sequence[VoiceCard] = ()

    async def speak(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk, None]:
        if self.error is not None:
            raise self.error
        tone = (np.sin(np.arange(self.sample_rate) * 2 * np.pi * 440 / self.sample_rate) * 9_000).astype(
            np.int16
        )
        for index, part in enumerate(np.split(tone, 10)):
            yield SpeechChunk(part, (WordMark(index / 10, index + 1),))

    async def aclose(self) -> None: ...


@dataclass
class FakeStream:
    """Emits the items that the test puts in `told`: events, an error, or None for the end."""

    told: asyncio.Queue[SttEvent | BaseException | None] = field(default_factory=asyncio.Queue)
    got: list[Pcm | None] = field(default_factory=list)
    is_closed: bool = False

    @property
    def samples(self) -> int:
        return sum(len(item) for item in self.got if item is not None)

    def push(self, pcm: Pcm) -> None:
        self.got.append(pcm)

    def flush(self) -> None:
        self.got.append(None)

    def __aiter__(self) -> FakeStream:
        return self

    async def __anext__(self) -> SttEvent:
        event = await self.told.get()
        if event is None:
            raise StopAsyncIteration
        if isinstance(event, BaseException):
            raise event
        return event

    async def aclose(self) -> None:
        self.is_closed = True


@dataclass
class FakeStt:
    """Opens `streams`, one after the other; an error among them is raised instead. `hangs`: `open` never
    returns.
    """

    card: EngineCard
    streams: list[FakeStream | Exception] = field(default_factory=list)
    detects_turns: bool = False
    opened: list[FakeStream] = field(default_factory=list)
    was_opened: asyncio.Event = field(default_factory=asyncio.Event)
    hangs: bool = False

    async def open(self, language: str, *, hints: Sequence[str] = ()) -> FakeStream:
        if self.hangs:
            await asyncio.Event().wait()
        stream = self.streams.pop(0) if self.streams else FakeStream()
        if isinstance(stream, Exception):
            raise stream
        self.opened.append(stream)
        self.was_opened.set()
        return stream

    async def aclose(self) -> None: ...
