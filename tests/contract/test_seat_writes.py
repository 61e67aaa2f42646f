"""Writes of seats that share a transaction, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import RoomElsewhere, RoomNotFound
from server.storage import Database, SqlRoomStore, SqlUserStore
from server.storage.tables import seats
from tests.contract.storage_urls import database, postgres_socket, url
from tests.contract.test_storage import LINH, ROOM, SEAT

__all__ = ["database", "postgres_socket", "url"]

PEOPLE = [replace(SEAT, id=f"s{n}") for n in range(10)]


class Writes:
    """Counts the transactions that write. After `hold`, each waits for `gate` before it begins."""

    def __init__(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self.begun = asyncio.Semaphore(0)
        self.gate: asyncio.Semaphore | None = None
        self._write = database.write
        monkeypatch.setattr(database, "write", self.write)

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[AsyncConnection]:
        self.count += 1
        self.begun.release()
        if self.gate is not None:
            await self.gate.acquire()
        async with self._write() as connection:
            yield connection

    def hold(self) -> asyncio.Semaphore:
        self.gate = asyncio.Semaphore(0)
        return self.gate


@pytest.fixture
async def store(database: Database) -> SqlRoomStore:
    await SqlUserStore(database).add_user(LINH)
    store = SqlRoomStore(database)
    await store.save_room(ROOM)
    return store


async def stored_ids(database: Database) -> set[str]:
    async with database.read() as connection:
        return set((await connection.execute(select(seats.c.id))).scalars())


async def test_seats_that_are_saved_together_share_transactions(
    database: Database, store: SqlRoomStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes = Writes(database, monkeypatch)
    await asyncio.gather(*map(store.save_seat, PEOPLE))
    assert writes.count <= 2
    assert await stored_ids(database) == {seat.id for seat in PEOPLE}
    await asyncio.gather(*(store.delete_seat("r1", seat.id) for seat in PEOPLE[1:]))
    assert writes.count <= 4
    assert await stored_ids(database) == {"s0"}


async def test_a_seat_of_a_room_that_is_gone_or_another_servers_fails_alone(
    database: Database, store: SqlRoomStore
) -> None:
    other = SqlRoomStore(database, "other")
    await other.save_room(replace(ROOM, id="r2"))
    gone, elsewhere = replace(SEAT, id="a", room_id="r0"), replace(SEAT, id="b", room_id="r2")
    results = await asyncio.gather(
        *map(store.save_seat, [gone, PEOPLE[1], elsewhere, PEOPLE[2]]), return_exceptions=True
    )
    assert [type(result) for result in results] == [RoomNotFound, type(None), RoomElsewhere, type(None)]
    assert await stored_ids(database) == {"s1", "s2"}


async def test_a_seat_that_the_database_cannot_hold_fails_alone(
    database: Database, store: SqlRoomStore
) -> None:
    wrong = replace(SEAT, id="a", number=2**70)
    results = await asyncio.gather(
        *map(store.save_seat, [PEOPLE[1], wrong, PEOPLE[2]]), return_exceptions=True
    )
    assert [isinstance(result, Exception) for result in results] == [False, True, False]
    assert await stored_ids(database) == {"s1", "s2"}


async def test_if_the_writing_caller_stops_waiting_the_others_are_written(
    database: Database, store: SqlRoomStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes = Writes(database, monkeypatch)
    gate = writes.hold()
    before, first, second = (asyncio.create_task(store.save_seat(seat)) for seat in PEOPLE[:3])
    await writes.begun.acquire()
    gate.release()
    await before
    await writes.begun.acquire()
    first.cancel()
    await asyncio.wait([first])
    gate.release()
    async with asyncio.timeout(5):
        await second
    assert first.cancelled()
    assert await stored_ids(database) == {"s0", "s2"}


async def test_a_seat_given_up_after_a_cancelled_save_stays_away(
    database: Database, store: SqlRoomStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes = Writes(database, monkeypatch)
    gate = writes.hold()
    other, saved = (asyncio.create_task(store.save_seat(seat)) for seat in PEOPLE[:2])
    await writes.begun.acquire()
    saved.cancel()
    given_up = asyncio.create_task(store.delete_seat("r1", "s1"))
    gate.release()
    gate.release()
    await asyncio.gather(other, given_up)
    assert await stored_ids(database) == {"s0"}
