"""Interfaces that Web Push needs from the outside: its store, and the way to the push services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from server.push.model import PushMessage, Subscription, Target


class PushStore(Protocol):
    """All methods raise Unavailable."""

    async def subscribe(self, subscription: Subscription, most: int) -> None:
        """Replaces the one that the same session or the same browser had, and beyond `most` of the person the
        oldest. Raises SessionEnded if the session does not exist."""
        ...

    async def unsubscribe(self, session_digest: str) -> None: ...

    async def delete(self, subscription_id: str) -> None: ...

    async def sessions_of(self, user_id: str) -> Sequence[str]:
        """Digests of the sessions with a subscription."""
        ...

    async def take_due(self, now: float, limit: int) -> Sequence[PushMessage]:
        """Take what is to be sent now: of several calls at once each gets others, and nothing is taken twice.
        What is too late, or was read meanwhile, is dropped."""
        ...

    async def put_back(self, message: PushMessage, due_at: float) -> None:
        """To be sent then. Nothing happens if the notice or the subscription is gone."""
        ...


class StoredKey(Protocol):
    """A value that all servers share."""

    async def get_or_put(self, name: str, value: str) -> str:
        """The stored value; `value` if there was none, which is stored then. Raises Unavailable."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """Of a push service. `status` 0: there was none. `retry_after_s`: what it asked for."""

    status: int
    retry_after_s: float | None = None


class PushServices(Protocol):
    async def send(self, target: Target, body: bytes, headers: dict[str, str]) -> Answer:
        """Never raises for what the other side does."""
        ...

    async def aclose(self) -> None:
        """Idempotent."""
        ...
