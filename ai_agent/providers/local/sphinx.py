"""STT: pocketsphinx. English, no key, modest on free speech (figures: README of the package)."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from ai_agent.config import Settings
from ai_agent.errors import EngineUnavailable, ProviderError, RequestRefused
from ai_agent.packages import require
from ai_agent.providers.local.pipe_protocol import Frame
from ai_agent.providers.local.process import EngineProcess
from ai_agent.providers.local.sphinx_stream import SphinxStream
from ai_agent.providers.ports import EngineCard

CHILD = "ai_agent.providers.local.sphinx_child"
CARD = EngineCard(
    name="pocketsphinx", vendor="local", is_cloud=False, languages=frozenset({"en"}), hears_noise=True
)
MAX_PROCESSES = 4
"""Maximum of processes. Each takes 120 MB, and a third of a core during speech."""


def build(settings: Settings) -> SphinxStt:
    """Raises ImportError if its package is not installed."""
    del settings
    require("pocketsphinx")
    return SphinxStt()


class SphinxStt:
    """`hints` are not used, because its vocabulary of 130,000 words is fixed."""

    card = CARD
    detects_turns = False

    def __init__(self, *, processes: int | None = None, module: str = CHILD) -> None:
        size = processes or min(MAX_PROCESSES, os.cpu_count() or 1)
        self._pool = DecoderPool(CARD.name, module, size)
        self._streams: set[SphinxStream] = set()

    async def warm_up(self) -> None:
        """Raises ProviderError if it cannot run here."""
        await self._pool.warm_up()

    async def open(self, language: str, *, hints: Sequence[str] = ()) -> SphinxStream:
        del hints
        if not CARD.serves(language):
            raise RequestRefused(CARD.name, f"the language {language} is not supported")
        stream = SphinxStream(CARD.name, self._pool.borrow, on_close=self._streams.discard)
        self._streams.add(stream)
        return stream

    async def aclose(self) -> None:
        await asyncio.gather(*(stream.aclose() for stream in list(self._streams)))
        await self._pool.aclose()


class DecoderProcess:
    """One process and the listener for the frames of its current utterance. The listener gets None if the
    process ends.
    """

    def __init__(self, engine: str, module: str) -> None:
        self.process = EngineProcess(engine, module, self._on_frame, self._on_lost)
        self.number = 0
        self._listener: Callable[[Frame | None], None] | None = None

    def begin(self, number: int) -> None:
        self.number = number
        self._listener = None

    def listen(self, listener: Callable[[Frame | None], None]) -> None:
        self._listener = listener

    def send(self, kind: bytes, body: bytes = b"") -> None:
        """Raises EngineUnavailable."""
        self.process.send(kind, self.number, body)

    def kill(self) -> None:
        self.process.kill()

    def _on_frame(self, frame: Frame) -> None:
        if frame.number == self.number and self._listener is not None:
            self._listener(frame)

    def _on_lost(self) -> None:
        if self._listener is not None:
            self._listener(None)


class DecoderPool:
    """At most `size` processes, each started when first needed and lent for one utterance, first come first
    served.
    """

    def __init__(self, engine: str, module: str, size: int) -> None:
        self._engine = engine
        self._decoders = [DecoderProcess(engine, module) for _ in range(size)]
        self._free = list(reversed(self._decoders))
        self._places = asyncio.Semaphore(size)
        self._numbers = itertools.count(1)
        self._is_closed = False

    async def warm_up(self) -> None:
        """Start the process that is lent first. Raises ProviderError."""
        async with self.borrow():
            pass

    @asynccontextmanager
    async def borrow(self) -> AsyncIterator[DecoderProcess]:
        """A running decoder with a new utterance number. Raises ProviderError."""
        async with self._places:
            if self._is_closed:
                raise EngineUnavailable(self._engine, "the engine is closed")
            decoder = self._free.pop()
            try:
                await decoder.process.ensure()
                decoder.begin(next(self._numbers))
                yield decoder
            finally:
                self._free.append(decoder)

    async def aclose(self) -> None:
        self._is_closed = True
        for decoder in self._decoders:
            try:
                await decoder.process.aclose()
            except ProviderError:
                continue
