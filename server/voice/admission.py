"""Admission to voice sessions: the page's origin, the token or none, and the limits on new connections."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Protocol

from aiohttp import WSMsgType, web

from server.api.avatars.uploads import generated_path
from server.api.clients import OriginPolicy, is_local, is_loopback_url
from server.auth import TokenClaims
from server.common.addresses import limit_key
from server.common.keyed_locks import KeyedLocks
from server.common.token_bucket import KeyedLimiter
from server.errors import Banned, ParlorError
from server.protocol.voice.base import FIRST_MESSAGE, POLICY, TRY_LATER, BadMessage, VoiceProtocol, parsed
from server.rooms.model import Origin, User
from server.rooms.ports import UserStore
from server.tutor.voice_jobs import guest_id_of
from server.voice.settings import Anonymous

FIRST_MESSAGE_S = 10.0
"""A client without a token in its query has this long to send one."""
_NEW_PER_S, _NEW_BURST = 1.0, 60.0
_GUEST_NAME = "Learner"


class Refused(Exception):
    """The text is for the client. `closes`: the code with which its WebSocket is closed."""

    def __init__(self, code: str, text: str, closes: int = POLICY) -> None:
        super().__init__(text)
        self.code = code
        self.closes = closes


class Sessions(Protocol):
    def verify(self, token: str) -> TokenClaims: ...

    async def require(self, claims: TokenClaims, origin: Callable[[], Origin]) -> None: ...

    async def require_new(self, origin: Origin) -> None:
        """Raises Banned, Unavailable."""
        ...

    async def require_guest(self, user_id: str, origin: Origin) -> None:
        """Raises Banned, Unavailable."""
        ...


class VoiceOrigins:
    """`policy`: of the other routes. Pages of this machine may use the voice protocols too, unless `listed`
    names the origins that may."""

    def __init__(self, policy: OriginPolicy, listed: tuple[str, ...]) -> None:
        self._policy = policy
        self._listed = OriginPolicy("", listed) if listed else None

    def check(self, request: web.Request) -> None:
        """Raises Refused."""
        origin, host = request.headers.get("Origin"), request.host
        if self._policy.allows(origin, host):
            return
        allowed = self._listed.allows(origin, host) if self._listed else is_loopback_url(origin or "")
        if not allowed:
            raise Refused("origin_refused", "Pages of this origin may not use this server.")


class Admission:
    """`rate`: factor on the limit of new connections of an address; 0: none."""

    def __init__(self, sessions: Sessions, users: UserStore, *, anonymous: Anonymous, rate: float) -> None:
        self._sessions = sessions
        self._users = users
        self._anonymous = anonymous
        self._locks = KeyedLocks()
        self._new = KeyedLimiter(_NEW_PER_S * rate, _NEW_BURST * rate) if rate else None

    def check_rate(self, address: str) -> None:
        """Raises Refused."""
        if self._new is not None and self._new.take(limit_key(address), time.monotonic()) > 0:
            raise Refused("too_many_requests", "Too many new connections. Try again in a minute.", TRY_LATER)

    def needs_token(self, request: web.Request) -> bool:
        """Whether the query has none and the client must send one. Where only this machine is let in without,
        the Host counts too: a page of another site whose name leads here (DNS rebinding) has that name as
        its Host."""
        if request.query.get("token"):
            return False
        return self._anonymous == "nobody" or (self._anonymous == "local" and not is_local(request))

    async def user_of(self, token: str, origin: Origin) -> tuple[User, TokenClaims]:
        """Raises Refused."""
        try:
            claims = self._sessions.verify(token)
            await self._sessions.require(claims, lambda: origin)
            user = await self._users.get_user(claims.user_id)
        except Banned as error:
            raise Refused(error.code, error.title) from None
        except ParlorError as error:
            raise Refused(error.code, f"The token is not valid: {error.detail or error.title}") from None
        if user is None:
            raise Refused("unauthenticated", "This profile does not exist any more.")
        return user, claims

    async def require(self, user_id: str, claims: TokenClaims | None, origin: Origin) -> None:
        """`claims`: None for a guest of the session alone. Raises Refused if the session has ended, or a ban
        keeps its user out."""
        try:
            if claims is None:
                await self._sessions.require_guest(user_id, origin)
            else:
                await self._sessions.require(claims, lambda: origin)
        except ParlorError as error:
            raise Refused(error.code, error.detail or error.title) from None

    async def guest(self, protocol: VoiceProtocol, session_id: str, origin: Origin) -> User:
        """The guest of a session without a token: stored, so that what it says is kept by the same rules.
        Raises Refused, also for a device or an address that a ban keeps out."""
        user_id = guest_id_of(protocol, session_id)
        try:
            async with self._locks[user_id]:  # two connections of one session may come at once
                return await self._stored_guest(user_id, origin)
        except Banned as error:
            raise Refused(error.code, error.title) from None
        except ParlorError as error:
            raise Refused(error.code, error.title, TRY_LATER) from None

    async def _stored_guest(self, user_id: str, origin: Origin) -> User:
        """Raises ParlorError."""
        user = await self._users.get_user(user_id)
        if user is not None:
            await self._users.seen(user_id, time.time())
            return user
        await self._sessions.require_new(origin)
        guest = User(user_id, _GUEST_NAME, generated_path(user_id), created_at=time.time())
        try:
            await self._users.add_user(guest)
        except ParlorError:
            if await self._users.get_user(user_id) is None:  # else another server was first
                raise
        return guest


async def token_in_first(
    receive: Callable[[], Awaitable[object]],
) -> tuple[str, str | None]:
    """The token of the first message, and that message if it says more. Raises Refused.

    `receive` returns aiohttp's message.
    """
    message = await receive()
    kind, data = getattr(message, "type", None), getattr(message, "data", None)
    if kind is not WSMsgType.TEXT or not isinstance(data, str):
        raise Refused("unauthenticated", "Send a token with the first message, or as ?token=.")
    try:
        first = parsed(FIRST_MESSAGE, data)
    except BadMessage:
        raise Refused("unauthenticated", "Send a token with the first message, or as ?token=.") from None
    return first.token, None if first.type == "auth" else data
