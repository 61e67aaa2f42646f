"""Opens a session before it has a worker: finds its id, its language and its user."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import WSMessage, WSMsgType, web

from server.auth import TokenClaims
from server.protocol.voice.base import BadMessage, VoiceProtocol, parsed
from server.protocol.voice.tutor import TUTOR, Init, Recording, TutorError, TutorPong
from server.rooms.model import Origin, User, new_id
from server.voice.admission import FIRST_MESSAGE_S, Admission, Refused, token_in_first
from server.voice.pipe import Inflow

INIT_WITHIN_S = 30.0
"""A tutor's client may send pings before its `init`. Until then it holds a place without a session."""
_SESSION_ID = re.compile(r"[A-Za-z0-9_.:-]{1,128}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")


@dataclass(frozen=True, slots=True)
class Opening:
    """`first`: messages that were read and are the worker's. `claims`: of the token; None for a guest of the
    session alone."""

    session_id: str
    user: User
    claims: TokenClaims | None
    first: tuple[str, ...]


def session_id_in(request: web.Request) -> str:
    """A new one if the client has none. Raises Refused."""
    found = request.match_info.get("session_id") or request.query.get("session") or new_id()
    if not _SESSION_ID.fullmatch(found):
        raise Refused(
            "invalid_request", "The session's id must be 1 to 128 letters, digits or any of _ . : -"
        )
    return found


def language_in(request: web.Request, usual: str) -> str:
    """Raises Refused."""
    found = request.query.get("language", "") or usual
    if not _LANGUAGE.fullmatch(found):
        raise Refused("invalid_request", "language must be a BCP 47 tag such as en or vi-VN.")
    return found


async def open_session(
    protocol: VoiceProtocol,
    request: web.Request,
    socket: web.WebSocketResponse,
    admission: Admission,
    inflow: Inflow,
    origin: Origin,
) -> Opening:
    """`origin`: of the request. Raises Refused, ConnectionError if the client leaves."""

    async def receive() -> WSMessage:
        message = await socket.receive()
        if message.type not in {WSMsgType.TEXT, WSMsgType.BINARY}:
            raise ConnectionResetError("the client has left")
        inflow.check(len(message.data))
        return message

    token, kept = request.query.get("token", ""), None
    if admission.needs_token(request):
        try:
            async with asyncio.timeout(FIRST_MESSAGE_S):
                token, kept = await token_in_first(receive)
        except TimeoutError:
            raise Refused("unauthenticated", f"No token came within {FIRST_MESSAGE_S:.0f} seconds.") from None
    user, claims = await admission.user_of(token, origin) if token else (None, None)
    if protocol is VoiceProtocol.TUTOR:
        try:
            async with asyncio.timeout(INIT_WITHIN_S):
                text, session_id = await _until_init(socket, receive, kept)
        except TimeoutError:
            raise Refused("invalid_request", f"No init came within {INIT_WITHIN_S:.0f} seconds.") from None
        texts: tuple[str, ...] = (text,)
    else:
        session_id = session_id_in(request)
        texts = (kept,) if kept is not None else ()
    who = user or await admission.guest(protocol, session_id, origin)
    return Opening(session_id, who, claims, texts)


async def _until_init(
    socket: web.WebSocketResponse, receive: Callable[[], Awaitable[WSMessage]], kept: str | None
) -> tuple[str, str]:
    """The `init` of a tutor's client, and its thread: that is known only then."""
    while True:
        if kept is None:
            message = await receive()
            text = message.data if message.type is WSMsgType.TEXT else ""
        else:
            text, kept = kept, None
        try:
            given = parsed(TUTOR, text)
        except BadMessage as error:
            await socket.send_str(TutorError(message=str(error)).encoded())
            continue
        if isinstance(given, Init):
            return text, given.thread_id
        if isinstance(given, Recording):
            await socket.send_str(TutorError(message="Session not initialized").encoded())
        else:
            await socket.send_str(TutorPong().encoded())
