"""What is kept of talks with the tutor, as its owner sees it: bodies of REST routes.

A history holds its owner's own messages and the tutor's that they could hear: never another person's.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from server.protocol.base import Id, Inbound, LanguageTag, Outbound, Timestamp
from server.protocol.levels import Level
from server.protocol.tutor import FeedbackItem, Role


class Conversation(Outbound):
    """`topic` and `level` are the last ones. `ended_at` is null while the tutor is in the room.

    `message_count` and `correction_count` are of what its reader sees.
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


class Message(Outbound):
    """For a tutor's message `text` holds the words that were spoken; `was_cut`: somebody interrupted them.
    `speech_s`: seconds; 0 if typed.

    `audio_url`: Ogg Opus for Play, where it was kept; it needs the token in its Authorization header.
    """

    id: Id
    turn_id: Id
    role: Role
    text: str
    at: Timestamp
    was_cut: bool
    speech_s: float
    audio_url: str | None
    corrections: list[FeedbackItem]


class ConversationDetail(Conversation):
    """`messages`: oldest first; the newest 1,000 of a longer one."""

    messages: list[Message]


class ConversationQuery(Inbound):
    limit: Annotated[int, Field(strict=False, ge=1, le=100)] = 20
    cursor: Annotated[str | None, Field(max_length=200)] = None


class ConversationPage(Outbound):
    """Newest first."""

    items: list[Conversation]
    next_cursor: str | None


class ProgressQuery(Inbound):
    """`days` back from today, today included; days are UTC."""

    days: Annotated[int, Field(strict=False, ge=1, le=366)] = 30


class ProgressDay(Outbound):
    """`minutes` of practice: one's own speech and the tutor's answers; `speaking_minutes`: one's own."""

    day: Annotated[str, Field(description="YYYY-MM-DD")]
    minutes: float
    speaking_minutes: float
    turns: int
    corrections: int
    topics: list[str]


class Progress(Outbound):
    """One entry for each day, oldest first, days without practice too."""

    days: list[ProgressDay]
