"""Blocks are stored, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from server.cluster import MemoryBus
from server.errors import Conflict, TooManyBlocked, UserNotFound
from server.people.blocks import Blocks
from server.people.hidden import HiddenPeople
from server.people.model import PeopleList, Ties
from server.rooms.keep_apart import BLOCKS_TOPIC
from server.rooms.model import User
from server.rooms.ports import HELLO_TOPIC
from server.storage import Database, SqlBlockStore, SqlPeopleStore, SqlUserStore, tables
from server.storage.blocks import blocked_by_query, blockers_query
from tests.contract.storage_urls import database, postgres_socket, url

__all__ = ["database", "postgres_socket", "url"]

NAMES = ("ann", "ben", "cem", "dao", "eva")


class Town:
    """Five people. `now` is the clock; `told`: the messages of the bus."""

    def __init__(self, database: Database) -> None:
        self.now = 1_000.0
        self.database = database
        self.store = SqlBlockStore(database)
        self.store_of_people = SqlPeopleStore(database)
        self.bus = MemoryBus()
        self.told: list[dict[str, object]] = []
        self.bus.subscribe(BLOCKS_TOPIC, lambda payload: self.told.append(dict(payload)))
        self.blocks = Blocks(self.store, self.bus, self._clock)

    def _clock(self) -> float:
        self.now += 1
        return self.now

    async def names(self, user_id: str) -> list[str]:
        return [p.id for p in await self.store_of_people.page(PeopleList.BLOCKED, user_id, None, 100)]


@pytest.fixture
async def town(database: Database) -> Town:
    people = SqlUserStore(database)
    for name in NAMES:
        await people.add_user(User(name, name.title(), f"/api/avatars/g/{name}.svg", 1.0))
    return Town(database)


async def test_a_block_is_listed_for_the_blocker_alone_and_ends(town: Town) -> None:
    await town.blocks.block("ann", "ben")
    await town.blocks.block("ann", "ben")
    (row,) = await town.store_of_people.page(PeopleList.BLOCKED, "ann", None, 10)
    assert (row.id, row.name, row.at) == ("ben", "Ben", 1_001.0)
    assert await town.names("ben") == []
    assert await town.blocks.are_apart("ben", "ann")
    await town.blocks.unblock("ben", "ann")
    assert await town.blocks.are_apart("ben", "ann")
    await town.blocks.unblock("ann", "ben")
    assert not await town.blocks.are_apart("ann", "ben")
    assert await town.names("ann") == []


async def test_every_server_is_told_after_it_is_stored_also_of_what_was_stored_before(town: Town) -> None:
    await town.blocks.block("ann", "ben")
    await town.blocks.block("ann", "ben")  # the first answer may have been lost, and its message with it
    await town.blocks.unblock("ann", "ben")
    block = {"blocker": "ann", "blocked": "ben", "on": True}
    assert town.told == [block, block, {**block, "on": False}]


async def test_one_cannot_block_oneself_or_nobody(town: Town) -> None:
    with pytest.raises(Conflict):
        await town.blocks.block("ann", "ann")
    with pytest.raises(UserNotFound):
        await town.blocks.block("ann", "nobody")
    assert town.told == []


async def test_people_whom_one_person_blocks_are_limited(town: Town) -> None:
    for other in ("ben", "cem"):
        await town.store.block("ann", other, 1.0, 2)
    with pytest.raises(TooManyBlocked):
        await town.store.block("ann", "dao", 1.0, 2)
    await town.store.block("ann", "cem", 1.0, 2)
    assert set(await town.names("ann")) == {"ben", "cem"}


async def test_the_pairs_of_a_room_are_read_in_both_directions(town: Town) -> None:
    await town.blocks.block("ann", "ben")
    await town.blocks.block("cem", "ann")
    await town.blocks.block("dao", "eva")
    assert await town.store.blocks_among({"ann", "ben", "cem"}) == {("ann", "ben"), ("cem", "ann")}
    assert await town.store.blocks_among({"ben", "cem"}) == frozenset()
    assert await town.store.ties({"ann"}) == {"ann": Ties(frozenset({"ben"}), frozenset({"cem"}))}


async def test_blocks_go_with_either_profile(town: Town) -> None:
    await town.blocks.block("ann", "ben")
    await town.blocks.block("cem", "ann")
    await town.blocks.block("cem", "dao")
    async with town.database.write() as connection:
        await connection.execute(delete(tables.users).where(tables.users.c.id == "ann"))
    assert await town.store.ties(NAMES) == {
        "cem": Ties(blocked=frozenset({"dao"})),
        "dao": Ties(blockers=frozenset({"cem"})),
    }


async def test_all_blocks_of_many_people_are_found_in_both_directions(town: Town) -> None:
    async with town.database.write() as connection:
        crowd = [f"crowd{number}" for number in range(1_200)]
        person = {"avatar": "/a.svg", "created_at": 1.0, "seen_at": 1.0, "keep_audio": False}
        people = [{"id": name, "name": name, **person} for name in crowd]
        await connection.execute(insert(tables.users), people)
        pairs = [(name, "ann") for name in crowd] + [("ben", name) for name in crowd]
        rows = [{"user_id": one, "blocked_id": other, "at": 1.0} for one, other in pairs]
        await connection.execute(insert(tables.blocks), rows)
    everybody = frozenset(crowd)
    assert await town.store.ties({"ann", "cem"}) == {"ann": Ties(blockers=everybody)}
    assert await town.store.ties(["ben"]) == {"ben": Ties(blocked=everybody)}
    of_one = Ties(blocked=frozenset({"ann"}), blockers=frozenset({"ben"}))
    expected = dict.fromkeys(crowd, of_one) | {"ann": Ties(blockers=everybody)}
    assert await town.store.ties([*crowd, "ann"]) == expected
    assert await town.store.ties([]) == {}


async def test_no_question_about_blocks_reads_the_whole_table(town: Town) -> None:
    """Neither a join nor a list gets slower with everybody's blocks."""
    async with town.database.write() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if not is_sqlite:  # of a table with few rows the planner would read all
            await connection.execute(text("SET LOCAL enable_seqscan = off"))
        for question in (
            "SELECT blocked_id FROM blocks WHERE user_id IN ('ann', 'ben') AND blocked_id IN ('ann', 'ben')",
            _text(blocked_by_query(["ann", "ben"]), connection),
            _text(blockers_query(["ann", "ben"]), connection),
        ):
            explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
            plan = "\n".join(str(row) for row in await connection.execute(text(explain + question)))
            assert "SCAN blocks" not in plan, plan
            assert "Seq Scan" not in plan, plan


