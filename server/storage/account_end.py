"""Deletes a user with all that is stored of them, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.accounts.model import Deleted
from server.storage.conversations import delete_unread
from server.storage.mistakes import delete_without_sentences
from server.storage.moderation_end import forget_in_moderation
from server.storage.notices import name_notices_about
from server.storage.schedule_end import leave_events
from server.storage.tables import message_readers, messages, sessions, users


async def delete_user(connection: AsyncConnection, user_id: str, now: float) -> Deleted:
    """Delete the user, their words in everybody's conversations, and messages that only they could read.

    The foreign keys of the other tables delete their rows. An open room keeps the user's id among those who
    were banned or let in, until it closes.
    """
    left = await leave_events(connection, user_id, now)
    ended = await end_sessions(connection, user_id)
    query = select(message_readers.c.conversation_id).where(message_readers.c.user_id == user_id).distinct()
    read = (await connection.execute(query)).scalars().all()
    spoken = delete(messages).where(messages.c.user_id == user_id).returning(messages.c.id)
    deleted = list((await connection.execute(spoken)).scalars().all())
    await forget_in_moderation(connection, [user_id])
    await name_notices_about(connection, [user_id])
    await connection.execute(delete(users).where(users.c.id == user_id))
    deleted += await delete_unread(connection, messages.c.conversation_id.in_(read))
    await delete_without_sentences(connection)
    return Deleted(deleted, ended, left)


async def end_sessions(connection: AsyncConnection, user_id: str) -> Sequence[str]:
    """Delete the sessions of a user who is about to be deleted. Returns their digests: with the lock on the
    user's row there are no others before that row is gone."""
    await connection.execute(select(users.c.id).where(users.c.id == user_id).with_for_update())
    ended = delete(sessions).where(sessions.c.user_id == user_id).returning(sessions.c.digest)
    return list((await connection.execute(ended)).scalars().all())
