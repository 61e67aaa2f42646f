"""Deepgram Flux, `/v2/listen`: transcription that says where turns end."""

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
from ai_agent.providers.cloud.faults import as_provider_errors
from ai_agent.providers.cloud.socket_stream import FLUSH_S, SocketStream
from ai_agent.providers.ports import EngineCard, HeardWord, SttEvent, SttEventKind

log = logging.getLogger(__name__)

EAGER_EOT_THRESHOLD = 0.4
MAX_HINTS = 50
ENGLISH: Final = "flux-general-en"
MULTILINGUAL: Final = "flux-general-multi"
LANGUAGES = frozenset({"de", "en", "es", "fr", "hi", "it", "ja", "nl", "pt", "ru"})


@dataclass(frozen=True, slots=True)
class TurnThresholds:
    """How sure Flux must be that a turn has ended (0.5 to 0.9), and the silence that ends it all the same."""

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
"""By level: learners pause to find words. In Flux's ranges; in the steps of our own delays, not measured."""
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
        primary = language.split("-", maxsplit=1)[0]
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
        return FluxStream(self.card.name, FluxLine(self.card.name, socket), stack, self._flush_s)

    async def aclose(self) -> None:
        """Streams close their own sockets."""


class FluxStream(SocketStream):
    def __init__(self, engine: str, line: FluxLine, stack: AsyncExitStack, flush_s: float) -> None:
        super().__init__(engine, line, stack, translate(engine), keep_alive_s=None, flush_s=flush_s)
        self._flux = line

    def set_level(self, level: str) -> None:
        self._flux.thresholds = THRESHOLDS.get(level, DEFAULT_THRESHOLDS)


class FluxLine:
    """`thresholds`: what it should be; Flux is told before the next sound."""

    def __init__(self, engine: str, socket: Any) -> None:
        self._engine = engine
        self._socket = socket
        self._is_in_turn = False
        self.thresholds = self._told = DEFAULT_THRESHOLDS

    async def send_audio(self, data: bytes) -> None:
        if self.thresholds != self._told:
            self._told = self.thresholds
            await self._socket.send_configure({"type": "Configure", "thresholds": asdict(self._told)})
        await self._socket.send_media(data)

    async def send_flush(self) -> bool:
        """Flux ignores it between turns."""
        await self._socket.send_force_end_turn()
        return self._is_in_turn

    async def keep_alive(self) -> None:
        """Flux knows none."""

    async def receive(self) -> Sequence[SttEvent]:
        """The SDK gives None for a message it does not know; `event` and `trigger` are open sets."""
        message = await self._socket.recv()
        kind = getattr(message, "type", None)
        if kind == "Error":
            raise EngineUnavailable(self._engine, f"it told of {getattr(message, 'code', 'an error')}"[:80])
        if kind == "ConfigureFailure":
            log.warning("%s keeps its thresholds: %s", self._engine, getattr(message, "code", None))
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
    told = [SttEvent(kind, info.transcript or "", words, info.end_of_turn_confidence or 0.0)]
    if kind == "end_of_turn":
        told.append(SttEvent("flushed"))
    return told
