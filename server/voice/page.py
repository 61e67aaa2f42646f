"""Reads what Parlor's own pages ask for in the address of coach or flux, and the talk that goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from aiohttp import web
from pydantic import TypeAdapter, ValidationError

from server.errors import ConversationNotFound, Unavailable
from server.protocol.base import Id, Topic
from server.protocol.levels import Level
from server.protocol.voice.base import TRY_LATER, VoiceProtocol
from server.tutor.model import Conversation
from server.voice.admission import Refused
from server.voice.documents import Threads
from server.voice.opening import Opening

_TOPIC: TypeAdapter[str] = TypeAdapter(Topic)
_ID: TypeAdapter[str] = TypeAdapter(Id)


@dataclass(frozen=True, slots=True)
class Wish:
    """As in `server.protocol.voice.talking` and `coaching`. `level`: None for the learner's own.
    `conversation`: empty for a talk of the session's own."""

    topic: str = ""
    level: Level | None = None
    conversation: str = ""
    extended: bool = False


class Talks(Threads, Protocol):
    async def own_talk(self, user_id: str, conversation_id: str) -> Conversation: ...


def wish_in(request: web.Request, protocol: VoiceProtocol) -> Wish:
    """Of the other protocols none. Raises Refused."""
    query = request.query
    is_extended = query.get("extended") == "1"
    if protocol is not VoiceProtocol.FLUX:
        return Wish(extended=is_extended and protocol is VoiceProtocol.COACH)
    try:
        topic = _TOPIC.validate_python(query.get("topic", ""))
        level = Level(query["level"]) if "level" in query else None
    except ValidationError:
        raise Refused("invalid_request", "topic must be at most 140 printable characters.") from None
    except ValueError:
        raise Refused("invalid_request", "level must be one of A1 to C2.") from None
    return Wish(topic, level, _conversation_in(query.get("conversation", "")), is_extended)


def _conversation_in(text: str) -> str:
    """Raises Refused for an id that cannot exist, without asking the store, which might refuse it."""
    try:
        return _ID.validate_python(text) if text else ""
    except ValidationError:
        raise Refused(ConversationNotFound.code, ConversationNotFound.title) from None


async def continued(talks: Talks, wish: Wish, opening: Opening) -> Conversation | None:
    """The talk that goes on in this session; None if it begins one. Raises Refused."""
    if not wish.conversation:
        return None
    if opening.claims is None:  # a guest of the session alone has no other talks
        raise Refused(ConversationNotFound.code, ConversationNotFound.title)
    try:
        return await talks.own_talk(opening.user.id, wish.conversation)
    except ConversationNotFound as error:
        raise Refused(error.code, error.title) from None
    except Unavailable as error:
        raise Refused(error.code, error.title, TRY_LATER) from None
