"""STT: Moonshine tiny. English, no key (figures: README of the package)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from ai_agent.config import Settings
from ai_agent.errors import EngineUnavailable, RequestRefused
from ai_agent.packages import require
from ai_agent.providers.local.decode_queue import DecodeQueue
from ai_agent.providers.local.moonshine_model import PACKAGE, weights
from ai_agent.providers.local.moonshine_stream import MoonshineStream
from ai_agent.providers.local.process import EngineProcess
from ai_agent.providers.ports import EngineCard

CHILD = "ai_agent.providers.local.moonshine_child"
CARD = EngineCard("Moonshine", "local", is_cloud=False, languages=frozenset({"en"}), hears_noise=True)


def build(settings: Settings) -> MoonshineStt:
    """Raises ImportError if its package is not installed, EngineUnavailable if that has no weights."""
    del settings
    require(PACKAGE)
    if weights() is None:
        raise EngineUnavailable(CARD.name, "this release of moonshine-voice has no weights: install 0.1.0")
    return MoonshineStt()


class MoonshineStt:
    """One process serves the whole worker. `hints` are not used: the model cannot be biased."""

    card = CARD
    detects_turns = False

    def __init__(self, *, module: str = CHILD) -> None:
        self._queue = DecodeQueue(
            CARD.name, lambda on_frame, on_lost: EngineProcess(CARD.name, module, on_frame, on_lost)
        )
        self._streams: set[MoonshineStream] = set()

    async def warm_up(self) -> None:
        """Raises ProviderError if it cannot run here."""
        await self._queue.start()

    async def open(self, language: str, *, hints: Sequence[str] = ()) -> MoonshineStream:
        del hints
        if not CARD.serves(language):
            raise RequestRefused(CARD.name, f"the language {language} is not supported")
        stream = MoonshineStream(CARD.name, self._queue, on_close=self._streams.discard)
        self._streams.add(stream)
        return stream

    async def aclose(self) -> None:
        await asyncio.gather(*(stream.aclose() for stream in list(self._streams)))
        await self._queue.aclose()
