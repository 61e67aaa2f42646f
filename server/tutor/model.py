"""Stored conversations and practice. Times are seconds since the epoch; days are `YYYY-MM-DD`,
in the time zone that the learner had then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from server.protocol.tutor import Confidence, FeedbackItem, Role


@dataclass(frozen=True, slots=True)
class Conversation:
    """Lasts from a tutor's invitation to its removal. `topic`, `level` and `language` are the latest."""

    id: str
    room_id: str
    room_name: str
    language: str
    level: str
    topic: str
    started_at: float
    ended_at: float | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """`user_id`: the speaker, or the person the tutor answered (None: nobody in particular).

    A tutor's message has the words that were spoken; `was_cut`: it was interrupted before its end. `name` is
    the speaker's, of a learner's message. `speech_s`: 0 if typed. `has_audio`: its recording is stored.
    `confidence`: how sure the recogniser was; None if typed, or not known.
    """

    id: str
    conversation_id: str
    turn_id: str
    role: Role
    user_id: str | None
    participant_id: str | None
    name: str | None
    text: str
    at: float
    speech_s: float = 0.0
    has_audio: bool = False
    was_cut: bool = False
    confidence: Confidence | None = None


@dataclass(frozen=True, slots=True)
class StoredCorrection:
    """`user_id`: the learner whose sentence it corrects, its only reader."""

    conversation_id: str
    user_id: str
    message_id: str | None
    at: float
    item: FeedbackItem


@dataclass(frozen=True, slots=True)
class ConversationSummary:
    """A conversation for one reader: the counts are of what that person may read."""

    conversation: Conversation
    messages: int
    corrections: int


@dataclass(frozen=True, slots=True)
class ConversationView:
    """The messages of a conversation that one person may read, oldest first."""

    summary: ConversationSummary
    messages: Sequence[Message]
    corrections: Sequence[StoredCorrection]


@dataclass(frozen=True, slots=True)
class PracticeDay:
    """`practice_s`: own speech and the tutor's answers to it; `speaking_s`: own speech."""

    day: str
    practice_s: float = 0.0
    speaking_s: float = 0.0
    turns: int = 0
    corrections: int = 0
    topics: tuple[str, ...] = ()
