"""A rate limit that holds over several servers, and on each of them alone while they cannot share it."""

from __future__ import annotations

from typing import Protocol

from server.common.token_bucket import KeyedLimiter


class SharedBuckets(Protocol):
    """Token buckets that several servers share."""

    async def take(self, kind: str, key: str, rate_per_s: float, burst: float, n: float) -> float | None:
        """Take `n` tokens and return 0, or take none and return the seconds until they are available. None if
        the buckets cannot be reached now. A negative `n` gives tokens back."""
        ...


class SharedLimiter:
    """One bucket a key on this server, and one of the same size for all servers if there are `shared` ones.
    `kind` names the limit in those."""

    def __init__(self, kind: str, local: KeyedLimiter, shared: SharedBuckets | None = None) -> None:
        self._kind = kind
        self._local = local
        self._shared = shared

    def take_here(self, key: str, now: float, n: float = 1) -> float:
        """As KeyedLimiter.take: for requests that cost too little to ask the others."""
        return self._local.take(key, now, n)

    async def take(self, key: str, now: float, n: float = 1) -> float:
        """As KeyedLimiter.take, over all servers."""
        wait = self._local.take(key, now, n)
        if wait > 0 or self._shared is None:
            return wait
        wait = await self._ask(self._shared, key, n) or 0.0
        if wait > 0:
            self._local.give_back(key, n)
        return wait

    async def give_back(self, key: str, n: float = 1) -> None:
        self._local.give_back(key, n)
        if self._shared is not None:
            await self._ask(self._shared, key, -n)

    async def _ask(self, shared: SharedBuckets, key: str, n: float) -> float | None:
        return await shared.take(self._kind, key, self._local.rate_per_s, self._local.burst, n)
