"""Lines of the rooms' chats, in the caller's transaction. A line goes with its room and with its author."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.rooms.chat import ChatLine
from server.storage.tables import chat_lines, users
from server.storage.upsert import upsert_all


async def load_chat_lines(
    connection: AsyncConnection, room_ids: Sequence[str]
) -> Mapping[str, Sequence[ChatLine]]:
    """By room, oldest first."""
    query = select(chat_lines).where(chat_lines.c.room_id.in_(room_ids))
    found: defaultdict[str, list[ChatLine]] = defaultdict(list)
    for row in (await connection.execute(query.order_by(chat_lines.c.at, chat_lines.c.id))).mappings():
        found[row["room_id"]].append(ChatLine(**row))
    return found


async def save_chat_lines(
    connection: AsyncConnection, lines: Sequence[ChatLine], dropped: Sequence[str]
) -> None:
    """Lines of people whose profile was deleted meanwhile are left out."""
    if dropped:
        await connection.execute(delete(chat_lines).where(chat_lines.c.id.in_(dropped)))
    authors = select(users.c.id).where(users.c.id.in_({line.user_id for line in lines}))
    known = set((await connection.execute(authors)).scalars()) if lines else set()
    rows = [asdict(line) for line in lines if line.user_id in known]
    if rows:
        await upsert_all(connection, chat_lines, rows)
