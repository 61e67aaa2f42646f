"""Reads what PostgreSQL knows of servers that share their rooms, for an operator."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from server.storage.database import Database
from server.storage.nodes import database_time
from server.storage.tables import nodes, rooms, seats

_SHOWN = 500


@dataclass(frozen=True, slots=True)
class StoredNode:
    id: str
    lease_age_s: float


@dataclass(frozen=True, slots=True)
class StoredRoom:
    """`owner` is empty for a room that no server has."""

    id: str
    owner: str
    epoch: int
    seats: int
    age_s: float


@dataclass(frozen=True, slots=True)
class Stored:
    """`rooms` are the newest, `room_counts` counts all by owner."""

    nodes: list[StoredNode]
    rooms: list[StoredRoom]
    room_counts: dict[str, int]


async def stored_status(database: Database) -> Stored:
    """Raises Unavailable."""
    seated = select(func.count()).where(seats.c.room_id == rooms.c.id).scalar_subquery()
    age_s = database_time() - rooms.c.created_at
    listed = select(rooms.c.id, rooms.c.owner, rooms.c.epoch, seated, age_s).order_by(age_s).limit(_SHOWN)
    async with database.read() as connection:
        lease_age_s = database_time() - nodes.c.seen_at
        servers = (await connection.execute(select(nodes.c.id, lease_age_s))).all()
        rows = (await connection.execute(listed)).all()
        counted = await connection.execute(select(rooms.c.owner, func.count()).group_by(rooms.c.owner))
        counts = {owner or "": count for owner, count in counted}
    return Stored(
        [StoredNode(node_id, float(age)) for node_id, age in servers],
        [StoredRoom(i, owner or "", epoch, count, float(age)) for i, owner, epoch, count, age in rows],
        counts,
    )
