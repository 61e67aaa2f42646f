"""What an ear has still to hear, in order: samples and flushes."""

from __future__ import annotations

import asyncio
from collections import deque

import numpy as np

from ai_agent.audio import INPUT_HZ, Pcm

BUFFER_S = 30.0
CHUNK = INPUT_HZ // 10


class Backlog:
    """Holds at most `capacity_s`: beyond it the oldest samples go, never a flush.

    `position`: samples given out or dropped so far.
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
        if self._flushes_at_end < 2:  # a third in a row would tell nobody anything
            self._items.append(None)
            self._flushes_at_end += 1
        self._changed.set()

    async def pop(self) -> Pcm | None:
        """Waits for something. None is a flush. What waits comes joined, up to CHUNK samples."""
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
