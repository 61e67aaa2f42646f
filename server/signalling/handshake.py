"""Authenticates a new connection: a token becomes a user, or the connection is refused with an error."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from server.auth import TokenClaims
from server.common.token_bucket import KeyedLimiter
from server.errors import ProfileGone, SessionEnded, TooManyRequests, Unauthenticated, Unavailable
from server.rooms.model import UNKNOWN_ORIGIN, Origin, User, digest, tutor_user
from server.rooms.ports import UserStore
from server.signalling.connections import UserConnections, always


class Sessions(Protocol):
    def verify(self, token: str) -> TokenClaims:
        """Raises Unauthenticated, TokenExpired."""
        ...

    async def require(self, claims: TokenClaims, origin: Callable[[], Origin]) -> None:
        """`origin`: of the request. Raises SessionEnded, ProfileGone, Banned, Unavailable."""
        ...


TutorRoom = Callable[[str], str | None]
"""The room that a job's token opens for its tutor; None for any other token."""

_MAX_TOKEN = 4096


@dataclass(frozen=True, slots=True)
class Entry:
    """The user of a connection, and the session that allows it.

    `tutor_room` is set if it is the tutor of that room, which has no session: `may_act` says whether the
    token of its job still holds.
    """

    user: User
    session_digest: str | None = None
    tutor_room: str | None = None
    may_act: Callable[[], bool] = always


class Handshake:
    def __init__(
        self,
        sessions: Sessions,
        users: UserStore,
        connections: UserConnections,
        limiter: KeyedLimiter | None,
        *,
        max_per_user: int,
        timeout_s: float,
    ) -> None:
        self._sessions = sessions
        self._users = users
        self._connections = connections
        self._limiter = limiter
        self._max_per_user = max_per_user
        self._timeout = timeout_s

    async def enter(
        self,
        auth: Any,
        now: float,
        tutor_room: TutorRoom,
        origin: Callable[[], Origin] = lambda: UNKNOWN_ORIGIN,
    ) -> Entry:
        """`auth` comes from the client and may have any shape. Raises Unauthenticated, TokenExpired,
        SessionEnded, ProfileGone, Banned, TooManyRequests, Unavailable."""
        token = _token(auth)
        room_id = tutor_room(token)
        if room_id is not None:
            tutor = tutor_user(room_id)
            self._check_limits(tutor.id, now)
            return Entry(tutor, tutor_room=room_id, may_act=lambda: tutor_room(token) == room_id)
        claims = self._sessions.verify(token)
        self._check_limits(claims.user_id, now)
        user = await self._profile(claims, origin)
        session = digest(claims.session_id)
        if self._connections.has_ended(session):  # while the store was asked
            raise SessionEnded
        return Entry(user, session)

    async def _profile(self, claims: TokenClaims, origin: Callable[[], Origin]) -> User:
        try:
            async with asyncio.timeout(self._timeout):
                await self._sessions.require(claims, origin)
                user = await self._users.get_user(claims.user_id)
        except TimeoutError:
            raise Unavailable from None
        if user is None:
            raise ProfileGone
        return user

    def _check_limits(self, user_id: str, now: float) -> None:
        if self._limiter is None:
            return
        if self._connections.count(user_id) >= self._max_per_user:
            raise TooManyRequests(
                f"You already have {self._max_per_user} connections open, the maximum. Close some pages."
            )
        wait = self._limiter.take(user_id, now)
        if wait:
            raise TooManyRequests(retryAfter=math.ceil(wait * 100) / 100)


def _token(auth: Any) -> str:
    token = auth.get("token") if isinstance(auth, dict) else None
    if not isinstance(token, str) or not 0 < len(token) <= _MAX_TOKEN:
        raise Unauthenticated
    return token
