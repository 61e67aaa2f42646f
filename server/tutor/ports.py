"""Stores of conversations, practice and recordings: interfaces that `server.storage` implements."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Sequence
from typing import Protocol

from server.learning.model import NewWord
from server.protocol.agents import ExerciseResult, PassageRef
from server.protocol.memory import Memory
from server.tutor.model import (
    Conversation,
    ConversationSummary,
    ConversationView,
    Message,
    PracticeDay,
    StoredCorrection,
)


class ConversationStore(Protocol):
    """Stores each message with its readers. All methods raise Unavailable.

    Methods named `unmark_audio_...` record that the audio of some messages is not stored any more, and return
    the ids of those messages.
    """

    async def save_conversation(self, conversation: Conversation) -> None:
        """Insert, or replace all but `started_at`. This server has it from now on."""
        ...

    async def find(self, conversation_id: str) -> Conversation | None: ...

    async def end_conversation(self, conversation_id: str, at: float) -> None:
        """Deletes a conversation without messages. Nothing if another server has it by now."""
        ...

    async def open_elsewhere(self, conversation_id: str) -> str | None:
        """Id of another server that has it open, and whose lease has not ended; else None."""
        ...

    async def end_orphaned(self, exclude: Collection[str]) -> None:
        """End, as of their last message, the open conversations that neither a stored room nor another live
        server has, but for `exclude`."""
        ...

    async def add_message(self, message: Message, readers: Collection[str]) -> bool:
        """False if the message is stored already: it may be sent twice. Raises ConversationNotFound."""
        ...

    async def cite(self, conversation_id: str, message_id: str, passages: Sequence[PassageRef]) -> None:
        """Record which passages a tutor's message draws on, once each, best first. Those that are deleted,
        now or later, are left out, and so is a message that the conversation does not have."""
        ...

    async def amend_message(self, message: Message) -> None:
        """Replace the words of a learner's message, with their confidence. Corrections of sentences that are
        not in it any more are deleted. Nothing if the message is not stored, or not of that learner.
        """
        ...

    async def add_correction(self, correction: StoredCorrection) -> bool:
        """Like `add_message`."""
        ...

    async def history(self, conversation_id: str, limit: int) -> Sequence[Message]:
        """The newest messages, oldest first, regardless of their readers: for the tutor's own context."""
        ...

    async def find_message(self, message_id: str) -> Message | None: ...

    async def mark_audio(self, message_id: str) -> bool:
        """Record that the message's audio is stored.

        False if the message was deleted, or its learner does not consent (any more).
        """
        ...

    async def with_audio(self, message_ids: Collection[str]) -> Collection[str]:
        """The ids among `message_ids` of messages with stored audio."""
        ...

    async def unmark_audio_before(self, at: float) -> Sequence[str]: ...

    async def unmark_audio_of(self, user_id: str) -> Sequence[str]:
        """Unmark messages that this person spoke."""
        ...

    async def unmark_audio_without_consent(self) -> Sequence[str]:
        """Unmark messages of learners who do not consent (any more)."""
        ...

    async def list_for(
        self, user_id: str, limit: int, before: tuple[float, str] | None
    ) -> Sequence[ConversationSummary]:
        """Newest first. `before`: start and id of the last one of the page before."""
        ...

    async def view_for(self, user_id: str, conversation_id: str, limit: int) -> ConversationView:
        """Raises ConversationNotFound if the person may read nothing of it."""
        ...

    async def own_talk(self, user_id: str, conversation_id: str) -> Conversation:
        """A talk of this person alone with the tutor, which may go on elsewhere: they read all of it, nobody
        else reads any of it, and its room, while it is stored, is one to practise. Raises
        ConversationNotFound."""
        ...

    async def can_play(self, user_id: str, conversation_id: str, message_id: str) -> bool:
        """Whether the message has audio and the person may read it."""
        ...

    async def delete_for(self, user_id: str, conversation_id: str) -> Sequence[str]:
        """Remove the person from the readers, and delete messages without readers. Returns their ids.

        Raises ConversationNotFound.
        """
        ...

    async def delete_unreadable(self) -> Sequence[str]:
        """Delete messages without readers, and corrections of ended conversations that nobody can read.

        Returns the ids of the messages.
        """
        ...


class ProgressStore(Protocol):
    """All methods raise Unavailable."""

    async def add_progress(self, user_id: str, day: PracticeDay) -> None:
        """Add to what is stored of that day. Raises UserNotFound."""
        ...

    async def progress(self, user_id: str, since: str) -> Sequence[PracticeDay]:
        """Days with practice, oldest first."""
        ...


class Recording(Protocol):
    """The stored audio of one message. `size` in bytes."""

    @property
    def size(self) -> int: ...

    def read(self, start: int, end: int) -> AsyncGenerator[bytes, None]:
        """The bytes from `start` up to `end`, in pieces. Raises Unavailable."""
        ...


class AudioStore(Protocol):
    """Recordings, Ogg Opus, by message id. All methods raise Unavailable."""

    async def save(self, message_id: str, audio: bytes) -> None: ...

    async def remove(self, message_ids: Collection[str]) -> None: ...

    async def find(self, message_id: str) -> Recording | None: ...

    async def list_settled(self) -> Sequence[str]:
        """Ids of all messages with a file, but for files so new that their message may not be marked yet."""
        ...

    async def claim(self, *, is_known: bool) -> bool:
        """Whether these are the recordings of this server's database. A place without an owner gets it as the
        owner if `is_known`: the database knows one of the recordings, or there are none."""
        ...


class LearnerMemory(Protocol):
    """Stores what the tutor remembers of learners, only of those who allow it. All methods raise
    Unavailable."""

    async def recall(self, user_id: str, language: str, conversation_id: str) -> Memory | None:
        """None if the learner does not allow it. `conversation_id`: the talk that goes on, not in it."""
        ...

    async def add_word(self, user_id: str, word: NewWord) -> None:
        """Nothing if the learner does not allow it. Raises ConversationNotFound."""
        ...

    async def rate(self, user_id: str, mistake_id: str, result: ExerciseResult) -> None:
        """Store the review of a mistake; nothing if it is not due. Raises MistakeNotFound."""
        ...
