"""Writes of seats, several in one transaction: many people join at the same time after a server has ended.

A transaction costs about ten calls of the driver, whatever it writes. Callers wait for their seat to be
written, so no task is needed: the caller that holds the lock writes the seats of all that wait.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass

from sqlalchemy import bindparam, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import RoomElsewhere, RoomNotFound, Unavailable
from server.rooms.model import SeatRecord
from server.storage.database import Database
from server.storage.tables import rooms, seats
from server.storage.upsert import upsert_all

_MOST = 64
"""Seats in one transaction: the others of the batch wait for it."""
# Without FOR SHARE the write of a former owner can pass a claim that is not committed yet. In the order of
# the ids, so that two servers that lock several rooms do not wait for each other.
_OWNERS = (
    select(rooms.c.id, rooms.c.owner, rooms.c.epoch)
    .where(rooms.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(rooms.c.id)
    .with_for_update(read=True)
)
_DELETE = delete(seats).where(
    seats.c.id == bindparam("given_up"), seats.c.room_id == bindparam("given_up_in")
)

Refusal = Callable[[str, str | None, int], RoomElsewhere | None]
"""None if a room with this id, owner and epoch in the store is this server's. Called for each write."""


@dataclass(slots=True, eq=False)
class _Write:
    """`seat` None: delete it. `error` says why it was not written."""

    room_id: str
    seat_id: str
    seat: SeatRecord | None
    is_done: bool = False
    is_abandoned: bool = False
    error: Exception | None = None


class SeatWrites:
    """Writes of one seat take effect in the order in which they were asked for, also if a caller stopped
    waiting: its own write has ended, or never happens, before a later one begins."""

    def __init__(self, database: Database, refusal: Refusal) -> None:
        self._database = database
        self._refusal = refusal
        self._lock = asyncio.Lock()
        self._waiting: deque[_Write] = deque()

    async def save(self, seat: SeatRecord) -> None:
        """Raises RoomElsewhere, RoomNotFound, Unavailable."""
        await self._write(_Write(seat.room_id, seat.id, seat))

    async def delete(self, room_id: str, seat_id: str) -> None:
        """Raises RoomElsewhere, RoomNotFound, Unavailable."""
        await self._write(_Write(room_id, seat_id, None))

    async def _write(self, write: _Write) -> None:
        self._waiting.append(write)
        try:
            async with self._lock:
                while not write.is_done:
                    await self._write_some()
        finally:
            write.is_abandoned = True
            with suppress(ValueError):
                self._waiting.remove(write)
        if write.error is not None:
            raise write.error

    async def _write_some(self) -> None:
        """If this is cancelled, those that still wait are first again."""
        batch = [self._waiting.popleft() for _ in range(min(_MOST, len(self._waiting)))]
        try:
            await self._try(batch)
        finally:
            left = [write for write in batch if not (write.is_done or write.is_abandoned)]
            self._waiting.extendleft(reversed(left))

    async def _try(self, batch: Sequence[_Write]) -> None:
        try:
            async with self._database.write() as connection:
                await self._write_own(connection, batch)
        except Unavailable as error:
            for write in batch:
                write.error = error
        except Exception as error:  # noqa: BLE001  of one row: its caller gets it, the others are written
            if len(batch) == 1:
                batch[0].error = _error_of_one(error)
            else:
                for write in batch:
                    if write.error is None:
                        await self._try([write])
        for write in batch:
            write.is_done = True

    async def _write_own(self, connection: AsyncConnection, batch: Sequence[_Write]) -> None:
        """Until the transaction ends, nobody else can claim these rooms."""
        found = await connection.execute(_OWNERS, {"ids": sorted({write.room_id for write in batch})})
        owners = {row.id: (row.owner, row.epoch) for row in found}
        for write in batch:
            owner = owners.get(write.room_id)
            write.error = self._refusal(write.room_id, *owner) if owner is not None else RoomNotFound()
        mine = [write for write in batch if write.error is None]
        saved = [asdict(write.seat) for write in mine if write.seat is not None]
        given_up = [write for write in mine if write.seat is None]
        if given_up:
            rows = [{"given_up": write.seat_id, "given_up_in": write.room_id} for write in given_up]
            await connection.execute(_DELETE, rows)
        if saved:
            await upsert_all(connection, seats, saved)


def _error_of_one(error: Exception) -> Exception:
    """RoomNotFound if a row that the seat refers to was deleted meanwhile."""
    if not isinstance(error, IntegrityError):
        return error
    gone = RoomNotFound()
    gone.__cause__ = error
    return gone
