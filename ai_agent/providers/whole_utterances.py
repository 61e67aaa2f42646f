"""An STT stream whose engine transcribes whole utterances: without partials, when the dialogue flushes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import numpy as np

from ai_agent.audio import INPUT_HZ, Pcm
from ai_agent.providers.ports import USUAL_SCALE, ConfidenceScale, HeardWord, SttEvent
from ai_agent.providers.stt_stream import BufferedSttStream

MIN_SAMPLES = INPUT_HZ // 10
"""Shorter audio is not sent: OpenAI's API refuses it."""
MAX_SAMPLES = 25 * INPUT_HZ


@dataclass(frozen=True, slots=True)
class Transcript:
    """`confidence`: None if the engine gives none."""

    text: str
    confidence: float | None = None


class WholeUtteranceStream(BufferedSttStream):
    """`transcribe` may raise ProviderError, which ends the stream."""

    def __init__(
        self,
        engine: str,
        transcribe: Callable[[Pcm], Awaitable[Transcript]],
        scale: ConfidenceScale = USUAL_SCALE,
    ) -> None:
        super().__init__(engine)
        self._transcribe = transcribe
        self._scale = scale

    async def _run(self) -> None:
        pending: list[Pcm] = []
        while True:
            pcm = await self._input.pop()
            if pcm is not None:
                pending.append(pcm)
            if pcm is None or sum(map(len, pending)) >= MAX_SAMPLES:
                await self._finish(pending)
                pending = []
            if pcm is None:
                self._events.put(SttEvent("flushed"))

    async def _finish(self, pending: list[Pcm]) -> None:
        """There are no word times, so the whole text becomes one word that ends with the audio."""
        if sum(map(len, pending)) < MIN_SAMPLES:
            return
        pcm = np.concatenate(pending)
        end_s = self._input.position / INPUT_HZ
        heard = await self._transcribe(pcm)
        if not heard.text:
            return
        sure = 1.0 if heard.confidence is None else heard.confidence
        word = HeardWord(heard.text, end_s - len(pcm) / INPUT_HZ, end_s, sure)
        self._events.put(SttEvent("final", heard.text, (word,), heard.confidence, self._scale))
