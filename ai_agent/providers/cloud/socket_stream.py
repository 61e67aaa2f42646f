"""An ear over a WebSocket: who sends, who receives, and what happens when nothing comes back."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Protocol

from ai_agent.errors import EngineTimeout, ProviderError
from ai_agent.providers.cloud.faults import Translate, as_provider_errors
from ai_agent.providers.ports import SttEvent
from ai_agent.providers.stt_stream import BaseSttStream

FLUSH_S = 1.5
"""A vendor need not answer a flush when there was nothing to say. If it tells other things meanwhile, that is
taken for the answer; if it tells nothing at all, it is dead."""
UNOWED_S = 0.5
"""For an answer that is not owed, but may come if the vendor has heard more than it has told."""


class Line(Protocol):
    """One vendor's words for it. May raise whatever its library raises."""

    async def send_audio(self, data: bytes) -> None: ...

    async def send_flush(self) -> bool:
        """Whether an answer is owed."""
        ...

    async def keep_alive(self) -> None: ...

    async def receive(self) -> Sequence[SttEvent]:
        """What the next message says; nothing for a message that is not for us."""
        ...


class SocketStream(BaseSttStream):
    """`stack` closes the connection. `keep_alive_s`: None where the vendor knows no such thing."""

    def __init__(
        self,
        engine: str,
        line: Line,
        stack: AsyncExitStack,
        translate: Translate,
        *,
        keep_alive_s: float | None,
        flush_s: float = FLUSH_S,
    ) -> None:
        super().__init__(f"{engine} stream")
        self._engine = engine
        self._line = line
        self._stack = stack
        self._translate = translate
        self._keep_alive_s = keep_alive_s
        self._flush_s = flush_s
        self._answered = asyncio.Event()
        self._messages = 0

    async def _run(self) -> None:
        receiving = asyncio.create_task(self._receive(), name=f"{self._engine} receiver")
        sending = asyncio.create_task(self._send(), name=f"{self._engine} sender")
        try:
            done, _ = await asyncio.wait((receiving, sending), return_when=asyncio.FIRST_COMPLETED)
            with as_provider_errors(self._engine, self._translate):
                for task in done:
                    task.result()
        except ProviderError as error:
            self._events.end(error)
        finally:
            for task in (receiving, sending):
                task.cancel()
            await asyncio.gather(receiving, sending, return_exceptions=True)
            with contextlib.suppress(ProviderError), as_provider_errors(self._engine):
                await self._stack.aclose()

    async def _receive(self) -> None:
        while True:
            events = await self._line.receive()
            self._messages += 1
            for event in events:
                if event.kind == "flushed":
                    self._answered.set()
                else:
                    self._events.tell(event)

    async def _send(self) -> None:
        said_since_flush = False
        while True:
            try:
                async with asyncio.timeout(self._keep_alive_s):
                    pcm = await self._backlog.pop()
            except TimeoutError:
                await self._line.keep_alive()
                continue
            if pcm is not None:
                await self._line.send_audio(pcm.astype("<i2").tobytes())
                said_since_flush = True
            else:
                if said_since_flush:
                    await self._flush()
                said_since_flush = False
                self._events.tell(SttEvent("flushed"))

    async def _flush(self) -> None:
        before = self._messages
        self._answered.clear()
        is_owed = await self._line.send_flush()
        try:
            async with asyncio.timeout(self._flush_s if is_owed else min(self._flush_s, UNOWED_S)):
                await self._answered.wait()
        except TimeoutError as error:
            if is_owed and self._messages == before:
                raise EngineTimeout(self._engine, "no finals in time") from error
