"""What is kept of a session while it goes on, and for whom."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from server.errors import UserNotFound
from server.rooms.tutor_port import TutorBrief
from server.tutor.model import Conversation, Message, PracticeDay, StoredCorrection
from server.tutor.ports import ConversationStore, ProgressStore
from server.tutor.write_queue import WriteQueue

_HISTORY = 240
"""Messages that a tutor who takes over is told of: its own last twenty are among them even in a group where
it says one in twelve, so that it asks no question again."""
_MAX_TOPIC = 140
_log = logging.getLogger(__name__)


class Recorder:
    """Times are seconds since the epoch. Nothing here waits but `history`."""

    def __init__(
        self,
        conversations: ConversationStore,
        progress: ProgressStore,
        writes: WriteQueue,
        clock: Callable[[], float],
    ) -> None:
        self._conversations = conversations
        self._progress = progress
        self._writes = writes
        self._clock = clock
        self._saved: dict[str, Conversation] = {}

    def sweep(self) -> None:
        """What a crash left open has ended, unless it goes on here or a stored room has it, of any node."""
        self._writes.post(lambda: self._conversations.end_orphaned(list(self._saved)))

    def goes_on(self, brief: TutorBrief) -> None:
        """The session is begun, or is taken up again, or is about something else now."""
        settings = brief.settings
        known = self._saved.get(settings.conversation_id)
        conversation = Conversation(
            id=settings.conversation_id,
            room_id=brief.room_id,
            room_name=brief.room_name,
            language=settings.language,
            level=settings.level,
            topic=settings.topic,
            started_at=known.started_at if known else self._clock(),
        )
        if conversation != known:
            self._saved[conversation.id] = conversation
            self._writes.post(lambda: self._conversations.save_conversation(conversation))

    def ended(self, conversation_id: str) -> None:
        now = self._clock()
        if self._saved.pop(conversation_id, None) is not None:
            self._writes.post(lambda: self._conversations.end_conversation(conversation_id, now))

    def message(self, message: Message, readers: Collection[str], topic: str) -> None:
        """`readers`: users who may read it. It counts for the progress of the message's user."""

        async def write() -> None:
            is_new = await self._conversations.add_message(message, readers)
            if is_new and message.user_id is not None:
                await self._count(message.user_id, _practised(message, topic))

        self._writes.post(write)

    def correction(self, kept: StoredCorrection) -> None:
        async def write() -> None:
            if await self._conversations.add_correction(kept):
                await self._count(kept.user_id, PracticeDay(_day(kept.at), corrections=1))

        self._writes.post(write)

    async def history(self, conversation_id: str) -> Sequence[Message]:
        """With all that was posted before. Raises Unavailable."""
        return await self._conversations.history(conversation_id, _HISTORY)

    async def _count(self, user_id: str, day: PracticeDay) -> None:
        with suppress(UserNotFound):  # deleted meanwhile
            await self._progress.add_progress(user_id, day)


def _practised(message: Message, topic: str) -> PracticeDay:
    day = PracticeDay(_day(message.at), practice_s=message.speech_s)
    if message.role == "tutor":
        return day
    topics = (topic[:_MAX_TOPIC],) if topic else ()
    return replace(day, speaking_s=message.speech_s, turns=1, topics=topics)


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).date().isoformat()
