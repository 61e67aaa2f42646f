"""A chain of STT engines. A stream that breaks is opened again, or at the next engine, and gets again the
audio that no final has covered. Between turns the chain returns to a better engine that has recovered.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ai_agent.audio import INPUT_HZ, Pcm
from ai_agent.errors import EngineTimeout, EngineUnavailable, InvalidResponse, ProviderError
from ai_agent.providers.chain.fallback import EngineCandidate, FallbackChain
from ai_agent.providers.ports import AcceptsLevel, EngineCard, Stt, SttEvent, SttStream
from ai_agent.providers.stt_stream import BaseSttStream, log_unexpected

REPLAY_S = 30.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SttTimeouts:
    """Seconds. `flush_s`: an engine with a successor that owes finals for longer is replaced. `return_s`: for
    opening a better engine again, shorter than `open_s` because the learner may be speaking again.
    """

    open_s: float = 5.0
    return_s: float = 1.5
    flush_s: float = 4.0


class FallbackStt:
    """An Stt over a chain of them."""

    def __init__(self, chain: FallbackChain[Stt], timeouts: SttTimeouts | None = None) -> None:
        self.chain = chain
        self._timeouts = timeouts or SttTimeouts()

    @property
    def card(self) -> EngineCard:
        """The card of the engine that answers now."""
        return self.chain.current.card

    @property
    def detects_turns(self) -> bool:
        """Detection of turns by the engine that answers now: it may change with a fallback."""
        return self.chain.current.detects_turns

    async def open(self, language: str, *, hints: Sequence[str] = ()) -> FallbackSttStream:
        """Returns at once: audio is accepted while the first engine is opened."""
        return FallbackSttStream(self.chain, language, tuple(hints), self._timeouts)

    async def aclose(self) -> None:
        """Does nothing: the registry closes the engines."""


class FallbackSttStream(BaseSttStream):
    def __init__(
        self, chain: FallbackChain[Stt], language: str, hints: tuple[str, ...], timeouts: SttTimeouts
    ) -> None:
        super().__init__("chain")
        self._chain = chain
        self._language = language
        self._hints = hints
        self._timeouts = timeouts
        self._level: str | None = None
        self._replay = ReplayBuffer()
        self._stream: SttStream | None = None
        self._stream_start = 0
        """Position of the open stream's first sample in this one."""
        self._pending_flushes = 0
        self._answered = False
        self._flush_s: float | None = None
        self._deadline: asyncio.Timeout | None = None

    def push(self, pcm: Pcm) -> None:
        if not self._is_closed and len(pcm):
            self._replay.add(pcm)
            if self._stream is not None:
                self._stream.push(pcm)

    def flush(self) -> None:
        if self._is_closed:
            return
        self._replay.add(None)
        self._pending_flushes += 1
        if self._stream is not None:
            self._stream.flush()
            if self._pending_flushes == 1:
                self._restart_flush_timeout()

    def set_level(self, level: str) -> None:
        """Kept for engines that are opened later."""
        self._level = level
        self._pass_level(self._stream)

    def _pass_level(self, stream: SttStream | None) -> None:
        if self._level is not None and isinstance(stream, AcceptsLevel):
            stream.set_level(self._level)

    async def _run(self) -> None:
        """Raises the last error when all engines have failed one after the other without an event between."""
        failed: set[int] = set()
        error: ProviderError | None = EngineUnavailable("chain", "no engine is left")
        while left := [candidate for candidate in self._chain.in_order() if id(candidate) not in failed]:
            candidate = left[0]
            is_return = error is None
            self._answered = False
            error = await self._serve(candidate, has_next=len(left) > 1, is_return=is_return)
            if self._answered:
                failed.clear()
            if error is None:
                continue
            name = candidate.engine.card.name
            _log.warning("engine failed", extra={"engine": name, "code": error.code, "error": str(error)})
            may_retry = self._answered or not is_return
            delay = self._chain.retry_delay(candidate, error) if may_retry else None
            if delay is None:
                self._chain.record_failure(candidate, error)
                failed.add(id(candidate))
            else:
                await asyncio.sleep(delay)
        if error is not None:
            raise error

    async def _serve(
        self, candidate: EngineCandidate[Stt], *, has_next: bool, is_return: bool
    ) -> ProviderError | None:
        """Use one engine until it fails. None: a turn has ended and a better engine has recovered."""
        name = candidate.engine.card.name
        self._flush_s = self._timeouts.flush_s if has_next else None
        stream: SttStream | None = None
        try:
            async with asyncio.timeout(self._timeouts.return_s if is_return else self._timeouts.open_s):
                stream = await candidate.engine.open(self._language, hints=self._hints)
            async with asyncio.timeout(None) as self._deadline:
                self._connect(stream)
                self._chain.set_answering(candidate)
                async for event in stream:
                    if not self._answered:
                        self._answered = True
                        candidate.circuit.record_success()
                    self._pass_on(event)
                    if self._is_between_turns(event) and self._chain.has_better(candidate):
                        return None
        except ProviderError as error:
            return error
        except TimeoutError:
            return EngineTimeout(name, "no stream or no finals in time")
        except Exception as error:  # noqa: BLE001 - an unexpected error of an SDK must not end the stream
            return InvalidResponse(name, type(error).__name__)
        else:
            return EngineUnavailable(name, "the stream ended")
        finally:
            self._stream = self._deadline = None
            if stream is not None:
                await _close(stream, name)

    def _is_between_turns(self, event: SttEvent) -> bool:
        """Whether no turn is open after this event. An engine that detects turns is hardly ever flushed;
        audio after the words of its turn is replayed to the next engine.
        """
        if event.kind == "flushed":
            return self._replay.is_empty
        return event.kind == "end_of_turn" and bool(event.words) and not self._pending_flushes

    def _connect(self, stream: SttStream) -> None:
        self._stream_start = self._replay.start
        self._pass_level(stream)
        for item in self._replay.items():
            if item is None:
                stream.flush()
            else:
                stream.push(item)
        self._stream = stream
        self._restart_flush_timeout()

    def _restart_flush_timeout(self) -> None:
        """Counts from now if a flush is pending, else it is off."""
        if self._deadline is None or self._flush_s is None:
            return
        now = asyncio.get_running_loop().time()
        self._deadline.reschedule(now + self._flush_s if self._pending_flushes else None)

    def _pass_on(self, event: SttEvent) -> None:
        if event.kind == "flushed":
            self._pending_flushes = max(0, self._pending_flushes - 1)
            self._replay.settle_flush()
        self._restart_flush_timeout()
        if event.words:
            offset = self._stream_start / INPUT_HZ
            words = tuple(
                replace(word, start_s=word.start_s + offset, end_s=word.end_s + offset)
                for word in event.words
            )
            event = replace(event, words=words)
            if event.kind in ("final", "end_of_turn"):
                self._replay.settle(int(words[-1].end_s * INPUT_HZ))
        self._events.put(event)


