"""Conversations with the tutor, and who may read which messages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, delete, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import ConversationNotFound
from server.protocol.agents import PassageRef
from server.protocol.entities import RoomType
from server.protocol.tutor import FeedbackItem
from server.storage.citations import add_citations, citations_of
from server.storage.database import Database
from server.storage.memory import delete_memory_of_talk
from server.storage.mistakes import delete_without_sentences
from server.storage.nodes import live_nodes
from server.storage.tables import (
    CONVERSATION,
    conversations,
    corrections,
    message_readers,
    messages,
    rooms,
    users,
)
from server.storage.upsert import insert_new, upsert
from server.tutor.model import Conversation, ConversationSummary, ConversationView, Message, StoredCorrection

_HAS_NO_READER = ~exists().where(message_readers.c.message_id == messages.c.id)
_HAS_ENDED = conversations.c.ended_at.is_not(None)
_HAS_ROOM = exists().where(rooms.c.tutor["conversation_id"].as_string() == conversations.c.id)
_IS_EMPTY = ~exists().where(messages.c.conversation_id == conversations.c.id)

_MAY_HAVE_AUDIO = (messages.c.role == "tutor") | exists().where(
    users.c.id == messages.c.user_id, users.c.keep_audio
)
"""A learner's voice is stored only with their consent."""

_IS_UNREADABLE = corrections.c.conversation_id.in_(
    select(conversations.c.id).where(_HAS_ENDED)
) & ~exists().where(
    message_readers.c.user_id == corrections.c.user_id,
    message_readers.c.conversation_id == corrections.c.conversation_id,
)
"""Corrections that were stored after their learner had deleted the conversation. While a conversation goes
on, the message of a correction may arrive after it."""


