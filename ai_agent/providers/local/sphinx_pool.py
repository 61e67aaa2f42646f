"""Decoders, each a process, lent for one utterance at a time."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from ai_agent.errors import EngineUnavailable, ProviderError
from ai_agent.providers.local.framing import Frame
from ai_agent.providers.local.process import EngineProcess


class Decoder:
    """One process, and who hears what it answers to the utterance in hand; None: the process ended."""

    def __init__(self, engine: str, module: str) -> None:
        self.process = EngineProcess(engine, module, self._on_frame, self._on_lost)
        self.number = 0
        self._listener: Callable[[Frame | None], None] | None = None

    def begin(self, number: int) -> None:
        self.number = number
        self._listener = None

    def listen(self, listener: Callable[[Frame | None], None]) -> None:
        self._listener = listener

    def _on_frame(self, frame: Frame) -> None:
        if frame.number == self.number and self._listener is not None:
            self._listener(frame)

    def _on_lost(self) -> None:
        if self._listener is not None:
            self._listener(None)


class DecoderPool:
    """At most `size` processes; each is started when first needed. Who comes first is served first."""

    def __init__(self, engine: str, module: str, size: int) -> None:
        self._engine = engine
        self._module = module
        self._decoders: list[Decoder] = [Decoder(engine, module) for _ in range(size)]
        self._free = list(reversed(self._decoders))
        self._places = asyncio.Semaphore(size)
        self._numbers = itertools.count(1)
        self._closed = False

    async def warm_up(self) -> None:
        """Starts the one that is lent first. Raises ProviderError."""
        async with self.lend():
            pass

    @asynccontextmanager
    async def lend(self) -> AsyncIterator[Decoder]:
        """A running decoder under a fresh number. Raises ProviderError."""
        async with self._places:
            if self._closed:
                raise EngineUnavailable(self._engine, "closed")
            decoder = self._free.pop()
            try:
                await decoder.process.ensure()
                decoder.begin(next(self._numbers))
                yield decoder
            finally:
                self._free.append(decoder)

    async def aclose(self) -> None:
        self._closed = True
        for decoder in self._decoders:
            try:
                await decoder.process.aclose()
            except ProviderError:
                continue
