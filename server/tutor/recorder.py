"""Records conversations during their course: messages, corrections, and the resulting practice."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace

from server.errors import ParlorError, UserNotFound
from server.protocol.agents import PassageRef
from server.rooms.ports import UserStore
from server.rooms.tutor_ports import JobSpec
from server.tutor.days import day_at, start_of
from server.tutor.mending import Mending
from server.tutor.model import Conversation, Message, PracticeDay, StoredCorrection
from server.tutor.ports import ConversationStore, ProgressStore
from server.tutor.write_queue import WriteQueue

_MAX_HISTORY = 240
"""Messages that a worker gets of the past. In a group where the tutor says one message in twelve, these
include its own last twenty, so that it does not repeat a question."""
_HISTORY_WITHIN_S = 3.0
"""Longest wait of a job's start for the store: a worker must be ready within START_WITHIN_S."""
_MAX_TOPIC = 140
_log = logging.getLogger(__name__)


class Recorder:
    """`clock` is seconds since the epoch. `practised` is told whose practice was stored. Methods that are not
    coroutines queue their writes and return at once. `flush` waits until those queued so far are stored or
    given up."""

    def __init__(
        self,
        conversations: ConversationStore,
        progress: ProgressStore,
        users: UserStore,
        writes: WriteQueue,
        clock: Callable[[], float],
        practised: Callable[[str], None] = lambda _user_id: None,
    ) -> None:
        self._conversations = conversations
        self._progress = progress
        self._users = users
        self._writes = writes
        self._clock = clock
        self._practised = practised
        self._mending = Mending()
        self.flush = writes.flush
        self._open: dict[str, Conversation] = {}
        self._last_at: dict[str, float] = {}
        self._queued: defaultdict[str, dict[str, Message]] = defaultdict(dict)

    async def end_orphaned(self) -> None:
        """End the conversations that a crash left open: open neither here nor at another live server, and of
        no stored room. Raises Unavailable."""
        await self._conversations.end_orphaned(list(self._open))

    def update(self, spec: JobSpec) -> None:
        """The conversation starts, continues after a restart, or has another topic, level or language."""
        known, knowledge = self._open.get(spec.conversation_id), spec.settings.knowledge
        conversation = Conversation(
            id=spec.conversation_id,
            room_id=spec.room_id,
            room_name=spec.room_name,
            language=spec.settings.language,
            level=spec.settings.level.value,
            topic=spec.settings.topic,
            started_at=known.started_at if known else self._clock(),
            knowledge_base_id=knowledge.id if knowledge else None,
        )
        if conversation != known:
            self._open[conversation.id] = conversation
            self._writes.post(lambda: self._conversations.save_conversation(conversation))

    def end(self, conversation_id: str) -> None:
        now = max(self._clock(), self._last_at.pop(conversation_id, 0.0))
        if self._open.pop(conversation_id, None) is not None:
            self._writes.post(lambda: self._conversations.end_conversation(conversation_id, now))
            self._mending.end(conversation_id)

    def add_message(
        self, message: Message, readers: Collection[str], topic: str, *, is_alone: bool = True
    ) -> None:
        """`readers`: ids of the users who may read it. It counts for the progress of the message's user. A
        learner's message that is stored already gets the words of this one. `is_alone`: with the tutor; in a
        room with others the room measures who speaks (`PracticeMeter`).

        Its time is not before that of the last message, also if the wall clock was set back meanwhile: the
        store orders a conversation by it.
        """
        message = replace(message, at=self._next_at(message))

        async def write() -> None:
            learner = message.user_id
            day = None if learner is None else await self._day_of(learner, message.at)
            is_new = await self._conversations.add_message(message, readers)
            if is_new and learner is not None and day is not None:
                mended = self._mended(message, learner)
                await self._count(learner, _practice(day, message, topic, mended, is_alone=is_alone))
            elif not is_new and message.role == "learner":
                await self._conversations.amend_message(message)

        self._queued[message.conversation_id][message.id] = message
        self._writes.post(write, lambda: self._forget_queued(message))

    def cite(self, conversation_id: str, message_id: str, passages: Sequence[PassageRef]) -> None:
        """Store which passages of documents a tutor's message draws on. The message was added before."""
        self._writes.post(lambda: self._conversations.cite(conversation_id, message_id, passages))

    def add_correction(self, correction: StoredCorrection) -> None:
        async def write() -> None:
            day = await self._day_of(correction.user_id, correction.at)
            if await self._conversations.add_correction(correction):
                if correction.conversation_id in self._open:
                    sentence = correction.item.corrected_sentence
                    self._mending.corrected(correction.conversation_id, correction.user_id, sentence)
                await self._count(correction.user_id, replace(day, corrections=1))

        self._writes.post(write)

    async def history(self, conversation_id: str) -> Sequence[Message]:
        """The newest messages, oldest first, with those that are queued and not stored yet.

        Never raises. A store that fails or does not answer in time costs the stored messages, so that a
        stuck store does not keep new workers from starting.
        """
        queued = dict(self._queued.get(conversation_id, {}))
        stored: Sequence[Message] = []
        try:
            async with asyncio.timeout(_HISTORY_WITHIN_S):
                stored = await self._conversations.history(conversation_id, _MAX_HISTORY)
        except (ParlorError, TimeoutError) as error:
            _log.error("job starts without stored history: %s", getattr(error, "code", "timeout"))
        queued |= self._queued.get(conversation_id, {})
        known = {message.id for message in stored}
        newest = [queued.get(message.id, message) for message in stored]
        return [*newest, *(m for m in queued.values() if m.id not in known)][-_MAX_HISTORY:]

    async def find(self, conversation_id: str) -> Conversation | None:
        """None if there is none, or if the store fails or does not answer in time."""
        if (known := self._open.get(conversation_id)) is not None:
            return known
        try:
            async with asyncio.timeout(_HISTORY_WITHIN_S):
                return await self._conversations.find(conversation_id)
        except (ParlorError, TimeoutError) as error:
            _log.error("conversation not found in the store: %s", getattr(error, "code", "timeout"))
            return None

    async def open_elsewhere(self, conversation_id: str) -> str | None:
        """Id of another server that may still store messages of the conversation. None if there is none, or
        if the store fails or does not answer in time."""
        if conversation_id in self._open:
            return None
        try:
            async with asyncio.timeout(_HISTORY_WITHIN_S):
                return await self._conversations.open_elsewhere(conversation_id)
        except (ParlorError, TimeoutError) as error:
            _log.error("owner of a conversation not found: %s", getattr(error, "code", "timeout"))
            return None

    async def own_talk(self, user_id: str, conversation_id: str) -> Conversation:
        """As in `ConversationStore`, once what is queued is stored, if that does not take long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_HISTORY_WITHIN_S):
                await self.flush()
        return await self._conversations.own_talk(user_id, conversation_id)

    def _next_at(self, message: Message) -> float:
        last = self._last_at.get(message.conversation_id, 0.0)
        at = message.at if message.at >= last else last + 0.001
        self._last_at[message.conversation_id] = at
        return at

    def _forget_queued(self, message: Message) -> None:
        queued = self._queued[message.conversation_id]
        if queued.get(message.id) is message:
            del queued[message.id]
        if not queued:
            del self._queued[message.conversation_id]

    async def _day_of(self, user_id: str, at: float) -> PracticeDay:
        """The person's day, with nothing in it."""
        user = await self._users.get_user(user_id)
        zone = user.time_zone if user else None
        day = day_at(at, zone)
        return PracticeDay(day.isoformat(), starts_at=start_of(day, zone))

    def _mended(self, message: Message, learner: str) -> int:
        if message.role != "learner":
            return 0
        return self._mending.said(message.conversation_id, learner, message.text)

    async def _count(self, user_id: str, day: PracticeDay) -> None:
        with suppress(UserNotFound):  # the profile was deleted meanwhile
            await self._progress.add_progress(user_id, day)
            self._practised(user_id)


def _practice(day: PracticeDay, message: Message, topic: str, mended: int, *, is_alone: bool) -> PracticeDay:
    if message.role == "tutor":
        return replace(day, practice_s=message.speech_s)
    seconds = message.speech_s if is_alone else 0.0
    topics = (topic[:_MAX_TOPIC],) if topic else ()
    return replace(day, practice_s=seconds, speaking_s=seconds, turns=1, topics=topics, mended=mended)
