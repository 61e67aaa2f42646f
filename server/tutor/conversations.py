"""Conversations, recordings and progress, for the people who may read them (REST)."""

from __future__ import annotations

import base64
import binascii
import json
import logging
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from server.errors import ConversationNotFound, Forbidden, InvalidRequest, NotFound
from server.protocol.field_errors import wrong_field
from server.rooms.ports import UserStore
from server.tutor.days import day_at
from server.tutor.model import ConversationSummary, ConversationView, PracticeDay
from server.tutor.ports import AudioStore, ConversationStore, ProgressStore, Recording
from server.tutor.write_queue import WriteQueue

_MAX_MESSAGES = 1_000
_log = logging.getLogger(__name__)
_BATCH = 500
"""Message ids in one query of the sweep."""
_OGG = b"OggS"
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class SummaryPage:
    items: Sequence[ConversationSummary]
    next_cursor: str | None


class Conversations:
    """`clock` is seconds since the epoch. All methods raise Unavailable."""

    def __init__(
        self,
        store: ConversationStore,
        progress: ProgressStore,
        audio: AudioStore,
        users: UserStore,
        writes: WriteQueue,
        clock: Callable[[], float],
    ) -> None:
        self._store = store
        self._progress = progress
        self._audio = audio
        self._users = users
        self._writes = writes
        self._clock = clock

    async def page(self, user_id: str, limit: int, cursor: str | None) -> SummaryPage:
        """Newest first. Raises InvalidRequest for a cursor that is not from this list."""
        found = await self._store.list_for(user_id, limit + 1, _decode(cursor) if cursor else None)
        items = found[:limit]
        return SummaryPage(items, _encode(items[-1]) if len(found) > limit else None)

    async def view(self, user_id: str, conversation_id: str) -> ConversationView:
        """Raises ConversationNotFound."""
        return await self._store.view_for(user_id, conversation_id, _MAX_MESSAGES)

    async def delete(self, user_id: str, conversation_id: str) -> None:
        """Delete it for this person, with the recordings of messages that nobody can read any more.

        The figures of their progress stay. Raises ConversationNotFound.
        """
        await self._audio.remove(await self._store.delete_for(user_id, conversation_id))

    async def find_audio(self, user_id: str, conversation_id: str, message_id: str) -> Recording:
        """Raises NotFound if there is no recording, or none that this person may play."""
        if await self._store.can_play(user_id, conversation_id, message_id):
            found = await self._audio.find(message_id)
            if found is not None:
                return found
        raise NotFound

    async def find_recording(self, message_id: str) -> Recording | None:
        """For somebody of whom it is known that they may hear it."""
        return await self._audio.find(message_id)

    async def remove_recordings(self, message_ids: Collection[str]) -> None:
        """Of messages that were deleted."""
        await self._audio.remove(message_ids)

    async def save_audio(self, message_id: str, audio: bytes) -> None:
        """Store audio from a worker. Raises InvalidRequest, ConversationNotFound for a message that is not
        stored, and Forbidden for a learner's voice without their consent."""
        if not audio.startswith(_OGG):
            raise InvalidRequest("This is not Ogg.", errors=[])
        await self._writes.flush()  # the message itself may still be queued
        await self._require_consent(message_id)
        await self._audio.save(message_id, audio)
        if not await self._store.mark_audio(message_id):  # deleted, or consent withdrawn, during the save
            await self._audio.remove([message_id])
            await self._require_consent(message_id)
            raise ConversationNotFound

    async def delete_recordings(self, user_id: str) -> None:
        """Delete the recordings of this person's voice, who has withdrawn their consent.

        Call it once the withdrawal is stored. The marks in the store go before the files: whatever a crash
        leaves between these steps, `sweep` finds by the missing consent or by the missing mark.
        """
        await self._audio.remove(await self._store.unmark_audio_of(user_id))

    async def sweep(self, audio_ttl_s: float) -> None:
        """Delete messages without readers, and recordings that are older than `audio_ttl_s` (0: no limit) or
        whose speaker does not consent; then files that a crash between the store and the disk has left."""
        await self._audio.remove(await self._store.delete_unreadable())
        if audio_ttl_s > 0:
            await self._audio.remove(await self._store.unmark_audio_before(self._clock() - audio_ttl_s))
        await self._audio.remove(await self._store.unmark_audio_without_consent())
        await self._remove_unmarked()

    async def progress(self, user_id: str, days: int) -> Sequence[PracticeDay]:
        """One entry for each of the person's last `days` days, today included; oldest first."""
        user = await self._users.get_user(user_id)
        today = day_at(self._clock(), user.time_zone if user else None)
        names = [(today - timedelta(days=back)).isoformat() for back in range(days - 1, -1, -1)]
        practised = {day.day: day for day in await self._progress.progress(user_id, names[0])}
        return [practised.get(name) or PracticeDay(name) for name in names]

    async def _remove_unmarked(self) -> None:
        files = await self._audio.list_settled()
        unmarked = set(files)
        for at in range(0, len(files), _BATCH):
            unmarked -= set(await self._store.with_audio(files[at : at + _BATCH]))
        is_known = not files or len(unmarked) < len(files)
        if await self._audio.claim(is_known=is_known):
            await self._audio.remove(unmarked)
        else:
            _log.warning("%d recordings belong to another database and are left alone", len(unmarked))

    async def _require_consent(self, message_id: str) -> None:
        message = await self._store.find_message(message_id)
        if message is None:
            raise ConversationNotFound
        if message.role == "learner":
            user = await self._users.get_user(message.user_id or "")
            if user is None or not user.keep_audio:
                raise Forbidden("This person does not consent to recordings of their voice.")


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
            errors=[wrong_field("cursor", "is not a cursor of this list")],
        )
    return key[0], key[1]