async def _close(stream: SttStream, engine: str) -> None:
    try:
        await stream.aclose()
    except Exception as error:  # noqa: BLE001 - the chain's stream must not end with an engine's
        log_unexpected("STT stream failed to close", engine, error)


class ReplayBuffer:
    """Samples and flushes that no final covers yet, at most `capacity_s` of them.

    `start`: position of the first sample in the stream.
    """

    def __init__(self, capacity_s: float = REPLAY_S) -> None:
        self._capacity = int(capacity_s * INPUT_HZ)
        self._items: deque[Pcm | None] = deque()
        self._samples = 0
        self.start = 0

    @property
    def is_empty(self) -> bool:
        return not self._items

    def add(self, item: Pcm | None) -> None:
        """None is a flush."""
        self._items.append(item)
        self._samples += 0 if item is None else len(item)
        while self._samples > self._capacity:
            self._drop_first()

    def settle_flush(self) -> None:
        """Drop everything up to and including the first flush."""
        while self._items:
            if self._drop_first() is None:
                return

    def settle(self, until: int) -> None:
        """Drop what lies before sample `until` of the stream. A flush is settled by `settle_flush` alone."""
        while self._items and (first := self._items[0]) is not None and self.start + len(first) <= until:
            self._drop_first()

    def items(self) -> list[Pcm | None]:
        """Samples between two flushes are joined."""
        joined: list[Pcm | None] = []
        run: list[Pcm] = []
        for item in self._items:
            if item is not None:
                run.append(item)
                continue
            if run:
                joined.append(np.concatenate(run))
                run = []
            joined.append(None)
        if run:
            joined.append(np.concatenate(run))
        return joined

    def _drop_first(self) -> Pcm | None:
        item = self._items.popleft()
        if item is not None:
            self._samples -= len(item)
            self.start += len(item)
        return item
