"""What is kept of talks with the tutor. Times are seconds since the epoch, days are UTC, `YYYY-MM-DD`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from server.protocol.tutor import FeedbackItem, Role


@dataclass(frozen=True, slots=True)
class Conversation:
    """One session, from the tutor's invitation to its end. `topic` and `level` are the last ones."""

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
    """`user_id`: who spoke, or whom the tutor answered (None: nobody in particular). `speech_s`: 0 if typed.

    Of a tutor's message `text` holds the words that were spoken; `was_cut`: it had more to say. `name` is the
    speaker's, of a learner's.
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


@dataclass(frozen=True, slots=True)
class StoredCorrection:
    """`user_id`: the learner it is about, who alone reads it."""

    conversation_id: str
    user_id: str
    message_id: str | None
    at: float
    correction: FeedbackItem


@dataclass(frozen=True, slots=True)
class ConversationSummary:
    """A conversation as one person sees it: the counts are of what they may read."""

    conversation: Conversation
    messages: int
    corrections: int


@dataclass(frozen=True, slots=True)
class ConversationView:
    """What one person may read of a conversation, oldest first."""

    summary: ConversationSummary
    messages: Sequence[Message]
    corrections: Sequence[StoredCorrection]


@dataclass(frozen=True, slots=True)
class PracticeDay:
    """`practice_s`: own speech and the tutor's answers to it; `speaking_s`: own speech alone."""

    day: str
    practice_s: float = 0.0
    speaking_s: float = 0.0
    turns: int = 0
    corrections: int = 0
    topics: tuple[str, ...] = ()
