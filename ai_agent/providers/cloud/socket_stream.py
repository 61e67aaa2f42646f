"""An STT stream over a vendor's WebSocket: one task sends, one receives, and flushes have a timeout."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Protocol

from ai_agent.errors import EngineTimeout, ProviderError
from ai_agent.providers.cloud.vendor_errors import Translate, as_provider_errors
from ai_agent.providers.ports import SttEvent
from ai_agent.providers.stt_stream import BufferedSttStream
from server.common.tasks import cancel_and_wait

FLUSH_S = 1.5
"""A vendor need not answer a flush if there was no speech. After this time any message that came meanwhile
counts as the answer; without any message the vendor is taken for dead."""
UNEXPECTED_FLUSH_S = 0.5
"""Wait for an answer that the vendor does not owe, but sends if it has heard more than it has reported."""


class SttSocket(Protocol):
    """A vendor's messages. Methods may raise whatever the vendor's library raises."""

    async def send_audio(self, data: bytes) -> None: ...

    async def send_flush(self) -> bool:
        """Whether the vendor must answer."""
        ...

    async def keep_alive(self) -> None: ...

    async def receive(self) -> Sequence[SttEvent]:
        """Events of the next message; empty for a message that is not used."""
        ...


class SocketStream(BufferedSttStream):
    """`stack` closes the connection. `keep_alive_s`: None if the vendor needs no keep-alive."""

    def __init__(
        self,
        engine: str,
        socket: SttSocket,
        stack: AsyncExitStack,
        translate: Translate,
        *,
        keep_alive_s: float | None,
        flush_s: float = FLUSH_S,
    ) -> None:
        super().__init__(engine)
        self._socket = socket
        self._stack = stack
        self._translate = translate
        self._keep_alive_s = keep_alive_s
        self._flush_s = flush_s
        self._flush_answered = asyncio.Event()
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
            self._events.close(error)  # before the socket is closed, which may take seconds
        finally:
            # errors of vendors may hold words of learners
            await cancel_and_wait(receiving, sending, log_errors=False)
            with contextlib.suppress(ProviderError), as_provider_errors(self._engine):
                await self._stack.aclose()

    async def _receive(self) -> None:
        while True:
            events = await self._socket.receive()
            self._messages += 1
            for event in events:
                if event.kind == "flushed":
                    self._flush_answered.set()
                else:
                    self._events.put(event)

    async def _send(self) -> None:
        has_audio_since_flush = False
        while True:
            try:
                async with asyncio.timeout(self._keep_alive_s):
                    pcm = await self._input.pop()
            except TimeoutError:
                await self._socket.keep_alive()
                continue
            if pcm is not None:
                await self._socket.send_audio(pcm.astype("<i2").tobytes())
                has_audio_since_flush = True
            else:
                if has_audio_since_flush:
                    await self._flush()
                has_audio_since_flush = False
                self._events.put(SttEvent("flushed"))

    async def _flush(self) -> None:
        messages_before = self._messages
        self._flush_answered.clear()
        must_answer = await self._socket.send_flush()
        try:
            async with asyncio.timeout(
                self._flush_s if must_answer else min(self._flush_s, UNEXPECTED_FLUSH_S)
            ):
                await self._flush_answered.wait()
        except TimeoutError as error:
            if must_answer and self._messages == messages_before:
                raise EngineTimeout(self._engine, "no finals in time") from error
