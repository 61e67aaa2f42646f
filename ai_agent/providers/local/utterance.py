"""One stretch of speech on one decoder process."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ai_agent.audio import INPUT_HZ, Pcm
from ai_agent.errors import EngineTimeout, EngineUnavailable, ProviderError
from ai_agent.providers.local import sphinx_wire as wire
from ai_agent.providers.local.framing import Frame
from ai_agent.providers.local.sphinx_pool import Decoder
from ai_agent.providers.ports import HeardWord, SttEvent

AHEAD = INPUT_HZ
"""Samples sent but not yet decoded: few, so that what waits is in the bounded backlog."""
LONG, TOO_LONG = 12 * INPUT_HZ, 24 * INPUT_HZ
"""From LONG on an utterance is cut at the first quiet spot, at TOO_LONG wherever it is."""
QUIET_RMS = 200.0


class Utterance:
    """What was said so far, kept to be said again to another process. `begin_s`: its place in the stream."""

    def __init__(self, first: Pcm, begin_s: float) -> None:
        self.begin_s = begin_s
        self.chunks = [first]
        self._samples = len(first)

    def add(self, pcm: Pcm) -> None:
        self.chunks.append(pcm)
        self._samples += len(pcm)

    @property
    def should_be_cut(self) -> bool:
        return self._samples >= TOO_LONG or (self._samples >= LONG and rms(self.chunks[-1]) < QUIET_RMS)


def rms(pcm: Pcm) -> float:
    return float(np.sqrt(np.mean(np.square(pcm.astype(np.float32)))))


@dataclass(frozen=True, slots=True)
class Final:
    """`cmn`: what the decoder learned of this microphone, for the next utterance."""

    event: SttEvent
    cmn: str | None


class Hearing:
    """Drives the decoder through the utterance. All raise ProviderError if the process ends or hangs."""

    def __init__(
        self, engine: str, decoder: Decoder, on_partial: Callable[[str], None], *, gap_s: float
    ) -> None:
        self._engine = engine
        self._decoder = decoder
        self._on_partial = on_partial
        self._gap_s = gap_s
        self._changed = asyncio.Event()
        self._sent = 0
        self._heard = 0
        self._final: bytes | None = None
        self._is_lost = False
        decoder.listen(self._take)

    def start(self, cmn: str | None) -> None:
        self._send(wire.START, json.dumps({"cmn": cmn}).encode())

    async def say(self, pcm: Pcm) -> None:
        self._send(wire.AUDIO, pcm.astype("<i2").tobytes())
        self._sent += len(pcm)
        while self._sent - self._heard > AHEAD:
            await self._progress()

    async def finish(self, begin_s: float) -> Final:
        self._send(wire.FINISH)
        while self._final is None:
            await self._progress()
        told = json.loads(self._final)
        words = tuple(
            HeardWord(text, begin_s + start, begin_s + end, confidence)
            for text, start, end, confidence in told["words"]
        )
        sure = sum(word.confidence for word in words) / len(words) if words else 0.0
        return Final(SttEvent("final", told["text"], words, sure), told["cmn"])

    def cancel(self) -> None:
        with contextlib.suppress(ProviderError):
            self._send(wire.CANCEL)

    def _send(self, kind: bytes, body: bytes = b"") -> None:
        self._decoder.process.send(kind, self._decoder.number, body)

    async def _progress(self) -> None:
        if self._is_lost:
            raise EngineUnavailable(self._engine, "its process ended")
        self._changed.clear()
        try:
            async with asyncio.timeout(self._gap_s):
                await self._changed.wait()
        except TimeoutError as error:
            self._decoder.process.kill()
            raise EngineTimeout(self._engine, "its process hangs") from error

    def _take(self, frame: Frame | None) -> None:
        if frame is None:
            self._is_lost = True
        elif frame.kind == wire.HEARD:
            (self._heard,) = wire.SAMPLES.unpack(frame.body)
        elif frame.kind == wire.FINAL:
            self._final = frame.body
        elif frame.kind == wire.PARTIAL:
            self._on_partial(frame.body.decode())
        self._changed.set()
