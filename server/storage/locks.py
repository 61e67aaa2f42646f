"""A lock on one person, so that two changes at once do not pass a limit of what one may have together."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import UserNotFound
from server.storage.tables import users


async def lock_person(connection: AsyncConnection, user_id: str) -> None:
    """Other changes of what the person has wait until the transaction ends. Raises UserNotFound.

    Rows that only refer to the person can still be stored: two people who each store one about the other at
    once would otherwise wait for each other.
    """
    person = select(users.c.id).where(users.c.id == user_id)
    if await connection.scalar(person.with_for_update(key_share=True)) is None:
        raise UserNotFound