def _text(query: Any, connection: AsyncConnection) -> str:
    options = {"literal_binds": True, "render_postcompile": True}
    return str(query.compile(dialect=connection.dialect, compile_kwargs=options))


class TestHiddenPeople:
    async def test_it_knows_both_directions_for_those_who_are_here(self, town: Town) -> None:
        await town.blocks.block("ann", "ben")
        hidden = HiddenPeople(town.store, town.bus)
        for user_id in ("ann", "ben", "cem", "ann"):
            await hidden.enter(user_id)
        assert hidden.all() == {"ann": {"ben"}, "ben": {"ann"}}
        hidden.leave("ann")
        assert "ann" in hidden.all()
        hidden.leave("ann")
        assert "ann" not in hidden.all()
        assert await hidden.of("ann") == {"ben"}, "also of somebody who is not here"

    async def test_it_follows_blocks_and_says_whom_they_concern(self, town: Town) -> None:
        hidden = HiddenPeople(town.store, town.bus)
        told: list[tuple[str, str]] = []
        hidden.changed = lambda one, other: told.append((one, other))
        await hidden.enter("ann")
        await town.blocks.block("ben", "ann")
        await town.blocks.block("cem", "dao")
        assert hidden.all() == {"ann": {"ben"}}
        await town.blocks.block("ann", "ben")
        await town.blocks.unblock("ben", "ann")
        assert hidden.all() == {"ann": {"ben"}}
        await town.blocks.unblock("ann", "ben")
        assert hidden.all() == {}
        assert told == [("ben", "ann"), ("ann", "ben"), ("ben", "ann"), ("ann", "ben")]

    async def test_it_reads_again_after_lost_messages(self, town: Town) -> None:
        hidden = HiddenPeople(town.store, town.bus)
        await hidden.enter("ann")
        await town.store.block("ben", "ann", 1.0, 10)  # on another server, whose message was lost
        town.bus.publish(HELLO_TOPIC, {"node": "two"})
        await hidden.settled()
        assert hidden.all() == {"ann": {"ben"}}
        await hidden.aclose()
