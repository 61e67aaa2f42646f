"""Heard sentences of classes are stored, on both databases."""

from __future__ import annotations

import asyncio

import pytest

from server.learning.classes import HeardClasses
from server.learning.model import ClassKey, HeardClass
from server.rooms.model import User
from server.storage import Database, SqlAccountStore, SqlClassStore, SqlUserStore
from tests.contract.storage_urls import database, postgres_socket, url
from tests.fakes.one_user import session_of

__all__ = ["database", "postgres_socket", "url"]

MARKET, HOTEL, OTHER = ClassKey("1", 0, 2), ClassKey("1", 2, 0), ClassKey("12", 0, 0)


@pytest.fixture
async def store(database: Database) -> SqlClassStore:
    for name in ("ann", "bob"):
        await SqlUserStore(database).add_user(User(name, name, "/api/avatars/g/a.svg", 1.0))
    return SqlClassStore(database)


async def test_each_person_has_a_progress_of_their_own(store: SqlClassStore) -> None:
    await store.add_heard(["ann", "bob"], MARKET, [0, 1], 5.0)
    await store.add_heard(["ann"], MARKET, [3, 1], 6.0)
    assert await store.list_for("ann", 10, None) == [HeardClass(MARKET, (0, 1, 3))]
    assert await store.list_for("bob", 10, None) == [HeardClass(MARKET, (0, 1))]
    assert list(await store.list_for("cem", 10, None)) == []


async def test_a_profile_that_is_gone_costs_the_others_nothing(store: SqlClassStore) -> None:
    await store.add_heard(["gone", "bob"], MARKET, [0], 5.0)
    assert await store.list_for("bob", 10, None) == [HeardClass(MARKET, (0,))]


async def test_two_servers_may_note_the_same_sentence_at_once(store: SqlClassStore) -> None:
    await asyncio.gather(*(store.add_heard(["ann"], MARKET, [n, 7], 5.0) for n in range(5)))
    assert await store.list_for("ann", 10, None) == [HeardClass(MARKET, (0, 1, 2, 3, 4, 7))]


async def test_progress_is_read_in_pages(store: SqlClassStore) -> None:
    for key in (OTHER, HOTEL, MARKET):
        await store.add_heard(["ann"], key, [0, 1, 4], 5.0)
    classes, seen, cursor = HeardClasses(store), list[tuple[str, int, int]](), None
    for _ in range(3):
        page = await classes.page("ann", 1, cursor)
        seen += [(item.course_id, item.module_index, item.sub_topic_index) for item in page.items]
        assert [(run.first, run.last) for run in page.items[0].heard] == [(0, 1), (4, 4)]
        cursor = page.next_cursor
    assert seen == [("1", 0, 2), ("1", 2, 0), ("12", 0, 0)]
    assert cursor is None


async def test_a_guests_progress_goes_with_them_to_their_account(
    store: SqlClassStore, database: Database
) -> None:
    await store.add_heard(["ann"], MARKET, [0, 1], 5.0)
    await store.add_heard(["bob"], MARKET, [1, 2], 5.0)
    await store.add_heard(["ann"], HOTEL, [0], 5.0)
    await SqlAccountStore(database).merge(session_of("ann"), session_of("bob"))
    assert await store.list_for("bob", 10, None) == [
        HeardClass(MARKET, (0, 1, 2)),
        HeardClass(HOTEL, (0,)),
    ]
    assert list(await store.list_for("ann", 10, None)) == []