class SqlConversationStore:
    """The ConversationStore port. `owner` names this server, and no other one before or after it."""

    def __init__(self, database: Database, owner: str = "local") -> None:
        self._database = database
        self._owner = owner

    async def save_conversation(self, conversation: Conversation) -> None:
        row = asdict(conversation) | {"owner": self._owner}
        async with self._database.write() as connection:
            await upsert(connection, conversations, row, keep=("started_at",))

    async def find(self, conversation_id: str) -> Conversation | None:
        query = select(*CONVERSATION).where(conversations.c.id == conversation_id)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().first()
        return None if row is None else Conversation(**row)

    async def end_conversation(self, conversation_id: str, at: float) -> None:
        async with self._database.write() as connection:
            own = (conversations.c.id == conversation_id, conversations.c.owner == self._owner)
            await connection.execute(update(conversations).where(*own).values(ended_at=at))
            await connection.execute(delete(conversations).where(*own, _IS_EMPTY))

    async def open_elsewhere(self, conversation_id: str) -> str | None:
        if self._database.is_sqlite:
            return None
        owner = select(conversations.c.owner).where(
            conversations.c.id == conversation_id, ~_HAS_ENDED, self._is_elsewhere()
        )
        async with self._database.read() as connection:
            return (await connection.execute(owner)).scalar_one_or_none()

    async def end_orphaned(self, exclude: Collection[str]) -> None:
        last_message_at = (
            select(func.max(messages.c.at))
            .where(messages.c.conversation_id == conversations.c.id)
            .scalar_subquery()
        )
        is_orphaned = ~_HAS_ENDED & ~_HAS_ROOM & conversations.c.id.not_in(exclude)
        if not self._database.is_sqlite:
            is_orphaned &= conversations.c.owner.is_(None) | ~self._is_elsewhere()
        ended = update(conversations).where(is_orphaned)
        async with self._database.write() as connection:
            await connection.execute(
                ended.values(ended_at=func.coalesce(last_message_at, conversations.c.started_at))
            )

    async def add_message(self, message: Message, readers: Collection[str]) -> bool:
        try:
            async with self._database.write() as connection:
                is_new = await insert_new(connection, messages, asdict(message))
                if is_new:
                    await _add_readers(connection, message, readers)
        except IntegrityError as error:
            raise ConversationNotFound from error
        return is_new

    async def cite(self, conversation_id: str, message_id: str, passages: Sequence[PassageRef]) -> None:
        async with self._database.write() as connection:
            await add_citations(connection, conversation_id, message_id, passages)

    async def amend_message(self, message: Message) -> None:
        changed = (
            update(messages)
            .where(
                messages.c.id == message.id,
                messages.c.conversation_id == message.conversation_id,
                messages.c.role == "learner",
                messages.c.user_id == message.user_id,
            )
            .values(text=message.text, confidence=message.confidence)
        )
        given = select(corrections.c.id, corrections.c.original).where(corrections.c.message_id == message.id)
        async with self._database.write() as connection:
            if not (await connection.execute(changed)).rowcount:
                return
            rows = (await connection.execute(given)).all()
            void = [row.id for row in rows if row.original not in message.text]
            await connection.execute(delete(corrections).where(corrections.c.id.in_(void)))
            if void and message.user_id is not None:
                await delete_without_sentences(connection, message.user_id)

    async def add_correction(self, correction: StoredCorrection) -> bool:
        item = correction.item
        row = {
            "id": item.id,
            "turn_id": item.turn_id,
            "original": item.original_sentence,
            "corrected": item.corrected_sentence,
            "explanation": item.explanation,
            "category": item.category.value,
            "conversation_id": correction.conversation_id,
            "user_id": correction.user_id,
            "message_id": correction.message_id,
            "at": correction.at,
        }
        try:
            async with self._database.write() as connection:
                return await insert_new(connection, corrections, row)
        except IntegrityError as error:
            raise ConversationNotFound from error

    async def history(self, conversation_id: str, limit: int) -> Sequence[Message]:
        newest = select(messages).where(messages.c.conversation_id == conversation_id)
        async with self._database.read() as connection:
            return await _newest(connection, newest, limit)

    async def find_message(self, message_id: str) -> Message | None:
        async with self._database.read() as connection:
            row = (await connection.execute(select(messages).where(messages.c.id == message_id))).mappings()
            found = row.first()
        return None if found is None else Message(**found)

    async def mark_audio(self, message_id: str) -> bool:
        marked = update(messages).where(messages.c.id == message_id, _MAY_HAVE_AUDIO).values(has_audio=True)
        async with self._database.write() as connection:
            return (await connection.execute(marked)).rowcount > 0

    async def with_audio(self, message_ids: Collection[str]) -> Collection[str]:
        marked = select(messages.c.id).where(messages.c.id.in_(message_ids), messages.c.has_audio)
        async with self._database.read() as connection:
            return (await connection.execute(marked)).scalars().all()

    async def unmark_audio_before(self, at: float) -> Sequence[str]:
        return await self._unmark_audio(messages.c.at < at)

    async def unmark_audio_of(self, user_id: str) -> Sequence[str]:
        return await self._unmark_audio((messages.c.role == "learner") & (messages.c.user_id == user_id))

    async def unmark_audio_without_consent(self) -> Sequence[str]:
        return await self._unmark_audio(~_MAY_HAVE_AUDIO)

    async def list_for(
        self, user_id: str, limit: int, before: tuple[float, str] | None
    ) -> Sequence[ConversationSummary]:
        query = _summaries(user_id)
        if before is not None:
            started_at, conversation_id = before
            at = conversations.c.started_at
            query = query.where(
                or_(at < started_at, and_(at == started_at, conversations.c.id < conversation_id))
            )
        query = query.order_by(conversations.c.started_at.desc(), conversations.c.id.desc()).limit(limit)
        async with self._database.read() as connection:
            return [_summary(row) for row in (await connection.execute(query)).mappings()]

    async def view_for(self, user_id: str, conversation_id: str, limit: int) -> ConversationView:
        mine = select(messages).join(message_readers, _reads(user_id, conversation_id))
        given = (
            select(corrections)
            .where(corrections.c.user_id == user_id, corrections.c.conversation_id == conversation_id)
            .order_by(corrections.c.at.desc())
            .limit(limit)
        )
        async with self._database.read() as connection:
            summary = await _one_summary(connection, user_id, conversation_id)
            shown = await _newest(connection, mine, limit)
            cited = await citations_of(connection, [one.id for one in shown if one.role == "tutor"], user_id)
            received = [_correction(row) for row in (await connection.execute(given)).mappings()]
        return ConversationView(summary, shown, received[::-1], cited)

    async def own_talk(self, user_id: str, conversation_id: str) -> Conversation:
        this = conversations.c.id == conversation_id
        said_in = messages.c.conversation_id == conversation_id
        is_read = message_readers.c.message_id == messages.c.id
        withheld = exists().where(said_in, ~exists().where(is_read, message_readers.c.user_id == user_id))
        shared = exists().where(
            message_readers.c.conversation_id == conversation_id, message_readers.c.user_id != user_id
        )
        is_of_a_group = exists().where(rooms.c.id == conversations.c.room_id, rooms.c.type != RoomType.AI)
        own = select(*CONVERSATION).where(this, exists().where(said_in), ~withheld, ~shared, ~is_of_a_group)
        async with self._database.read() as connection:
            row = (await connection.execute(own)).mappings().first()
        if row is None:
            raise ConversationNotFound
        return Conversation(**row)

    async def can_play(self, user_id: str, conversation_id: str, message_id: str) -> bool:
        query = (
            select(messages.c.id)
            .join(message_readers, _reads(user_id, conversation_id))
            .where(messages.c.id == message_id, messages.c.has_audio)
        )
        async with self._database.read() as connection:
            return (await connection.execute(query)).first() is not None

    async def delete_for(self, user_id: str, conversation_id: str) -> Sequence[str]:
        async with self._database.write() as connection:
            await _one_summary(connection, user_id, conversation_id)
            for table in (message_readers, corrections):
                await connection.execute(
                    delete(table).where(
                        table.c.user_id == user_id, table.c.conversation_id == conversation_id
                    )
                )
            await delete_memory_of_talk(connection, user_id, conversation_id)
            await delete_without_sentences(connection, user_id)
            return await delete_unread(connection, messages.c.conversation_id == conversation_id)

    async def delete_unreadable(self) -> Sequence[str]:
        async with self._database.write() as connection:
            deleted = await delete_unread(connection)
            await delete_without_sentences(connection)
            return deleted

    def _is_elsewhere(self) -> ColumnElement[bool]:
        """Another server that is alive by its lease has the conversation. NULL without an owner. On SQLite,
        whose file has one server, there are no leases."""
        return (conversations.c.owner != self._owner) & conversations.c.owner.in_(live_nodes())

    async def _unmark_audio(self, which: ColumnElement[bool]) -> Sequence[str]:
        unmarked = update(messages).where(messages.c.has_audio, which).values(has_audio=False)
        async with self._database.write() as connection:
            result = await connection.execute(unmarked.returning(messages.c.id))
            ids: Sequence[str] = result.scalars().all()
        return ids


