"""The fence in PostgreSQL: after a claim no former owner changes the room, whatever happens at once."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from server.errors import RoomElsewhere, RoomNotFound
from server.rooms.model import RoomInfo, SeatRecord
from server.storage import Database, SqlRoomStore
from server.storage.tables import rooms, seats
from tests.contract.storage_urls import new_database
from tests.contract.test_storage import ROOM, SEAT
from tests.fakes.scale import scaled

ROUNDS = scaled(100, 1_000, "soak")
CLAIMERS = 4
RACERS = scaled(60, 500, "soak")
_CONCURRENTLY = 12
"""Of the pool's connections."""


@pytest.fixture
async def database(postgres_socket: Path) -> AsyncIterator[Database]:
    database = Database(await new_database(postgres_socket))
    try:
        await database.start()
        yield database
    finally:
        await database.aclose()


async def attempt(store: SqlRoomStore, room: RoomInfo, seat: SeatRecord, mark: str) -> str | None:
    """One write that names its writer, of a kind chosen at random. Returns what it wrote, None if refused."""
    try:
        match random.randrange(3):
            case 0:
                await store.save_room(replace(room, name=mark))
            case 1:
                await store.save_seat(replace(seat, resume_digest=mark))
            case _:
                await store.delete_seat(room.id, seat.id)
    except (RoomElsewhere, RoomNotFound):
        return None
    return mark


async def interleave(database: Database, number: int) -> None:
    """An owner writes while others claim; the winner then has the room to itself."""
    room, seat = replace(ROOM, id=f"r{number}"), replace(SEAT, id=f"s{number}", room_id=f"r{number}")
    owner = SqlRoomStore(database, "owner")
    await owner.save_room(room)
    await owner.save_seat(seat)
    others = [SqlRoomStore(database, f"other{i}") for i in range(CLAIMERS)]

    async def claim(store: SqlRoomStore) -> SqlRoomStore | None:
        await asyncio.sleep(random.uniform(0, 0.01))
        return store if await store.claim_room(room.id, 1) is not None else None

    writes = [attempt(owner, room, seat, "by the owner") for _ in range(4)]
    outcomes = await asyncio.gather(*map(claim, others), *writes)
    [winner] = [found for found in outcomes if isinstance(found, SqlRoomStore)]
    assert [await attempt(owner, room, seat, "too late") for _ in range(3)] == [None] * 3
    await owner.delete_room(room.id)
    await winner.save_room(replace(room, name="by the winner"))
    async with database.read() as connection:
        row = (await connection.execute(select(rooms).where(rooms.c.id == room.id))).mappings().one()
        kept = (await connection.execute(select(seats.c.resume_digest).where(seats.c.id == seat.id))).all()
    assert (row["name"], row["epoch"]) == ("by the winner", 2)
    assert "too late" not in {each.resume_digest for each in kept}


async def test_no_write_of_a_former_owner_follows_a_claim(database: Database) -> None:
    limit = asyncio.Semaphore(_CONCURRENTLY // (CLAIMERS + 1))

    async def one(number: int) -> None:
        async with limit:
            await interleave(database, number)

    async with asyncio.TaskGroup() as group:
        for number in range(ROUNDS):
            group.create_task(one(number))


async def test_of_many_racing_claims_of_each_room_one_wins(database: Database) -> None:
    await SqlRoomStore(database, "gone").save_room(ROOM)
    limit = asyncio.Semaphore(_CONCURRENTLY)

    async def claim(number: int) -> bool:
        async with limit:
            return await SqlRoomStore(database, f"n{number}").claim_room(ROOM.id, 1) is not None

    assert sum(await asyncio.gather(*map(claim, range(RACERS)))) == 1
