"""A lock on one person, so that two changes at once do not pass a limit of what one may have together."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import UserNotFound
from server.storage.tables import users


async def lock_person(connection: AsyncConnection, user_id: str) -> None:
    """Other changes of what the person has wait until the transaction ends. Raises UserNotFound."""
    if await connection.scalar(select(users.c.id).where(users.c.id == user_id).with_for_update()) is None:
        raise UserNotFound
