"""One speaker's STT stream: an utterance is decoded again as it grows, for partials, and once at its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ai_agent.audio import INPUT_HZ, Pcm
from ai_agent.providers.local.decode_queue import Decoded
from ai_agent.providers.ports import ConfidenceScale, HeardWord, SttEvent
from ai_agent.providers.stt_stream import BufferedSttStream

FIRST_PARTIAL = INPUT_HZ * 7 // 10
PARTIAL_EVERY = INPUT_HZ // 2
CUT_FROM, CUT_AT = 8 * INPUT_HZ, 20 * INPUT_HZ
"""An utterance longer than CUT_FROM is cut at the first pause, so that partials do not cost ever more; at
CUT_AT where it is least loud, because the model was trained on up to 30 s."""
LAST_CHANCE = 4 * INPUT_HZ
"""The end of an utterance of CUT_AT, in which the place for the cut is chosen."""
BLOCK = INPUT_HZ // 10
PAUSE_BLOCKS = 2
QUIET_RMS = 100.0
QUIET_SHARE = 0.08
"""A block is quiet below QUIET_RMS, or below this share of the utterance's loud blocks."""
SCALE = ConfidenceScale(low=0.6, high=0.85)
"""Learners' words below 0.6 were wrong in 76 of 100 cases, from 0.75 to 0.85 in 17, from 0.85 in 4."""
DOUBTFUL = 0.5
"""On noise the model gives one word, mostly of a probability below this (measured: silence, hiss 0.3)."""
NOISE_WORDS = frozenset({"you", "so", "the", "a", "i", "oh", "um", "uh", "hmm", "mm", "bye"})
NOISE_WORD_DOUBTFUL = 0.75
"""The same for the words that it prefers for noise (measured: a tone 0.5, a burst like a cough 0.73)."""


class Queue(Protocol):
    """The used part of a DecodeQueue."""

    async def final(self, pcm: Pcm) -> Decoded: ...

    def partial(self, pcm: Pcm, draft: Sequence[int]) -> asyncio.Future[Decoded] | None: ...


class MoonshineStream(BufferedSttStream):
    def __init__(self, engine: str, queue: Queue, on_close: Callable[[MoonshineStream], None]) -> None:
        super().__init__(engine)
        self._queue = queue
        self._on_close = on_close
        self._utterance = Utterance()
        self._partial: asyncio.Future[Decoded] | None = None

    async def aclose(self) -> None:
        """Idempotent."""
        await super().aclose()
        self._drop_partial()
        self._on_close(self)

    async def _run(self) -> None:
        while True:
            pcm = await self._input.pop()
            if pcm is None:
                await self._finish()
                self._events.put(SttEvent("flushed"))
                continue
            utterance = self._utterance
            utterance.add(pcm, self._input.position)
            if utterance.length >= utterance.next_look:
                utterance.next_look = utterance.length + BLOCK
                await self._look()

    async def _look(self) -> None:
        """Cut the utterance if it is time to, else ask for a partial if the process has time for one."""
        utterance = self._utterance
        cut = cut_point(utterance.pcm)
        if cut is not None:
            await self._finish(cut)
        elif self._partial is None:
            self._partial = self._queue.partial(utterance.pcm, utterance.tokens)
            if self._partial is not None:
                utterance.next_look = utterance.length + PARTIAL_EVERY
                self._partial.add_done_callback(self._on_partial)

    def _on_partial(self, future: asyncio.Future[Decoded]) -> None:
        """Errors are left to the final, which is tried twice."""
        failed = future.cancelled() or future.exception() is not None
        if future is not self._partial:
            return
        self._partial = None
        if failed:
            return
        decoded = future.result()
        utterance = self._utterance
        utterance.tokens = decoded.tokens
        if decoded.text != utterance.shown and not is_noise(decoded):
            utterance.shown = decoded.text
            self._events.put(SttEvent("partial", decoded.text, (), decoded.confidence, SCALE))

    def _drop_partial(self) -> None:
        partial, self._partial = self._partial, None
        if partial is not None:
            partial.cancel()

    async def _finish(self, cut: int | None = None) -> None:
        """The final of the utterance, or of its first `cut` samples; the rest begins the next one."""
        self._drop_partial()
        utterance, self._utterance = self._utterance, Utterance()
        pcm = utterance.pcm
        if cut is not None:
            self._utterance.add(pcm[cut:], self._input.position)
            pcm = pcm[:cut]
        if not has_sound(pcm):
            return
        decoded = await self._queue.final(pcm)
        if decoded.words and not is_noise(decoded):
            words = timed(decoded.words, pcm, utterance.begin / INPUT_HZ)
            self._events.put(SttEvent("final", decoded.text, words, decoded.confidence, SCALE))


