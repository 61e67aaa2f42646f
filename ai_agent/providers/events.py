"""The receiving end of an ear: events in order, then how it ended, however often one asks."""

from __future__ import annotations

import asyncio

from ai_agent.errors import ProviderError
from ai_agent.providers.ports import SttEvent


class Events:
    def __init__(self) -> None:
        self._queue: asyncio.Queue[SttEvent | ProviderError | None] = asyncio.Queue()

    def tell(self, event: SttEvent) -> None:
        self._queue.put_nowait(event)

    def end(self, error: ProviderError | None = None) -> None:
        """What was told before is still given out."""
        self._queue.put_nowait(error)

    async def next(self) -> SttEvent:
        """Raises the error it ended with, or StopAsyncIteration."""
        event = await self._queue.get()
        if isinstance(event, SttEvent):
            return event
        self._queue.put_nowait(event)
        if event is None:
            raise StopAsyncIteration
        raise event
