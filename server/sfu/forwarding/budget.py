"""A token bucket: how often something may happen, however often it is asked for."""

from __future__ import annotations


class Budget:
    def __init__(self, per_second: float, burst: float) -> None:
        self._per_second = per_second
        self._burst = burst
        self._tokens = burst
        self._updated = 0.0

    def take(self, now: float) -> bool:
        elapsed = max(0.0, now - self._updated)
        self._updated = now
        self._tokens = min(self._burst, self._tokens + elapsed * self._per_second)
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def owe(self, more: int) -> None:
        """What was taken led to more of the same: the next wait is longer."""
        self._tokens -= more
