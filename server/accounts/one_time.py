"""Secrets that are used once, within minutes. The store has their digests alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from server.accounts.model import OneTime, Purpose
from server.accounts.ports import OneTimeStore
from server.rooms.model import digest

_SWEEP_EVERY_S = 60.0


class OneTimeSecrets:
    """`clock` is seconds since the epoch. All methods raise Unavailable."""

    def __init__(self, store: OneTimeStore, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self._swept_at = 0.0

    async def keep(
        self,
        secret: str,
        purpose: Purpose,
        ttl_s: float,
        value: Mapping[str, Any],
        user_id: str | None = None,
    ) -> None:
        """Accept `secret` once, for `ttl_s`. The user's earlier ones become void if its kind `is_single`."""
        now = self._clock()
        if now - self._swept_at >= _SWEEP_EVERY_S:
            self._swept_at = now
            await self._store.delete_expired(now)
        await self._store.put(OneTime(digest(secret), purpose, user_id, value, now + ttl_s))

    async def find(self, purpose: Purpose, secret: str) -> OneTime | None:
        return await self._store.find(purpose, digest(secret), self._clock())

    async def take(self, purpose: Purpose, secret: str) -> OneTime | None:
        """Return the data stored with the secret; None if it was used or expired."""
        return await self._store.take(purpose, digest(secret), self._clock())
