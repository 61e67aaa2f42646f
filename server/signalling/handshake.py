"""Who opens a connection: a token becomes a user, or a refusal that says why."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from server.errors import TooManyRequests, Unauthenticated, Unavailable
from server.limits import Limiter
from server.rooms.model import User
from server.rooms.ports import UserStore
from server.signalling.audience import UserConnections

Verify = Callable[[str], str]
"""A token's user id. Raises Unauthenticated, TokenExpired."""

_MAX_TOKEN = 4096


class Handshake:
    def __init__(
        self,
        verify: Verify,
        users: UserStore,
        connections: UserConnections,
        limiter: Limiter | None,
        *,
        max_per_user: int,
        timeout_s: float,
    ) -> None:
        self._verify = verify
        self._users = users
        self._connections = connections
        self._limiter = limiter
        self._max_per_user = max_per_user
        self._timeout = timeout_s

    async def user(self, auth: Any, now: float) -> User:
        """`auth` is what the client sent, of any shape. Raises Unauthenticated, TokenExpired,
        TooManyRequests, Unavailable."""
        user_id = self._verify(_token(auth))
        self._check_limits(user_id, now)
        try:
            async with asyncio.timeout(self._timeout):
                user = await self._users.get_user(user_id)
        except TimeoutError:
            raise Unavailable from None
        if user is None:
            raise Unauthenticated("Your profile does not exist any more. Sign in again.")
        return user

    def _check_limits(self, user_id: str, now: float) -> None:
        if self._limiter is None:
            return
        if self._connections.count(user_id) >= self._max_per_user:
            raise TooManyRequests("You have too many connections open. Close some pages.")
        wait = self._limiter.take(user_id, now)
        if wait:
            raise TooManyRequests(retryAfter=round(wait, 2))


def _token(auth: Any) -> str:
    token = auth.get("token") if isinstance(auth, dict) else None
    if not isinstance(token, str) or not 0 < len(token) <= _MAX_TOKEN:
        raise Unauthenticated
    return token
