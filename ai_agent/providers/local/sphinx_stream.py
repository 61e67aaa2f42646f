"""One speaker's STT stream: each utterance borrows a decoder process and returns it with its finals."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ai_agent.audio import INPUT_HZ, Pcm
from ai_agent.errors import EngineTimeout, EngineUnavailable, ProviderError
from ai_agent.providers.local.pipe_protocol import SAMPLE_COUNT, Frame, SphinxKind
from ai_agent.providers.ports import HeardWord, SttEvent
from ai_agent.providers.stt_stream import BufferedSttStream

IDLE_S = 3.0
"""An utterance without audio or a flush for this long ends, so that others can use its decoder."""
GAP_S = 8.0
"""A process that sends nothing for this long hangs, and is replaced."""
TRIES = 2
MAX_AHEAD = INPUT_HZ
"""Samples sent but not yet decoded. Few, so that the rest waits in the stream's bounded queue."""
CUT_FROM, CUT_AT = 12 * INPUT_HZ, 24 * INPUT_HZ
"""An utterance longer than CUT_FROM is cut at the first quiet chunk, at CUT_AT at any chunk."""
QUIET_RMS = 200.0


class Decoder(Protocol):
    """A running process that is lent for one utterance. Methods raise ProviderError."""

    def listen(self, listener: Callable[[Frame | None], None]) -> None: ...

    def send(self, kind: bytes, body: bytes = b"") -> None: ...

    def kill(self) -> None: ...


class SphinxStream(BufferedSttStream):
    def __init__(
        self,
        engine: str,
        borrow: Callable[[], AbstractAsyncContextManager[Decoder]],
        on_close: Callable[[SphinxStream], None],
        *,
        idle_s: float = IDLE_S,
        gap_s: float = GAP_S,
    ) -> None:
        super().__init__(engine)
        self._borrow = borrow
        self._on_close = on_close
        self._idle_s = idle_s
        self._gap_s = gap_s
        self._cmn: str | None = None

    async def aclose(self) -> None:
        """Idempotent."""
        await super().aclose()
        self._on_close(self)

    async def _run(self) -> None:
        while True:
            first = await self._input.pop()
            if first is None or await self._transcribe(first):
                self._events.put(SttEvent("flushed"))

    async def _transcribe(self, first: Pcm) -> bool:
        """One utterance; after a crash it is decoded again. Returns whether a flush ended it."""
        utterance = Utterance(first, (self._input.position - len(first)) / INPUT_HZ)
        for attempt in range(1, TRIES + 1):
            try:
                async with self._borrow() as decoder:
                    return await self._decode(decoder, utterance)
            except (EngineUnavailable, EngineTimeout):
                if attempt == TRIES:
                    raise
        raise AssertionError("unreachable")

    async def _decode(self, decoder: Decoder, utterance: Utterance) -> bool:
        decoding = Decoding(self._engine, decoder, self._on_partial, gap_s=self._gap_s)
        try:
            decoding.start(self._cmn)
            for pcm in utterance.chunks:
                await decoding.push(pcm)
            was_flushed = await self._push_input(decoding, utterance)
            final = await decoding.finish(utterance.begin_s)
        except BaseException:  # CancelledError too: another stream uses the decoder next
            decoding.cancel()
            raise
        self._cmn = final.cmn or self._cmn
        self._events.put(final.event)
        return was_flushed

    async def _push_input(self, decoding: Decoding, utterance: Utterance) -> bool:
        """Pass on audio until the utterance ends. Returns whether a flush ended it."""
        while not utterance.should_be_cut:
            try:
                async with asyncio.timeout(self._idle_s):
                    pcm = await self._input.pop()
            except TimeoutError:
                return False
            if pcm is None:
                return True
            utterance.add(pcm)
            await decoding.push(pcm)
        return False

    def _on_partial(self, text: str) -> None:
        self._events.put(SttEvent("partial", text))


class Utterance:
    """The audio so far, kept to be decoded again by another process. `begin_s`: its start in the stream."""

    def __init__(self, first: Pcm, begin_s: float) -> None:
        self.begin_s = begin_s
        self.chunks = [first]
        self._samples = len(first)

    def add(self, pcm: Pcm) -> None:
        self.chunks.append(pcm)
        self._samples += len(pcm)

    @property
    def should_be_cut(self) -> bool:
        return self._samples >= CUT_AT or (self._samples >= CUT_FROM and rms(self.chunks[-1]) < QUIET_RMS)


def rms(pcm: Pcm) -> float:
    return float(np.sqrt(np.mean(np.square(pcm.astype(np.float32)))))


@dataclass(frozen=True, slots=True)
class Final:
    """`cmn`: cepstral means of this microphone, for the speaker's next utterance."""

    event: SttEvent
    cmn: str | None


class Decoding:
    """One utterance on one decoder. Methods raise ProviderError if the process ends or hangs."""

    def __init__(
        self, engine: str, decoder: Decoder, on_partial: Callable[[str], None], *, gap_s: float
    ) -> None:
        self._engine = engine
        self._decoder = decoder
        self._on_partial = on_partial
        self._gap_s = gap_s
        self._changed = asyncio.Event()
        self._sent = 0
        self._decoded = 0
        self._final: bytes | None = None
        self._is_lost = False
        decoder.listen(self._on_frame)

    def start(self, cmn: str | None) -> None:
        self._decoder.send(SphinxKind.START, json.dumps({"cmn": cmn}).encode())

    async def push(self, pcm: Pcm) -> None:
        self._decoder.send(SphinxKind.AUDIO, pcm.astype("<i2").tobytes())
        self._sent += len(pcm)
        while self._sent - self._decoded > MAX_AHEAD:
            await self._progress()

    async def finish(self, begin_s: float) -> Final:
        self._decoder.send(SphinxKind.FINISH)
        while self._final is None:
            await self._progress()
        result = json.loads(self._final)
        words = tuple(
            HeardWord(text, begin_s + start, begin_s + end, confidence)
            for text, start, end, confidence in result["words"]
        )
        confidence = sum(word.confidence for word in words) / len(words) if words else 0.0
        return Final(SttEvent("final", result["text"], words, confidence), result["cmn"])

    def cancel(self) -> None:
        with contextlib.suppress(ProviderError):
            self._decoder.send(SphinxKind.CANCEL)

    async def _progress(self) -> None:
        if self._is_lost:
            raise EngineUnavailable(self._engine, "its process ended")
        self._changed.clear()
        try:
            async with asyncio.timeout(self._gap_s):
                await self._changed.wait()
        except TimeoutError as error:
            self._decoder.kill()
            raise EngineTimeout(self._engine, "its process hangs") from error

    def _on_frame(self, frame: Frame | None) -> None:
        if frame is None:
            self._is_lost = True
        elif frame.kind == SphinxKind.DECODED:
            (self._decoded,) = SAMPLE_COUNT.unpack(frame.body)
        elif frame.kind == SphinxKind.FINAL:
            self._final = frame.body
        elif frame.kind == SphinxKind.PARTIAL:
            self._on_partial(frame.body.decode())
        self._changed.set()