async def _add_readers(connection: AsyncConnection, message: Message, readers: Collection[str]) -> None:
    """A reader whose profile was deleted meanwhile is left out."""
    known = (await connection.execute(select(users.c.id).where(users.c.id.in_(readers)))).scalars().all()
    for user_id in known:
        await insert_new(
            connection,
            message_readers,
            {"message_id": message.id, "user_id": user_id, "conversation_id": message.conversation_id},
        )


def _reads(user_id: str, conversation_id: str) -> ColumnElement[bool]:
    return and_(
        message_readers.c.message_id == messages.c.id,
        message_readers.c.user_id == user_id,
        message_readers.c.conversation_id == conversation_id,
    )


def _summaries(user_id: str) -> Select[Any]:
    """Conversations of which the user may read at least one message."""
    read = (
        select(message_readers.c.conversation_id, func.count().label("messages"))
        .where(message_readers.c.user_id == user_id)
        .group_by(message_readers.c.conversation_id)
        .subquery()
    )
    corrected = (
        select(func.count())
        .where(corrections.c.conversation_id == conversations.c.id, corrections.c.user_id == user_id)
        .scalar_subquery()
    )
    return select(*CONVERSATION, read.c.messages, corrected.label("corrections")).join(
        read, read.c.conversation_id == conversations.c.id
    )


async def _one_summary(
    connection: AsyncConnection, user_id: str, conversation_id: str
) -> ConversationSummary:
    query = _summaries(user_id).where(conversations.c.id == conversation_id)
    row = (await connection.execute(query)).mappings().first()
    if row is None:
        raise ConversationNotFound
    return _summary(row)


async def _newest(connection: AsyncConnection, query: Select[Any], limit: int) -> list[Message]:
    """The newest `limit` messages, oldest first."""
    newest = query.order_by(messages.c.at.desc(), messages.c.id.desc()).limit(limit)
    return [Message(**row) for row in (await connection.execute(newest)).mappings()][::-1]


async def delete_unread(connection: AsyncConnection, *where: ColumnElement[bool]) -> Sequence[str]:
    unread = delete(messages).where(_HAS_NO_READER, *where).returning(messages.c.id)
    ids = (await connection.execute(unread)).scalars().all()
    await connection.execute(delete(conversations).where(_IS_EMPTY, _HAS_ENDED))
    await connection.execute(delete(corrections).where(_IS_UNREADABLE))
    return ids


def _summary(row: RowMapping) -> ConversationSummary:
    values = dict(row)
    counts = values.pop("messages"), values.pop("corrections")
    return ConversationSummary(Conversation(**values), *counts)


def _correction(row: RowMapping) -> StoredCorrection:
    values = dict(row)
    stored = {name: values.pop(name) for name in ("conversation_id", "user_id", "message_id", "at")}
    item = FeedbackItem(
        original_sentence=values.pop("original"), corrected_sentence=values.pop("corrected"), **values
    )
    return StoredCorrection(**stored, item=item)
