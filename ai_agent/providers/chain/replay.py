"""What an ear was given and has not yet answered for: said again to the next one after a break."""

from __future__ import annotations

from collections import deque

import numpy as np

from ai_agent.audio import INPUT_HZ, Pcm

CAPACITY_S = 30.0


class Replay:
    """Samples and flushes since the last one that is settled, at most `capacity_s` of them.

    `start`: how many samples of the stream came before.
    """

    def __init__(self, capacity_s: float = CAPACITY_S) -> None:
        self._capacity = int(capacity_s * INPUT_HZ)
        self._items: deque[Pcm | None] = deque()
        self._samples = 0
        self.start = 0

    @property
    def is_empty(self) -> bool:
        """All was answered for."""
        return not self._items

    def add(self, item: Pcm | None) -> None:
        """None is a flush."""
        self._items.append(item)
        self._samples += 0 if item is None else len(item)
        while self._samples > self._capacity:
            self._drop_first()

    def flushed(self) -> None:
        """Everything up to the first flush has been answered for."""
        while self._items:
            if self._drop_first() is None:
                return

    def settled(self, until: int) -> None:
        """All before sample `until` of the stream is in finals. A flush is settled by `flushed` alone."""
        while self._items and (first := self._items[0]) is not None and self.start + len(first) <= until:
            self._drop_first()

    def items(self) -> list[Pcm | None]:
        """Stretches between flushes are joined."""
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
