"""Base classes of STT streams: a task reads input and emits events, and however it ends, its reader learns
so.

`BaseSttStream` has the events and the task, `BufferedSttStream` also a queue of input for the task.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from abc import ABC, abstractmethod
from collections import deque
from pathlib import Path
from typing import Self

import numpy as np

from ai_agent.audio import INPUT_HZ, Pcm
from ai_agent.errors import EngineUnavailable, InvalidResponse, ProviderError
from ai_agent.providers.ports import SttEvent
from server.common.tasks import cancel_and_wait

BUFFER_S = 30.0
CHUNK = INPUT_HZ // 10

_log = logging.getLogger(__name__)


class EventQueue:
    """Events in order, then the end of the stream. The first end counts; every later read gets it again."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[SttEvent | None] = asyncio.Queue()
        self._error: ProviderError | None = None
        self._is_closed = False

    def put(self, event: SttEvent) -> None:
        self._queue.put_nowait(event)

    def close(self, error: ProviderError | None = None) -> None:
        """Events that were put before are still delivered."""
        if not self._is_closed:
            self._is_closed = True
            self._error = error
            self._queue.put_nowait(None)

    async def next(self) -> SttEvent:
        """Raises the error that the stream ended with, or StopAsyncIteration."""
        event = await self._queue.get()
        if event is not None:
            return event
        self._queue.put_nowait(None)
        raise self._error or StopAsyncIteration


class BaseSttStream(ABC):
    """Implements the reading side of SttStream. `_run` starts after the subclass's constructor returned."""

    def __init__(self, engine: str) -> None:
        self._engine = engine
        self._events = EventQueue()
        self._is_closed = False
        self._task = asyncio.create_task(self._run_to_end(), name=f"{engine} stream")

    @abstractmethod
    async def _run(self) -> None:
        """Emit events until cancelled. Raises ProviderError if the engine failed for good."""

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> SttEvent:
        return await self._events.next()

    async def aclose(self) -> None:
        """Idempotent."""
        self._is_closed = True
        try:
            await cancel_and_wait(self._task)
        finally:
            self._events.close()  # a task that was cancelled before its first step has not done so

    async def _run_to_end(self) -> None:
        """The events end however `_run` does, else the reader would wait for ever."""
        error: ProviderError = EngineUnavailable(self._engine, "the stream was cancelled")
        try:
            await self._run()
            error = EngineUnavailable(self._engine, "the stream ended")
        except ProviderError as failure:
            error = failure
        except Exception as failure:  # noqa: BLE001 - see above
            log_unexpected("STT stream failed", self._engine, failure)
            error = InvalidResponse(self._engine, type(failure).__name__)
        finally:
            self._events.close(None if self._is_closed else error)
            self._is_closed = True


def log_unexpected(event: str, engine: str, error: Exception) -> None:
    """Log the type and place of an error, not its text, which may hold words of learners."""
    at = traceback.extract_tb(error.__traceback__)[-1:]
    place = f"{Path(at[0].filename).name}:{at[0].lineno}" if at else ""
    _log.error(event, extra={"engine": engine, "error": type(error).__name__, "at": place})


class BufferedSttStream(BaseSttStream):
    """An SttStream whose `_run` reads from `_input`."""

    def __init__(self, engine: str) -> None:
        super().__init__(engine)
        self._input = InputQueue()

    def push(self, pcm: Pcm) -> None:
        if not self._is_closed and len(pcm):
            self._input.push(pcm)

    def flush(self) -> None:
        if not self._is_closed:
            self._input.flush()


class InputQueue:
    """Samples and flushes that the engine has not taken yet, in order.

    Holds at most `capacity_s`: beyond that the oldest samples are dropped, but never a flush. `position`:
    samples taken or dropped so far.
    """

    def __init__(self, capacity_s: float = BUFFER_S) -> None:
        self._capacity = int(capacity_s * INPUT_HZ)
        self._items: deque[Pcm | None] = deque()
        self._samples = 0
        self._flushes_at_end = 0
        self._changed = asyncio.Event()
        self.position = 0

    def push(self, pcm: Pcm) -> None:
        for start in range(0, len(pcm), CHUNK):
            self._items.append(pcm[start : start + CHUNK])
        self._samples += len(pcm)
        self._flushes_at_end = 0
        while self._samples > self._capacity:
            self._drop_oldest()
        self._changed.set()

    def flush(self) -> None:
        if self._flushes_at_end < 2:  # a third in a row would have no effect
            self._items.append(None)
            self._flushes_at_end += 1
        self._changed.set()

    async def pop(self) -> Pcm | None:
        """Wait for input. None is a flush. Waiting chunks are joined, up to CHUNK samples."""
        while not self._items:
            self._changed.clear()
            await self._changed.wait()
        first = self._items.popleft()
        if first is None:
            self._flushes_at_end = max(0, self._flushes_at_end - (not self._items))
            return None
        parts, length = [first], len(first)
        while self._items and (after := self._items[0]) is not None and length + len(after) <= CHUNK:
            parts.append(after)
            length += len(after)
            self._items.popleft()
        self._samples -= length
        self.position += length
        return np.concatenate(parts)

    def _drop_oldest(self) -> None:
        index = next(index for index, item in enumerate(self._items) if item is not None)
        dropped = self._items[index]
        del self._items[index]
        if dropped is not None:
            self._samples -= len(dropped)
            self.position += len(dropped)
