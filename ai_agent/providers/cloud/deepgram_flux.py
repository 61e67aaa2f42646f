"""STT: Deepgram Flux, `/v2/listen`, which detects turns."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from typing import Any, Final

from deepgram import AsyncDeepgramClient

from ai_agent.audio import INPUT_HZ
from ai_agent.config import Settings
from ai_agent.errors import EngineUnavailable
from ai_agent.providers.cloud.deepgram_api import VENDOR, client, translate
from ai_agent.providers.cloud.socket_stream import FLUSH_S, SocketStream
from ai_agent.providers.cloud.vendor_errors import as_provider_errors
from ai_agent.providers.ports import EngineCard, HeardWord, SttEvent, SttEventKind, primary_tag

_log = logging.getLogger(__name__)

EAGER_EOT_THRESHOLD = 0.4
MAX_HINTS = 50
ENGLISH: Final = "flux-general-en"
MULTILINGUAL: Final = "flux-general-multi"
LANGUAGES = frozenset({"de", "en", "es", "fr", "hi", "it", "ja", "nl", "pt", "ru"})


@dataclass(frozen=True, slots=True)
class TurnThresholds:
    """Confidence at which Flux ends a turn (0.5 to 0.9), and the silence that ends it at any confidence."""

    eot_threshold: float = 0.7
    eot_timeout_ms: int = 5_000


THRESHOLDS: Mapping[str, TurnThresholds] = {
    "A1": TurnThresholds(0.85, 7_000),
    "A2": TurnThresholds(0.8, 6_000),
    "B1": TurnThresholds(0.75, 5_000),
    "B2": TurnThresholds(0.7, 4_500),
    "C1": TurnThresholds(0.65, 4_000),
    "C2": TurnThresholds(0.6, 3_500),
}
"""Thresholds by level, because learners pause to find words. Within Flux's ranges, in the steps of the
dialogue's own delays; chosen, not measured."""
DEFAULT_THRESHOLDS = TurnThresholds()
KINDS: Mapping[str, SttEventKind] = {
    "Update": "partial",
    "StartOfTurn": "start_of_turn",
    "EagerEndOfTurn": "eager_end_of_turn",
    "TurnResumed": "turn_resumed",
    "EndOfTurn": "end_of_turn",
}


def build(settings: Settings) -> DeepgramFlux:
    return DeepgramFlux(client(settings))


class DeepgramFlux:
    detects_turns = True

    def __init__(self, deepgram: AsyncDeepgramClient, *, flush_s: float = FLUSH_S) -> None:
        self.card = EngineCard("Flux", VENDOR, is_cloud=True, languages=LANGUAGES)
        self._client = deepgram
        self._flush_s = flush_s

    async def open(self, language: str, *, hints: Sequence[str] = ()) -> FluxStream:
        primary = primary_tag(language)
        stack = AsyncExitStack()
        with as_provider_errors(self.card.name, translate(self.card.name)):
            socket = await stack.enter_async_context(
                self._client.listen.v2.connect(
                    model=ENGLISH if primary == "en" else MULTILINGUAL,
                    encoding="linear16",
                    sample_rate=INPUT_HZ,
                    eot_threshold=DEFAULT_THRESHOLDS.eot_threshold,
                    eager_eot_threshold=EAGER_EOT_THRESHOLD,
                    eot_timeout_ms=DEFAULT_THRESHOLDS.eot_timeout_ms,
                    keyterm=list(hints[:MAX_HINTS]) or None,
                    language_hint=None if primary == "en" else primary,
                )
            )
        return FluxStream(self.card.name, FluxSocket(self.card.name, socket), stack, self._flush_s)

    async def aclose(self) -> None:
        """Streams close their own sockets."""


class FluxStream(SocketStream):
    def __init__(self, engine: str, socket: FluxSocket, stack: AsyncExitStack, flush_s: float) -> None:
        super().__init__(engine, socket, stack, translate(engine), keep_alive_s=None, flush_s=flush_s)
        self._flux = socket

    def set_level(self, level: str) -> None:
        self._flux.thresholds = THRESHOLDS.get(level, DEFAULT_THRESHOLDS)


class FluxSocket:
    """`thresholds`: sent to Flux before the next audio if they have changed."""

    def __init__(self, engine: str, socket: Any) -> None:
        self._engine = engine
        self._socket = socket
        self._is_in_turn = False
        self.thresholds = self._sent_thresholds = DEFAULT_THRESHOLDS

    async def send_audio(self, data: bytes) -> None:
        if self.thresholds != self._sent_thresholds:
            self._sent_thresholds = self.thresholds
            await self._socket.send_configure(
                {"type": "Configure", "thresholds": asdict(self._sent_thresholds)}
            )
        await self._socket.send_media(data)

    async def send_flush(self) -> bool:
        """Flux ignores a flush between turns."""
        await self._socket.send_force_end_turn()
        return self._is_in_turn

    async def keep_alive(self) -> None:
        """Flux needs none."""

    async def receive(self) -> Sequence[SttEvent]:
        """The SDK returns None for an unknown message. `event` and `trigger` may get new values."""
        message = await self._socket.recv()
        kind = getattr(message, "type", None)
        if kind == "Error":
            raise EngineUnavailable(
                self._engine, f"error message {getattr(message, 'code', '')}".strip()[:80]
            )
        if kind == "ConfigureFailure":
            code = getattr(message, "code", None)
            _log.warning("new thresholds refused", extra={"engine": self._engine, "code": code})
        if kind != "TurnInfo":
            return ()
        if message.event in {"StartOfTurn", "EndOfTurn"}:
            self._is_in_turn = message.event == "StartOfTurn"
        return events_of(message)


def events_of(info: Any) -> list[SttEvent]:
    kind = KINDS.get(info.event)
    if kind is None:
        return []
    words = tuple(
        HeardWord(word.word, word.start or 0.0, word.end or 0.0, word.confidence) for word in info.words or ()
    )
    confidence = sum(word.confidence for word in words) / len(words) if words else None
    events = [SttEvent(kind, info.transcript or "", words, confidence)]
    if kind == "end_of_turn":
        events.append(SttEvent("flushed"))
    return events
