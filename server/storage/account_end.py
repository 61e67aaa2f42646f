"""Deletes a user with all that is stored of them, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.storage.conversations import delete_unread
from server.storage.mistakes import delete_without_sentences
from server.storage.moderation_end import forget_in_moderation
from server.storage.tables import message_readers, messages, users


async def delete_user(connection: AsyncConnection, user_id: str) -> Sequence[str]:
    """Delete the user, their words in everybody's conversations, and messages that only they could read.

    Returns the ids of the deleted messages, whose recordings the caller removes. The foreign keys of the
    other tables delete their rows. An open room keeps the user's id among those who were banned or let in,
    until it closes.
    """
    query = select(message_readers.c.conversation_id).where(message_readers.c.user_id == user_id).distinct()
    read = (await connection.execute(query)).scalars().all()
    spoken = delete(messages).where(messages.c.user_id == user_id).returning(messages.c.id)
    deleted = list((await connection.execute(spoken)).scalars().all())
    await forget_in_moderation(connection, [user_id])
    await connection.execute(delete(users).where(users.c.id == user_id))
    deleted += await delete_unread(connection, messages.c.conversation_id.in_(read))
    await delete_without_sentences(connection)
    return deleted
