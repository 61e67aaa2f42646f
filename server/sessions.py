"""Sessions: a user's sign-in on one device. A token is valid only while its session is stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from server.auth import TokenAuth, TokenClaims
from server.errors import ProfileGone, SessionEnded
from server.rooms.model import UNKNOWN_ORIGIN, Origin, digest, new_secret
from server.rooms.ports import Bus, UserStore

SESSION_ENDED_TOPIC = "session_ended"
"""On the bus: `user_id` and `session_digest` of a session that has ended. All nodes end its connections."""
SEEN_EVERY_S = 3_600.0
"""A session's last use is stored to the hour, so that a visit is seldom a write."""


class SessionStore(Protocol):
    """Stores sessions by the SHA-256 digest of their id. All methods raise Unavailable."""

    async def add_session(
        self, session_digest: str, user_id: str, now: float, device: str = "", device_digest: str = ""
    ) -> Sequence[str]:
        """`device`: its name. `device_digest`: of its cookie, empty where there is none. Returns the digests
        of the user's sessions that have ended for it: those used longest ago, if there are too many."""
        ...

    async def has_session(self, session_digest: str, user_id: str) -> bool:
        """Whether it exists and no ban keeps it out, of its user or its device."""
        ...

    async def device_of(self, session_digest: str, user_id: str) -> str | None:
        """Digest of the device cookie of a session, also of one that a ban keeps out; empty where it had
        none. None if there is no such session."""
        ...

    async def session_seen(
        self, session_digest: str, now: float, at_most_every_s: float, device_digest: str = ""
    ) -> None:
        """Note when the session was used, and with which cookie, unless a time less than `at_most_every_s`
        ago is stored."""
        ...

    async def delete_sessions(
        self, user_id: str, only: str | None = None, keep: str | None = None
    ) -> Sequence[str]:
        """Delete the user's session `only`, or all but `keep`. Returns the digests of those that existed."""
        ...


class BanGate(Protocol):
    """Knows whom bans of the server keep out."""

    async def require(self, user_id: str, origin: Origin, device: str = "") -> None:
        """`device`: digest of another cookie of the same person. Raises Banned, Unavailable."""
        ...

    async def require_new(self, origin: Origin) -> None:
        """Before a new profile is made. Raises Banned, Unavailable."""
        ...


class NoBans:
    """The BanGate of a server without moderators."""

    async def require(self, user_id: str, origin: Origin, device: str = "") -> None:
        pass

    async def require_new(self, origin: Origin) -> None:
        pass


def _somewhere() -> Origin:
    return UNKNOWN_ORIGIN


class Sessions:
    """`clock` is seconds since the epoch."""

    def __init__(
        self,
        auth: TokenAuth,
        store: SessionStore,
        users: UserStore,
        bus: Bus,
        clock: Callable[[], float],
        gate: BanGate | None = None,
    ) -> None:
        self._auth = auth
        self._store = store
        self._users = users
        self._bus = bus
        self._clock = clock
        self._gate = gate or NoBans()

    @property
    def token_ttl_s(self) -> int:
        return self._auth.ttl_s

    async def require_new(self, origin: Origin) -> None:
        """Before a new profile is made there. Raises Banned, Unavailable."""
        await self._gate.require_new(origin)

    async def require_guest(self, user_id: str, origin: Origin) -> None:
        """For a guest of a voice session, who has no session here. Raises Banned, Unavailable."""
        await self._gate.require(user_id, origin)

    async def open(self, user_id: str, device: str = "", origin: Origin = UNKNOWN_ORIGIN) -> str:
        """A new session of a stored user. Returns its first token. `device`: its name, for the user. Raises
        Banned, Unavailable."""
        claims = TokenClaims(user_id, new_secret())
        this = digest(claims.session_id)
        ended = await self._store.add_session(this, user_id, self._clock(), device, origin.device)
        self.ended(user_id, ended)
        try:
            # Afterwards: a ban that comes meanwhile finds the session, or is found here.
            await self._gate.require(user_id, origin)
        except BaseException:
            await self._store.delete_sessions(user_id, only=this)
            raise
        return self.token(claims)

    def token(self, claims: TokenClaims) -> str:
        """A new token of the same session."""
        return self._auth.issue(claims, self._clock())

    def verify(self, token: str, *, accept_expired: bool = False) -> TokenClaims:
        """Checks the token alone; `require` checks its session. Raises TokenExpired, Unauthenticated."""
        return self._auth.verify(token, self._clock(), accept_expired=accept_expired)

    async def require(
        self,
        claims: TokenClaims,
        origin: Callable[[], Origin] = _somewhere,
        *,
        accept_banned: bool = False,
    ) -> None:
        """`origin`: of the request, asked for only if a ban is found. Raises SessionEnded; ProfileGone if the
        user was deleted; Banned unless `accept_banned`; Unavailable."""
        this = digest(claims.session_id)
        if await self._store.has_session(this, claims.user_id):
            return
        device = await self._store.device_of(this, claims.user_id)
        if device is None:
            raise SessionEnded if await self._users.get_user(claims.user_id) else ProfileGone
        if not accept_banned:
            await self._gate.require(claims.user_id, origin(), device)

    async def seen(self, claims: TokenClaims, origin: Origin = UNKNOWN_ORIGIN) -> None:
        """Note that the session is in use. Raises Unavailable."""
        await self._store.session_seen(digest(claims.session_id), self._clock(), SEEN_EVERY_S, origin.device)

    async def end(self, claims: TokenClaims) -> None:
        """Sign out on this device: void its tokens, then end its connections and seats. Idempotent."""
        this = digest(claims.session_id)
        await self._store.delete_sessions(claims.user_id, only=this)
        self._publish_end(claims.user_id, this)

    async def end_one(self, user_id: str, session_digest: str) -> bool:
        """As `end`, for another device of the user. False if there is no such session."""
        ended = await self._store.delete_sessions(user_id, only=session_digest)
        for found in ended:
            self._publish_end(user_id, found)
        return bool(ended)

    async def end_all(self, user_id: str, keep: TokenClaims | None = None) -> None:
        """As `end`, for all devices of the user but that of `keep`."""
        kept = digest(keep.session_id) if keep else None
        self.ended(user_id, await self._store.delete_sessions(user_id, keep=kept))

    def ended(self, user_id: str, session_digests: Sequence[str]) -> None:
        """End the connections and seats of sessions that are deleted already, with their user."""
        for found in session_digests:
            self._publish_end(user_id, found)

    def _publish_end(self, user_id: str, session_digest: str) -> None:
        self._bus.publish(SESSION_ENDED_TOPIC, {"user_id": user_id, "session_digest": session_digest})
