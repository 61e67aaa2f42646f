"""pocketsphinx as an ear: English, no key. Modest on free speech (see the package's README for figures)."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence

from ai_agent.config import Settings
from ai_agent.errors import RequestRefused
from ai_agent.providers.local.process import require
from ai_agent.providers.local.sphinx_pool import DecoderPool
from ai_agent.providers.local.sphinx_stream import SphinxStream
from ai_agent.providers.ports import EngineCard

CHILD = "ai_agent.providers.local.sphinx_child"
CARD = EngineCard(name="pocketsphinx", vendor="local", is_cloud=False, languages=frozenset({"en"}))
MAX_PROCESSES = 4
"""120 MB and a third of a core each while somebody speaks."""


def build(settings: Settings) -> SphinxStt:
    """Raises ImportError without its package."""
    del settings
    require("pocketsphinx")
    return SphinxStt()


class SphinxStt:
    """`hints` are not used: its vocabulary is fixed, 130,000 words."""

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
            raise RequestRefused(CARD.name, f"it knows no {language}")
        stream = SphinxStream(CARD.name, self._pool, on_close=self._streams.discard)
        self._streams.add(stream)
        return stream

    async def aclose(self) -> None:
        await asyncio.gather(*(stream.aclose() for stream in list(self._streams)))
        await self._pool.aclose()
