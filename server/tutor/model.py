"""Stored conversations and practice. Times are seconds since the epoch; days are `YYYY-MM-DD`,
in the time zone that the learner had then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from server.protocol.tutor import Confidence, FeedbackItem, Role


@dataclass(frozen=True, slots=True)
class Conversation:
    """Lasts from a tutor's invitation to its removal. `topic`, `level` and `language` are the latest, and
    `knowledge_base_id`: of the documents that the tutor answers from, which may be deleted by now."""

    id: str
    room_id: str
    room_name: str
    language: str
    level: str
    topic: str
    started_at: float
    ended_at: float | None = None
    knowledge_base_id: str | None = None


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
class Citation:
    """A passage that the message of that id draws on. For those who do not own its base `text` is None and
    `heading` empty."""

    message_id: str
    document: str
    heading: str
    text: str | None


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
    citations: Sequence[Citation] = ()


@dataclass(frozen=True, slots=True)
class PracticeDay:
    """`practice_s`: own speech to the tutor alone and the tutor's answers; `speaking_s`: that speech.
    `together_s`: own speech in rooms with others. `mended`: corrected sentences that were said rightly later.
    `people`: met in rooms, those that were not met for a month.
    `starts_at`: when the day began where the learner was; None if not known."""

    day: str
    practice_s: float = 0.0
    speaking_s: float = 0.0
    turns: int = 0
    corrections: int = 0
    topics: tuple[str, ...] = ()
    together_s: float = 0.0
    mended: int = 0
    starts_at: float | None = None
    people: int = 0

    @property
    def talked_s(self) -> float:
        """Own speech in all."""
        return self.speaking_s + self.together_s

    @property
    def is_kept(self) -> bool:
        """Whether it is a day with practice: something was said to the tutor, or for half a minute to
        others."""
        return self.turns > 0 or self.together_s >= KEPT_FROM_S


KEPT_FROM_S = 30.0
"""Own speech in rooms with others that makes a day one with practice: more than a greeting."""
