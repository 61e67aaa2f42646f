"""Reads all that is stored of one user, part by part, for their own copy."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Sequence
from typing import Any

from sqlalchemy import Select, select

from server.storage.database import Database
from server.storage.moderation_tables import reports, sanctions
from server.storage.notice_tables import notice_settings, notices, push_subscriptions
from server.storage.people import name_seen_by
from server.storage.people_tables import follows, meetings, people_notes
from server.storage.progress_tables import achievements, learner_weeks
from server.storage.schedule_tables import calendar_feeds, event_occurrences, events, registrations, reminders
from server.storage.tables import (
    CONVERSATION,
    avatars,
    blocks,
    chat_lines,
    conversations,
    corrections,
    documents,
    heard_sentences,
    identities,
    knowledge_bases,
    learner_settings,
    message_passages,
    message_readers,
    messages,
    mistake_sentences,
    mistakes,
    passages,
    passkeys,
    progress,
    progress_topics,
    rooms,
    sessions,
    talk_notes,
    users,
    words,
)

Rows = list[dict[str, Any]]

_TABLES = {
    "sessions": sessions,
    "passkeys": passkeys,
    "sign_ins": identities,
    "corrections": corrections,
    "mistakes": mistakes,
    "words": words,
    "practice_days": progress,
    "practice_topics": progress_topics,
    "achievements": achievements,
    "weeks": learner_weeks,
    "heard_sentences_of_classes": heard_sentences,
    "learning_settings": learner_settings,
    "talk_notes": talk_notes,
    "notices": notices,
    "notice_settings": notice_settings,
    "devices_that_get_messages": push_subscriptions,
    "chat": chat_lines,
    "places_at_events": registrations,
    "reminders": reminders,
    "calendar_addresses": calendar_feeds,
}
"""Names of the parts that are a table's rows with the user's id."""
_SECRET = frozenset(
    {"digest", "device_digest", "session_digest", "public_key", "credential_id", "auth", "p256dh", "user_id"}
)
"""Columns that open something, and the id that is in all rows."""


class SqlExport:
    """All methods raise Unavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def parts(self, user_id: str) -> AsyncGenerator[tuple[str, Rows]]:
        """Name and rows of each part. A conversation is a part of its own: `conversations/ID`."""
        yield "profile", await self._read(select(users).where(users.c.id == user_id))
        for name, table in _TABLES.items():
            columns = [column for column in table.c if column.name not in _SECRET]
            yield name, await self._read(select(*columns).where(table.c.user_id == user_id))
        for name, query in _people(user_id):
            yield name, await self._read(query)
        # Reports that others sent are not shown: the reported person learns nothing of them.
        sent = (reports.c.at, reports.c.reason, reports.c.place, reports.c.words, reports.c.target_name)
        yield "reports", await self._read(select(*sent).where(reports.c.reporter_id == user_id))
        decided = [column for column in sanctions.c if column.name not in {"target_id", "report_id"}]
        yield "decisions", await self._read(select(*decided).where(sanctions.c.target_id == user_id))
        yield (
            "sentences_of_mistakes",
            await self._read(
                select(mistake_sentences)
                .join(mistakes, mistakes.c.id == mistake_sentences.c.mistake_id)
                .where(mistakes.c.user_id == user_id)
            ),
        )
        yield (
            "rooms",
            await self._read(
                select(rooms.c.id, rooms.c.name, rooms.c.topic, rooms.c.created_at).where(
                    rooms.c.host_id == user_id
                )
            ),
        )
        hosted = events.c.host_id == user_id
        yield "events", await self._read(select(events).where(hosted))
        times = select(event_occurrences).join(events, events.c.id == event_occurrences.c.event_id)
        yield "times_of_events", await self._read(times.where(hosted))
        own = knowledge_bases.c.owner_id == user_id
        yield (
            "knowledge_bases",
            await self._read(
                select(*(column for column in knowledge_bases.c if column.name != "owner_id")).where(own)
            ),
        )
        is_of_base = knowledge_bases.c.id == documents.c.base_id
        stored = await self._read(select(documents).join(knowledge_bases, is_of_base).where(own))
        yield "documents", stored
        cited = select(message_passages).join(documents, documents.c.id == message_passages.c.document_id)
        yield "passages_of_answers", await self._read(cited.join(knowledge_bases, is_of_base).where(own))
        for document in stored:
            of_document = passages.c.document_id == document["id"]
            texts = select(passages.c.number, passages.c.heading, passages.c.text).where(of_document)
            yield f"documents/{document['id']}", await self._read(texts.order_by(passages.c.number))
        read = select(message_readers.c.conversation_id).where(message_readers.c.user_id == user_id)
        talks = await self._read(select(*CONVERSATION).where(conversations.c.id.in_(read)))
        yield "conversations", talks
        for talk in talks:
            yield f"conversations/{talk['id']}", await self._read(_messages(user_id, talk["id"]))

    async def recordings(self, user_id: str) -> Sequence[str]:
        """Ids of the messages with a recording that the user may hear."""
        query = (
            select(messages.c.id)
            .join(message_readers, message_readers.c.message_id == messages.c.id)
            .where(message_readers.c.user_id == user_id, messages.c.has_audio)
            .order_by(messages.c.at)
        )
        return [row["id"] for row in await self._read(query)]

    async def pictures(self, user_id: str) -> Sequence[bytes]:
        """Uploaded pictures, WebP."""
        return [row["image"] for row in await self._read(select(avatars).where(avatars.c.user_id == user_id))]

    async def _read(self, query: Select[Any]) -> Rows:
        async with self._database.read() as connection:
            return [dict(row) for row in (await connection.execute(query)).mappings()]


def _people(user_id: str) -> Iterator[tuple[str, Select[Any]]]:
    """People with whom the user has to do, by id and by the name that the user may see."""
    for part, table in (("following", follows), ("notes_on_people", people_notes), ("people_met", meetings)):
        other = table.c.other_id
        columns = [column for column in table.c if column.name != "user_id"]
        name = name_seen_by(user_id, other).label("name")
        yield part, select(*columns, name).where(table.c.user_id == user_id)
    follower = follows.c.user_id
    name = name_seen_by(user_id, follower).label("name")
    followers = select(follower, name, follows.c.at, follows.c.friends_at)
    yield "followers", followers.where(follows.c.other_id == user_id)
    # Their names are in the list of blocked people too.
    blocked = select(blocks.c.blocked_id, users.c.name, blocks.c.at)
    blocked = blocked.join(users, users.c.id == blocks.c.blocked_id)
    yield "blocked", blocked.where(blocks.c.user_id == user_id)


def _messages(user_id: str, conversation_id: str) -> Select[Any]:
    columns = [column for column in messages.c if column.name not in {"user_id", "participant_id"}]
    return (
        select(*columns, (messages.c.user_id == user_id).label("mine"))
        .join(message_readers, message_readers.c.message_id == messages.c.id)
        .where(message_readers.c.user_id == user_id, messages.c.conversation_id == conversation_id)
        .order_by(messages.c.at, messages.c.id)
    )
