"""STT: Deepgram's live transcription, `/v1/listen`."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any

from deepgram import AsyncDeepgramClient

from ai_agent.audio import INPUT_HZ
from ai_agent.config import Settings
from ai_agent.errors import EngineUnavailable
from ai_agent.providers.cloud.deepgram_api import VENDOR, client, translate
from ai_agent.providers.cloud.socket_stream import FLUSH_S, SocketStream
from ai_agent.providers.cloud.vendor_errors import as_provider_errors
from ai_agent.providers.ports import EngineCard, HeardWord, SttEvent, SttEventKind

KEEP_ALIVE_S = 4.0
"""Deepgram closes the socket after 10 s without audio or KeepAlive (1011, NET-0001)."""
ENDPOINTING_MS = 300
MAX_HINTS = 50


def build(settings: Settings) -> DeepgramV1:
    return DeepgramV1(client(settings), settings.deepgram_model)


class DeepgramV1:
    detects_turns = False

    def __init__(
        self,
        deepgram: AsyncDeepgramClient,
        model: str,
        *,
        keep_alive_s: float = KEEP_ALIVE_S,
        flush_s: float = FLUSH_S,
    ) -> None:
        self.card = EngineCard(model[:80], VENDOR, is_cloud=True)
        self._client = deepgram
        self._model = model
        self._keep_alive_s = keep_alive_s
        self._flush_s = flush_s

    async def open(self, language: str, *, hints: Sequence[str] = ()) -> SocketStream:
        stack = AsyncExitStack()
        with as_provider_errors(self.card.name, translate(self.card.name)):
            socket = await stack.enter_async_context(
                self._client.listen.v1.connect(
                    model=self._model,
                    language=language,
                    encoding="linear16",
                    sample_rate=INPUT_HZ,
                    channels=1,
                    interim_results="true",  # a bool would go out as "True"
                    punctuate="true",
                    smart_format="true",
                    endpointing=ENDPOINTING_MS,
                    keyterm=list(hints[:MAX_HINTS]) or None,
                )
            )
        return SocketStream(
            self.card.name,
            V1Socket(self.card.name, socket),
            stack,
            translate(self.card.name),
            keep_alive_s=self._keep_alive_s,
            flush_s=self._flush_s,
        )

    async def aclose(self) -> None:
        """Streams close their own sockets."""


class V1Socket:
    def __init__(self, engine: str, socket: Any) -> None:
        self._engine = engine
        self._socket = socket

    async def send_audio(self, data: bytes) -> None:
        await self._socket.send_media(data)

    async def send_flush(self) -> bool:
        await self._socket.send_finalize()
        return True

    async def keep_alive(self) -> None:
        await self._socket.send_keep_alive()

    async def receive(self) -> Sequence[SttEvent]:
        """The SDK returns None for an unknown message."""
        message = await self._socket.recv()
        kind = getattr(message, "type", None)
        if kind == "Error":
            raise EngineUnavailable(self._engine, "error message")
        return events_of(message) if kind == "Results" else ()


def events_of(results: Any) -> list[SttEvent]:
    """Empty for a result without words."""
    found = results.channel.alternatives[0]
    words = tuple(
        HeardWord(word.punctuated_word or word.word, word.start, word.end, word.confidence)
        for word in found.words or ()
    )
    events = []
    if found.transcript:
        kind: SttEventKind = "final" if results.is_final else "partial"
        events.append(SttEvent(kind, found.transcript, words, found.confidence))
    if results.from_finalize:
        events.append(SttEvent("flushed"))
    return events
