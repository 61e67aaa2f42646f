"""The memory of recordings that wait for their answers, of all sessions of a worker together."""

from __future__ import annotations

MAX_BACKLOG_BYTES = 256 << 20


class Backlog:
    def __init__(self, max_bytes: int = MAX_BACKLOG_BYTES) -> None:
        self._max_bytes = max_bytes
        self.total = 0

    def take(self, size: int) -> bool:
        """Whether there is room for so many bytes, which then count until `give_back`."""
        if self.total + size > self._max_bytes:
            return False
        self.total += size
        return True

    def give_back(self, size: int) -> None:
        self.total -= size
