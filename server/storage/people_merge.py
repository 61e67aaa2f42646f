"""Moves what a guest and others are to each other to another user in the caller's transaction."""

from __future__ import annotations

from sqlalchemy import Table, and_, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from server.storage.people_tables import follows, meetings, people_notes
from server.storage.tables import blocks

_PAIRS = (
    (blocks, "user_id", "blocked_id"),
    (follows, "user_id", "other_id"),
    (people_notes, "user_id", "other_id"),
    (meetings, "user_id", "other_id"),
)
"""Tables of pairs of users, and the columns of the two. Either direction moves: somebody who was blocked as a
guest stays blocked."""


async def merge_people(connection: AsyncConnection, guest_id: str, user_id: str) -> None:
    """Rows that the user has already, and those of the guest and the user, are left to the guest's end."""
    for table, one, other in _PAIRS:
        for column, partner in ((one, other), (other, one)):
            await _move(connection, table, column, partner, guest_id, user_id)
    await _settle_follows(connection, user_id)


async def _move(
    connection: AsyncConnection, table: Table, column: str, partner: str, guest_id: str, user_id: str
) -> None:
    own = table.alias()
    has_it = exists().where(own.c[column] == user_id, own.c[partner] == table.c[partner])
    await connection.execute(
        update(table)
        .where(table.c[column] == guest_id, table.c[partner] != user_id, ~has_it)
        .values({column: user_id})
    )


async def _settle_follows(connection: AsyncConnection, user_id: str) -> None:
    """End follows between people of whom one has blocked the other, and find out who are friends now: the
    guest may have followed somebody who followed the user."""
    concerns = or_(follows.c.user_id == user_id, follows.c.other_id == user_id)
    is_blocked = exists().where(
        or_(
            and_(blocks.c.user_id == follows.c.user_id, blocks.c.blocked_id == follows.c.other_id),
            and_(blocks.c.user_id == follows.c.other_id, blocks.c.blocked_id == follows.c.user_id),
        )
    )
    await connection.execute(delete(follows).where(concerns, is_blocked))
    back = follows.alias()
    each_other = and_(back.c.user_id == follows.c.other_id, back.c.other_id == follows.c.user_id)
    is_new = or_(follows.c.friends_at.is_(None), back.c.friends_at.is_(None))
    query = (
        select(follows.c.other_id, follows.c.at, back.c.at.label("back_at"))
        .join(back, each_other)
        .where(follows.c.user_id == user_id, is_new)
    )
    for other_id, at, back_at in (await connection.execute(query)).all():
        pair = or_(
            and_(follows.c.user_id == user_id, follows.c.other_id == other_id),
            and_(follows.c.user_id == other_id, follows.c.other_id == user_id),
        )
        await connection.execute(update(follows).where(pair).values(friends_at=max(at, back_at)))
