"""A TTS engine in a child process: one request after the other is spoken, and a closed one stops at once."""

from __future__ import annotations

import asyncio
import itertools
import json
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Mapping, Sequence

import numpy as np

from ai_agent.errors import EngineTimeout, EngineUnavailable, ProviderError, RequestRefused
from ai_agent.providers.local.pipe_protocol import Frame, SpeechKind
from ai_agent.providers.local.process import EngineProcess
from ai_agent.providers.ports import EngineCard, SpeechChunk, SpeechRequest, VoiceCard, WordMark

MAX_CHARACTERS = 2_000
GAP_S = 3.0
"""A process that sends nothing for this long while it speaks hangs, and is replaced."""


class ProcessTts(ABC):
    """One process serves the whole worker, because it is many times faster than real time."""

    def __init__(
        self,
        card: EngineCard,
        sample_rate: int,
        module: str,
        *,
        gap_s: float = GAP_S,
        variables: Sequence[str] = (),
    ) -> None:
        self.card = card
        self.sample_rate = sample_rate
        self._gap_s = gap_s
        self._process = EngineProcess(card.name, module, self._on_frame, self._on_lost, variables=variables)
        self._speaking: dict[int, asyncio.Queue[Frame | None]] = {}
        self._numbers = itertools.count(1)

    @property
    @abstractmethod
    def voices(self) -> Sequence[VoiceCard]: ...

    @abstractmethod
    def _body(self, request: SpeechRequest) -> Mapping[str, object]:
        """Return the request to the child, for JSON. Raises RequestRefused."""

    @property
    def pid(self) -> int | None:
        return self._process.pid

    async def warm_up(self) -> None:
        """Raises ProviderError if it cannot run here."""
        await self._process.ensure()

    async def speak(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk, None]:
        if len(request.text) > MAX_CHARACTERS:
            raise RequestRefused(self.card.name, f"the text is longer than {MAX_CHARACTERS} characters")
        await self.warm_up()
        body = json.dumps(self._body(request)).encode()
        number = next(self._numbers)
        frames: asyncio.Queue[Frame | None] = asyncio.Queue()
        self._speaking[number] = frames
        done = False
        try:
            self._process.send(SpeechKind.SPEAK, number, body)
            marks: tuple[WordMark, ...] = ()
            marked_to = 0
            while (frame := await self._next(frames)).kind != SpeechKind.END:
                if frame.kind == SpeechKind.FAILED:
                    raise RequestRefused(self.card.name, frame.body.decode(errors="replace"))
                if frame.kind == SpeechKind.MARKS:
                    marks += read_marks(frame.body, marked_to, len(request.text))
                    marked_to = marks[-1].end if marks else marked_to
                elif frame.kind == SpeechKind.AUDIO:
                    yield SpeechChunk(np.frombuffer(frame.body, dtype="<i2").astype(np.int16), marks)
                    marks = ()
            done = True
        finally:
            del self._speaking[number]
            if not done:
                self._cancel(number)

    async def aclose(self) -> None:
        await self._process.aclose()

    async def _next(self, frames: asyncio.Queue[Frame | None]) -> Frame:
        try:
            async with asyncio.timeout(self._gap_s):
                frame = await frames.get()
        except TimeoutError as error:
            self._process.kill()
            raise EngineTimeout(self.card.name, "no audio in time") from error
        if frame is None:
            raise EngineUnavailable(self.card.name, "its process ended")
        return frame

    def _cancel(self, number: int) -> None:
        try:
            self._process.send(SpeechKind.CANCEL, number)
        except ProviderError:
            return  # the process ended: there is nothing to cancel

    def _on_frame(self, frame: Frame) -> None:
        if (frames := self._speaking.get(frame.number)) is not None:
            frames.put_nowait(frame)

    def _on_lost(self) -> None:
        for frames in self._speaking.values():
            frames.put_nowait(None)


def read_marks(body: bytes, marked_to: int, length: int) -> tuple[WordMark, ...]:
    """Marks that advance in the text: espeak-ng sends some twice, and for numbers some beyond the end."""
    marks = []
    for at_ms, end in json.loads(body):
        if marked_to < end <= length:
            marks.append(WordMark(at_ms / 1000, end))
            marked_to = end
    return tuple(marks)
