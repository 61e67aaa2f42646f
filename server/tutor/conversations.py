"""Conversations and progress, for the people whose they are."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from server.errors import ConversationNotFound, Forbidden, InvalidRequest, NotFound
from server.rooms.ports import UserStore
from server.tutor.model import ConversationSummary, ConversationView, PracticeDay
from server.tutor.ports import AudioStore, ConversationStore, ProgressStore
from server.tutor.write_queue import WriteQueue

_MAX_MESSAGES = 1_000
_AT_ONCE = 500
"""Files that the store is asked about in one query."""
_OGG = b"OggS"
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class ConversationPage:
    items: Sequence[ConversationSummary]
    next_cursor: str | None


class Conversations:
    """`clock` is seconds since the epoch. All raise Unavailable."""

    def __init__(
        self,
        conversations: ConversationStore,
        progress: ProgressStore,
        audio: AudioStore,
        users: UserStore,
        writes: WriteQueue,
        clock: Callable[[], float],
    ) -> None:
        self._conversations = conversations
        self._progress = progress
        self._audio = audio
        self._users = users
        self._writes = writes
        self._clock = clock

    async def page(self, user_id: str, limit: int, cursor: str | None) -> ConversationPage:
        """Newest first. Raises InvalidRequest for a cursor that no page gave."""
        found = await self._conversations.list_for(user_id, limit + 1, _decode(cursor) if cursor else None)
        items = found[:limit]
        return ConversationPage(items, _encode(items[-1]) if len(found) > limit else None)

    async def transcript(self, user_id: str, conversation_id: str) -> ConversationView:
        """Raises ConversationNotFound."""
        return await self._conversations.view_for(user_id, conversation_id, _MAX_MESSAGES)

    async def delete(self, user_id: str, conversation_id: str) -> None:
        """With the audio of what is gone. Numbers of progress stay. Raises ConversationNotFound."""
        await self._audio.remove(await self._conversations.delete_for(user_id, conversation_id))

    async def audio(self, user_id: str, conversation_id: str, message_id: str) -> Path:
        """Raises NotFound where there is none, or none for this person."""
        if await self._conversations.can_play(user_id, conversation_id, message_id):
            found = self._audio.find(message_id)
            if found is not None:
                return found
        raise NotFound

    async def keep_audio(self, message_id: str, audio: bytes) -> None:
        """From a worker. A learner's voice is kept only with their consent. Raises ConversationNotFound for a
        message that is not kept, Forbidden, InvalidRequest."""
        if not audio.startswith(_OGG):
            raise InvalidRequest("This is not Ogg.", errors=[])
        await self._writes.settled()  # the message itself may still be on its way to the store
        message = await self._conversations.find_message(message_id)
        if message is None:
            raise ConversationNotFound
        if message.role == "learner":
            user = await self._users.get_user(message.user_id or "")
            if user is None or not user.keep_audio:
                raise Forbidden("This person did not agree to the recorder of their voice.")
        await self._audio.save(message_id, audio)
        if not await self._conversations.mark_audio(message_id):  # deleted while it was written
            await self._audio.remove([message_id])
            raise ConversationNotFound

    async def sweep(self, audio_ttl_s: float) -> None:
        """Delete what was read by nobody but people who are gone, and audio that is older than `audio_ttl_s`;
        0 keeps it. Last what a crash between the store and the disk has left there."""
        await self._audio.remove(await self._conversations.delete_unreadable())
        if audio_ttl_s > 0:
            old = await self._conversations.unmark_audio(self._clock() - audio_ttl_s)
            await self._audio.remove(old)
        stored = await self._audio.settled()
        for at in range(0, len(stored), _AT_ONCE):
            some = stored[at : at + _AT_ONCE]
            await self._audio.remove(set(some) - set(await self._conversations.with_audio(some)))

    async def progress(self, user_id: str, days: int) -> Sequence[PracticeDay]:
        """The last `days` days, today included, those without practice too; oldest first."""
        today = datetime.fromtimestamp(self._clock(), UTC).date()
        wanted = [(today - timedelta(days=back)).isoformat() for back in range(days - 1, -1, -1)]
        practised = {day.day: day for day in await self._progress.progress(user_id, wanted[0])}
        return [practised.get(day) or PracticeDay(day) for day in wanted]


def _encode(summary: ConversationSummary) -> str:
    conversation = summary.conversation
    text = json.dumps([conversation.started_at, conversation.id])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(cursor: str) -> tuple[float, str]:
    try:
        started_at, conversation_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        key = (float(started_at), conversation_id)
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error):
        key = (0.0, None)
    if not isinstance(key[1], str) or not _ID.fullmatch(key[1]) or not abs(key[0]) < 1e12:
        raise InvalidRequest(
            "The cursor does not belong to this list.",
            errors=[{"path": "cursor", "message": "is not one that this list gave"}],
        )
    return key[0], key[1]
