"""What ears have in common: sound waits in a backlog for one task, which tells what it understood."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod

from ai_agent.audio import Pcm
from ai_agent.errors import ProviderError
from ai_agent.providers.backlog import Backlog
from ai_agent.providers.events import Events
from ai_agent.providers.ports import SttEvent


class BaseSttStream(ABC):
    """An SttStream. Its work begins in the loop's next turn, after the constructors."""

    def __init__(self, name: str) -> None:
        self._backlog = Backlog()
        self._events = Events()
        self._closed = False
        self._work = asyncio.create_task(self._worked(), name=name)

    @abstractmethod
    async def _run(self) -> None:
        """Until it is cancelled or raises the ProviderError with which the events end."""

    def push(self, pcm: Pcm) -> None:
        if not self._closed and len(pcm):
            self._backlog.push(pcm)

    def flush(self) -> None:
        if not self._closed:
            self._backlog.flush()

    def __aiter__(self) -> BaseSttStream:
        return self

    async def __anext__(self) -> SttEvent:
        return await self._events.next()

    async def aclose(self) -> None:
        """Idempotent."""
        if self._closed:
            return
        self._closed = True
        self._work.cancel()
        await asyncio.wait([self._work])
        self._events.end()

    async def _worked(self) -> None:
        try:
            await self._run()
        except ProviderError as error:
            self._events.end(error)
