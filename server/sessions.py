"""Sessions: a user's sign-in on one device. A token is valid only while its session is stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from server.auth import TokenAuth, TokenClaims
from server.errors import ProfileGone, SessionEnded
from server.rooms.model import digest, new_secret
from server.rooms.ports import Bus, UserStore

SESSION_ENDED_TOPIC = "session_ended"
"""On the bus: `user_id` and `session_id` of a session that has ended. Every node ends its connections."""


class SessionStore(Protocol):
    """Stores sessions by the SHA-256 digest of their id. All methods raise Unavailable."""

    async def add_session(self, session_digest: str, user_id: str, now: float) -> None: ...

    async def has_session(self, session_digest: str, user_id: str) -> bool: ...

    async def delete_session(self, session_digest: str) -> None:
        """An unknown session is no error."""
        ...


class Sessions:
    """`clock` is seconds since the epoch."""

    def __init__(
        self, auth: TokenAuth, store: SessionStore, users: UserStore, bus: Bus, clock: Callable[[], float]
    ) -> None:
        self._auth = auth
        self._store = store
        self._users = users
        self._bus = bus
        self._clock = clock

    @property
    def token_ttl_s(self) -> int:
        return self._auth.ttl_s

    async def open(self, user_id: str) -> str:
        """A new session of a stored user. Returns its first token."""
        claims = TokenClaims(user_id, new_secret())
        await self._store.add_session(digest(claims.session_id), user_id, self._clock())
        return self.token(claims)

    def token(self, claims: TokenClaims) -> str:
        """A new token of the same session."""
        return self._auth.issue(claims, self._clock())

    def verify(self, token: str, *, accept_expired: bool = False) -> TokenClaims:
        """Checks the token alone; `require` checks its session. Raises TokenExpired, Unauthenticated."""
        return self._auth.verify(token, self._clock(), accept_expired=accept_expired)

    async def require(self, claims: TokenClaims) -> None:
        """Raises SessionEnded; ProfileGone if the user was deleted; Unavailable."""
        if await self._store.has_session(digest(claims.session_id), claims.user_id):
            return
        raise SessionEnded if await self._users.get_user(claims.user_id) else ProfileGone

    async def end(self, claims: TokenClaims) -> None:
        """Sign out on this device: void its tokens, then end its connections and seats. Idempotent."""
        await self._store.delete_session(digest(claims.session_id))
        self._bus.publish(SESSION_ENDED_TOPIC, {"user_id": claims.user_id, "session_id": claims.session_id})
