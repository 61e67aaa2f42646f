"""Token buckets: rate limits on one thing (`TokenBucket`) or on many by key (`KeyedLimiter`).

The caller passes the time; any monotonic clock in seconds will do.
"""

from __future__ import annotations

from collections import OrderedDict


class TokenBucket:
    """Allows `burst` at once, refilled at `rate_per_s`."""

    __slots__ = ("_burst", "_level", "_rate", "_updated")

    def __init__(self, rate_per_s: float, burst: float) -> None:
        if rate_per_s <= 0 or burst <= 0:
            raise ValueError("rate and burst must be positive")
        self._rate = rate_per_s
        self._burst = burst
        self._level = burst
        self._updated: float | None = None

    def take(self, now: float, n: float = 1) -> float:
        """Take `n` tokens and return 0, or take none and return the seconds until they are available.

        A request for more than the burst takes the whole burst: it could never be met otherwise.
        """
        self._refill(now)
        wanted = min(n, self._burst)
        if wanted <= self._level:
            self._level -= wanted
            return 0.0
        return (wanted - self._level) / self._rate

    def try_take(self, now: float) -> bool:
        """Take one token if there is one. The packet path calls this for every packet."""
        self._refill(now)
        if self._level < 1:
            return False
        self._level -= 1
        return True

    def give_back(self, n: float = 1) -> None:
        """Undo a `take`."""
        self._level = min(self._burst, self._level + n)

    def charge(self, n: float) -> None:
        """Take `n` tokens even if there are fewer: the next wait is longer."""
        self._level -= n

    def _refill(self, now: float) -> None:
        if self._updated is not None and now > self._updated:
            self._level = min(self._burst, self._level + (now - self._updated) * self._rate)
        self._updated = now


class KeyedLimiter:
    """One bucket a key. Holds at most `max_keys`; beyond, the least recently used key starts afresh."""

    def __init__(self, rate_per_s: float, burst: float, *, max_keys: int = 10_000) -> None:
        self.rate_per_s = rate_per_s
        self.burst = burst
        self._max_keys = max_keys
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()

    @classmethod
    def hourly(cls, count: float) -> KeyedLimiter:
        """At most `count` within any hour, half of them at once."""
        return cls(count / 2 / 3_600, count / 2)

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, key: str, now: float, n: float = 1) -> float:
        """As TokenBucket.take, for `key`."""
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = TokenBucket(self.rate_per_s, self.burst)
            if len(self._buckets) > self._max_keys:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(key)
        return bucket.take(now, n)

    def give_back(self, key: str, n: float = 1) -> None:
        """As TokenBucket.give_back, for `key`; nothing if its bucket is gone."""
        if (bucket := self._buckets.get(key)) is not None:
            bucket.give_back(n)