class Utterance:
    """The audio so far. `begin`: position of its first sample in the stream. `tokens`, `shown`: of the last
    partial. `next_look`: length at which it is looked at next.
    """

    def __init__(self) -> None:
        self.begin = 0
        self.length = 0
        self.next_look = FIRST_PARTIAL
        self.tokens: tuple[int, ...] = ()
        self.shown = ""
        self._parts: list[Pcm] = []

    def add(self, pcm: Pcm, position: int) -> None:
        """`position`: of the end of `pcm` in the stream."""
        if not self._parts:
            self.begin = position - len(pcm)
        self._parts.append(pcm)
        self.length += len(pcm)

    @property
    def pcm(self) -> Pcm:
        if len(self._parts) != 1:
            self._parts = [np.concatenate(self._parts) if self._parts else np.zeros(0, np.int16)]
        return self._parts[0]


def is_noise(decoded: Decoded) -> bool:
    """Whether the words are probably none: a single one of low probability."""
    if len(decoded.words) != 1:
        return False
    word = "".join(char for char in decoded.text.lower() if char.isalpha())
    return decoded.confidence < (NOISE_WORD_DOUBTFUL if word in NOISE_WORDS else DOUBTFUL)


def block_levels(pcm: Pcm) -> npt.NDArray[np.float32]:
    """RMS of each whole block."""
    blocks = pcm[: len(pcm) // BLOCK * BLOCK].reshape(-1, BLOCK).astype(np.float32)
    levels: npt.NDArray[np.float32] = np.sqrt(np.mean(np.square(blocks), axis=1))
    return levels


def quiet_below(levels: npt.NDArray[np.float32]) -> float:
    return max(QUIET_RMS, QUIET_SHARE * float(np.quantile(levels, 0.9)))


def has_sound(pcm: Pcm) -> bool:
    """Digital silence is not worth decoding, and would give a word that nobody said."""
    return bool(len(pcm)) and int(np.abs(pcm).max()) >= QUIET_RMS


def cut_point(pcm: Pcm) -> int | None:
    """The place at which to cut a long utterance, in samples: the middle of a pause."""
    if len(pcm) < CUT_FROM:
        return None
    levels = block_levels(pcm)
    if (levels[-PAUSE_BLOCKS:] < quiet_below(levels)).all():
        return (len(levels) - PAUSE_BLOCKS // 2) * BLOCK
    if len(pcm) < CUT_AT:
        return None
    first = len(levels) - LAST_CHANCE // BLOCK
    return (first + int(levels[first:].argmin())) * BLOCK + BLOCK // 2


def timed(words: Sequence[tuple[str, float]], pcm: Pcm, begin_s: float) -> tuple[HeardWord, ...]:
    """Words with estimated times, since the model gives none: each as long as its letters, from the first
    sound on. The last one ends with the audio, all of which it covers.
    """
    levels = block_levels(pcm)
    loud = np.flatnonzero(levels >= quiet_below(levels)) if len(levels) else np.zeros(0, int)
    start = float(loud[0]) * BLOCK / INPUT_HZ if len(loud) else 0.0
    letters = np.cumsum([0, *(len(text) + 1 for text, _ in words)], dtype=float)
    times = begin_s + start + letters / letters[-1] * (len(pcm) / INPUT_HZ - start)
    return tuple(
        HeardWord(text, float(times[at]), float(times[at + 1]), probability)
        for at, (text, probability) in enumerate(words)
    )
