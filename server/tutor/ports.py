"""Where conversations outlive the process, and their audio."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Protocol

from server.tutor.model import (
    Conversation,
    ConversationSummary,
    ConversationView,
    Message,
    PracticeDay,
    StoredCorrection,
)


class ConversationStore(Protocol):
    """Who may read a message is written down with it. All methods raise Unavailable."""

    async def save_conversation(self, conversation: Conversation) -> None:
        """Insert, or replace but for `started_at`."""
        ...

    async def end_conversation(self, conversation_id: str, at: float) -> None:
        """One without messages is forgotten."""
        ...

    async def end_orphaned(self, exclude: Collection[str]) -> None:
        """End those, but for `besides`, that no stored room has any more, as of their last message."""
        ...

    async def add_message(self, message: Message, readers: Collection[str]) -> bool:
        """False if it was there: it may be sent twice. Raises ConversationNotFound."""
        ...

    async def add_correction(self, kept: StoredCorrection) -> bool:
        """As `add_message`."""
        ...

    async def history(self, conversation_id: str, limit: int) -> Sequence[Message]:
        """The newest messages, whoever may read them, oldest first: for the tutor's own memory."""
        ...

    async def find_message(self, message_id: str) -> Message | None: ...

    async def mark_audio(self, message_id: str) -> bool:
        """False if the message is gone meanwhile."""
        ...

    async def with_audio(self, message_ids: Collection[str]) -> Collection[str]:
        """Those of them that are messages whose audio is kept."""
        ...

    async def unmark_audio(self, before: float) -> Sequence[str]:
        """Audio of messages from before that time is not kept any more. Gives their ids."""
        ...

    async def list_for(
        self, user_id: str, limit: int, before: tuple[float, str] | None
    ) -> Sequence[ConversationSummary]:
        """Newest first; `before`: start and id of the last one that was given."""
        ...

    async def view_for(self, user_id: str, conversation_id: str, limit: int) -> ConversationView:
        """Raises ConversationNotFound where the person may read nothing of it."""
        ...

    async def can_play(self, user_id: str, conversation_id: str, message_id: str) -> bool: ...

    async def delete_for(self, user_id: str, conversation_id: str) -> Sequence[str]:
        """They read nothing of it any more; what nobody else reads is deleted. Gives the ids of messages that
        are gone. Raises ConversationNotFound."""
        ...

    async def delete_unreadable(self) -> Sequence[str]:
        """Messages whose readers are all gone, and corrections of ended talks that nobody can open; gives the
        ids of messages."""
        ...


class ProgressStore(Protocol):
    """All methods raise Unavailable."""

    async def add_progress(self, user_id: str, day: PracticeDay) -> None:
        """Add to what there is of that day. Raises UserNotFound."""
        ...

    async def progress(self, user_id: str, since: str) -> Sequence[PracticeDay]:
        """Days with practice, oldest first."""
        ...


class AudioStore(Protocol):
    """Ogg Opus, by message."""

    async def save(self, message_id: str, audio: bytes) -> None: ...

    async def remove(self, message_ids: Collection[str]) -> None: ...

    def find(self, message_id: str) -> Path | None: ...

    async def settled(self) -> Sequence[str]:
        """The messages that have a file, but for those whose file was just written."""
        ...
