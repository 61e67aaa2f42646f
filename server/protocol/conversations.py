"""Stored conversations with the tutor and the progress of a learner: bodies of REST routes.

A conversation shows its reader their own messages and those of the tutor that they could hear, never another
person's.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from server.protocol.base import Id, Inbound, LanguageTag, Outbound, Timestamp
from server.protocol.levels import Level
from server.protocol.tutor import Confidence, FeedbackItem, Role


class Conversation(Outbound):
    """`topic` and `level` are the last ones set. `ended_at` is null while the tutor is in the room.

    `message_count` and `correction_count` count what the reader may see.
    """

    id: Id
    room_id: Id
    room_name: str
    language: LanguageTag
    level: Level
    topic: str
    started_at: Timestamp
    ended_at: Timestamp | None
    message_count: int
    correction_count: int


class Citation(Outbound):
    """A passage of a document that an answer draws on. For those whose document it is not, `text` is null and
    `heading` is empty."""

    document: str
    heading: str
    text: str | None


class Message(Outbound):
    """`text` of a tutor's message is the words that were spoken; `was_cut` if somebody interrupted.
    `speech_s` is seconds of speech, 0 if typed. `confidence`: how sure the recogniser was of a learner's
    words; null if typed, or not known.

    `audio_url` is Ogg Opus, null unless stored; the request needs the token in its Authorization header.
    """

    id: Id
    turn_id: Id
    role: Role
    text: str
    at: Timestamp
    was_cut: bool
    speech_s: float
    confidence: Annotated[Confidence, Field(strict=False)] | None
    audio_url: str | None
    corrections: list[FeedbackItem]
    citations: list[Citation]


class ConversationDetail(Conversation):
    """`messages` are oldest first: the newest 1,000 of a longer conversation."""

    messages: list[Message]


class ConversationQuery(Inbound):
    limit: Annotated[int, Field(strict=False, ge=1, le=100)] = 20
    cursor: Annotated[str | None, Field(max_length=200)] = None


class ConversationPage(Outbound):
    """Newest first."""

    items: list[Conversation]
    next_cursor: str | None


class ProgressQuery(Inbound):
    """The last `days` days in the time zone of the profile, today included."""

    days: Annotated[int, Field(strict=False, ge=1, le=366)] = 30


class ProgressDay(Outbound):
    """`minutes` of practice include the tutor's answers; `speaking_minutes` are the learner's own speech."""

    day: Annotated[str, Field(description="YYYY-MM-DD")]
    minutes: float
    speaking_minutes: float
    turns: int
    corrections: int
    topics: list[str]


class Progress(Outbound):
    """One entry for each day, oldest first, including days without practice."""

    days: list[ProgressDay]
