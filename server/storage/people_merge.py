"""Moves what a guest and others are to each other to another user in the caller's transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import RowMapping, Table, and_, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from server.protocol.people import MAX_NOTE
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
    await _unite_notes(connection, guest_id, user_id)
    await _keep_later_meetings(connection, guest_id, user_id)
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


async def _unite_notes(connection: AsyncConnection, guest_id: str, user_id: str) -> None:
    """What the guest wrote about somebody follows what the user wrote about them, as far as a note may go."""
    for own, guests in await _of_both(connection, people_notes, guest_id, user_id):
        text = f"{own['text']}\n{guests['text']}"[:MAX_NOTE]
        await _change(connection, people_notes, own, {"text": text, "at": max(own["at"], guests["at"])})


async def _keep_later_meetings(connection: AsyncConnection, guest_id: str, user_id: str) -> None:
    for own, guests in await _of_both(connection, meetings, guest_id, user_id):
        if guests["at"] > own["at"]:
            later = {"at": guests["at"], "room_name": guests["room_name"]}
            await _change(connection, meetings, own, later)
            others_own = {"user_id": own["other_id"], "other_id": own["user_id"]}
            await _change(connection, meetings, others_own, later)


async def _of_both(
    connection: AsyncConnection, table: Table, guest_id: str, user_id: str
) -> list[tuple[RowMapping, RowMapping]]:
    """The rows of the user and of the guest about the same person."""
    query = select(table).where(table.c.user_id.in_((guest_id, user_id)))
    rows = (await connection.execute(query)).mappings().all()
    guests = {row["other_id"]: row for row in rows if row["user_id"] == guest_id}
    return [
        (row, guests[row["other_id"]])
        for row in rows
        if row["user_id"] == user_id and row["other_id"] in guests
    ]


async def _change(
    connection: AsyncConnection, table: Table, pair: RowMapping | dict[str, str], values: dict[str, Any]
) -> None:
    this = (table.c.user_id == pair["user_id"], table.c.other_id == pair["other_id"])
    await connection.execute(update(table).where(*this).values(values))


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
