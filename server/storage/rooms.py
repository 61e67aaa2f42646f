"""Rooms and their seats, stored so that a restart restores them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import RowMapping, delete, select
from sqlalchemy.exc import IntegrityError

from server.errors import RoomNotFound
from server.protocol.entities import ParticipantKind, RoomType
from server.rooms.model import Ban, RoomInfo, SeatRecord, TutorSettings, User
from server.storage.database import Database
from server.storage.tables import rooms, seats, users
from server.storage.upsert import upsert
from server.storage.users import PROFILE, user_of


class SqlRoomStore:
    """The RoomStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save_room(self, room: RoomInfo) -> None:
        async with self._database.write() as connection:
            await upsert(connection, rooms, _room_row(room))

    async def delete_room(self, room_id: str) -> None:
        async with self._database.write() as connection:
            await connection.execute(delete(rooms).where(rooms.c.id == room_id))

    async def save_seat(self, seat: SeatRecord) -> None:
        """Raises RoomNotFound."""
        try:
            async with self._database.write() as connection:
                await upsert(connection, seats, asdict(seat))
        except IntegrityError as error:
            raise RoomNotFound from error

    async def delete_seat(self, room_id: str, seat_id: str) -> None:
        async with self._database.write() as connection:
            await connection.execute(delete(seats).where(seats.c.id == seat_id, seats.c.room_id == room_id))

    async def load_rooms(self) -> Sequence[tuple[RoomInfo, Sequence[SeatRecord], Sequence[User]]]:
        """Rooms, oldest first, each with its seats, oldest first, and their users."""
        sitting = PROFILE.where(users.c.id.in_(select(seats.c.user_id)))
        async with self._database.read() as connection:
            room_rows = (
                (await connection.execute(select(rooms).order_by(rooms.c.created_at))).mappings().all()
            )
            seat_rows = (await connection.execute(select(seats).order_by(seats.c.joined_at))).mappings().all()
            people = {row["id"]: user_of(row) for row in (await connection.execute(sitting)).mappings()}
        taken: defaultdict[str, list[SeatRecord]] = defaultdict(list)
        for row in seat_rows:
            taken[row["room_id"]].append(_seat_of(row))
        return [(_room_of(row), taken[row["id"]], _users_of(taken[row["id"]], people)) for row in room_rows]


def _users_of(seated: Sequence[SeatRecord], people: dict[str, User]) -> list[User]:
    ids = dict.fromkeys(seat.user_id for seat in seated)
    return [people[user_id] for user_id in ids if user_id in people]


def _room_row(room: RoomInfo) -> dict[str, Any]:
    row = asdict(room)
    row["unheard"] = list(row.pop("opted_out"))
    lists = {"tags": list(room.tags), "admitted": list(room.admitted)}
    return row | lists | {"bans": [asdict(ban) for ban in room.bans]}


def _room_of(row: RowMapping) -> RoomInfo:
    values = dict(row)
    values["type"] = RoomType(values["type"])
    values["tags"] = tuple(values["tags"])
    values["bans"] = tuple(Ban(**ban) for ban in values["bans"])
    values["admitted"] = tuple(values["admitted"])
    values["opted_out"] = tuple(values.pop("unheard"))
    values["tutor"] = TutorSettings(**values["tutor"]) if values["tutor"] else None
    return RoomInfo(**values)


def _seat_of(row: RowMapping) -> SeatRecord:
    return SeatRecord(**{**row, "kind": ParticipantKind(row["kind"])})
