"""Merges a guest's history into another user's, in the caller's transaction.

The other user's profile, picture, settings and consent to recordings win. Conversations and corrections are
added, and so are blocks. Days of practice are united: a day of both is one day. Of two cards of one mistake
or word the one with more reviews wins.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, and_, delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from server.storage.moderation_end import move_in_moderation
from server.storage.notice_tables import notices
from server.storage.notices import merge_notices_about, merge_reach
from server.storage.people_merge import merge_people
from server.storage.progress_tables import achievements, learner_weeks
from server.storage.schedule_tables import calendar_feeds, events, registrations, reminders
from server.storage.tables import (
    chat_lines,
    conversations,
    corrections,
    heard_sentences,
    knowledge_bases,
    learner_settings,
    message_readers,
    messages,
    mistake_sentences,
    mistakes,
    progress,
    progress_topics,
    talk_notes,
    users,
    words,
)
from server.storage.upsert import add_up, insert_new

_CARD = ("reviews", "right_reviews", "due_at", "state", "step", "stability", "difficulty", "reviewed_at")
_AMOUNTS = ("practice_s", "speaking_s", "together_s", "turns", "corrections", "mended", "people")


async def merge(connection: AsyncConnection, guest_id: str, user_id: str) -> None:
    """Move all that the guest has to the user, and delete the guest."""
    await _merge_settings(connection, guest_id, user_id)
    await _merge_cards(connection, mistakes, ("key",), guest_id, user_id)
    await _merge_cards(connection, words, ("language", "key"), guest_id, user_id)
    await _add_progress(connection, guest_id, user_id)
    for table, key in (
        (message_readers, ("message_id",)),
        (talk_notes, ("conversation_id",)),
        (heard_sentences, ("course_id", "module_index", "sub_topic_index", "sentence")),
        (mistakes, ("key",)),
        (words, ("language", "key")),
        (notices, ("key",)),
        (registrations, ("occurrence_id",)),
        (reminders, ("occurrence_id", "kind")),
        (calendar_feeds, ()),
        (achievements, ("name",)),
        (learner_weeks, ("monday",)),
    ):
        await _move_new(connection, table, key, guest_id, user_id)
    for table in (messages, corrections, chat_lines):
        await connection.execute(update(table).where(table.c.user_id == guest_id).values(user_id=user_id))
    await _merge_rules(connection, guest_id, user_id)
    await merge_reach(connection, guest_id, user_id)
    await merge_notices_about(connection, guest_id, user_id)
    await merge_people(connection, guest_id, user_id)
    await move_in_moderation(connection, guest_id, user_id)
    bases = update(knowledge_bases).where(knowledge_bases.c.owner_id == guest_id)
    await connection.execute(bases.values(owner_id=user_id))
    hosted = update(events).where(events.c.host_id == guest_id)
    await connection.execute(hosted.values(host_id=user_id))
    await connection.execute(delete(users).where(users.c.id == guest_id))


async def _merge_rules(connection: AsyncConnection, guest_id: str, user_id: str) -> None:
    """The person accepted the house rules if they did as either."""
    accepted = select(users.c.rules_accepted_at).where(users.c.id == guest_id).scalar_subquery()
    is_user = (users.c.id == user_id, users.c.rules_accepted_at.is_(None))
    await connection.execute(update(users).where(*is_user).values(rules_accepted_at=accepted))


async def _move_new(
    connection: AsyncConnection, table: Table, key: Sequence[str], guest_id: str, user_id: str
) -> None:
    """Move rows whose key the user does not have."""
    other = table.alias()
    has_it = exists().where(other.c.user_id == user_id, *(other.c[name] == table.c[name] for name in key))
    await connection.execute(
        update(table).where(table.c.user_id == guest_id, ~has_it).values(user_id=user_id)
    )


async def _merge_cards(
    connection: AsyncConnection, table: Table, key: Sequence[str], guest_id: str, user_id: str
) -> None:
    """Give the user's cards what the guest's of the same key have learnt, and delete the latter."""
    own = table.alias()
    same = and_(*(own.c[name] == table.c[name] for name in key))
    pairs = (
        select(table, own.c.id.label("own_id"), own.c.reviews.label("own_reviews"))
        .join(own, same)
        .where(table.c.user_id == guest_id, own.c.user_id == user_id)
    )
    for row in (await connection.execute(pairs)).mappings().all():
        if row["reviews"] > row["own_reviews"]:
            learnt: dict[str, Any] = {name: row[name] for name in _CARD}
            await connection.execute(update(table).where(table.c.id == row["own_id"]).values(**learnt))
        if table is mistakes:
            sentences = mistake_sentences.c.mistake_id == row["id"]
            await connection.execute(
                update(mistake_sentences).where(sentences).values(mistake_id=row["own_id"])
            )
        await connection.execute(delete(table).where(table.c.id == row["id"]))


async def _add_progress(connection: AsyncConnection, guest_id: str, user_id: str) -> None:
    days = select(progress).where(progress.c.user_id == guest_id)
    for row in (await connection.execute(days)).mappings().all():
        amounts = {name: row[name] for name in _AMOUNTS}
        first = {"starts_at": row["starts_at"]}
        await add_up(connection, progress, {"user_id": user_id, "day": row["day"]}, amounts, first)
    topics = select(progress_topics).where(progress_topics.c.user_id == guest_id)
    for row in (await connection.execute(topics)).mappings().all():
        await insert_new(connection, progress_topics, {**row, "user_id": user_id})


async def _merge_settings(connection: AsyncConnection, guest_id: str, user_id: str) -> None:
    """The user's settings win. What the guest has let the tutor forget stays forgotten, talk by talk."""
    query = select(learner_settings).where(learner_settings.c.user_id == guest_id)
    settings = (await connection.execute(query)).mappings().first()
    if settings is None:
        return
    has_note = exists().where(
        talk_notes.c.user_id == guest_id, talk_notes.c.conversation_id == conversations.c.id
    )
    is_read = exists().where(
        message_readers.c.user_id == guest_id, message_readers.c.conversation_id == conversations.c.id
    )
    forgotten = select(conversations.c.id).where(
        conversations.c.started_at < settings["forgotten_at"], is_read, ~has_note
    )
    for conversation_id in (await connection.execute(forgotten)).scalars().all():
        note = {"user_id": guest_id, "conversation_id": conversation_id, "text": ""}
        await connection.execute(insert(talk_notes).values(note))
    row = {**settings, "user_id": user_id, "forgotten_at": 0.0}
    await insert_new(connection, learner_settings, row)
