"""Long lists are read by an index, and only as much of them as is shown, on both databases."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Literal

import pytest
from sqlalchemy import insert, text

from server.moderation.queue import Queue
from server.notices.model import Channel
from server.people.model import PeopleList
from server.protocol.entities import Presence
from server.protocol.moderation import LogQuery, ReportQuery, ReportState, SanctionQuery
from server.storage import (
    Database,
    SqlBlockStore,
    SqlFollowStore,
    SqlModeratorStore,
    SqlNoticeStore,
    SqlPeopleStore,
    SqlPushStore,
    SqlReportStore,
    SqlSanctionStore,
    SqlScheduleStore,
    tables,
)
from tests.contract.storage_urls import database, postgres_socket, url
from tests.fakes.statements import plan, statements

__all__ = ["database", "postgres_socket", "url"]

AT = 1_000_000.0
OTHERS = 300
ME = "p0"
_SCAN = re.compile(r"SCAN (?!anon_|CONSTANT|\(|.* USING )|Seq Scan")
"""A whole table is read. SQLite also scans the rows of a subquery, and an index in its order until there are
enough rows."""
_SORT = re.compile(r"TEMP B-TREE|Sort")
Ask = Callable[[], Awaitable[object]]


def _people() -> list[dict[str, Any]]:
    about = {"avatar": "/api/avatars/g/a.svg", "created_at": AT, "seen_at": AT, "keep_audio": False}
    return [
        {"id": f"p{n}", "name": f"P{n}", "presence": Presence.ONLINE.value, **about}
        for n in range(OTHERS + 1)
    ]


def _rows() -> dict[str, list[dict[str, Any]]]:
    """By table. Everything is about `ME`, or due."""
    others = range(1, OTHERS + 1)
    pairs = list(enumerate(pair for n in others for pair in ((ME, f"p{n}"), (f"p{n}", ME))))
    report = {"place": "room", "reason": "spam", "words": "", "target_name": "P", "devices": []}
    sanction = {"kind": "mute", "reason": "spam", "message": "", "changed_at": AT, "objection": ""}
    entry = {"action": "sanction", "note": "", "target_id": ME}

    def reported(n: int) -> dict[str, Any]:
        return {"state": ("open", "closed")[n % 2], "target_id": ME, "reporter_id": f"p{n}"}

    def decided(n: int) -> dict[str, Any]:
        return {"until": (None, AT + n, AT * 2)[n % 3], "target_id": ME, "objected_at": AT + n}

    return {
        "users": _people(),
        "follows": [{"user_id": a, "other_id": b, "at": AT + n, "friends_at": AT + n} for n, (a, b) in pairs],
        "meetings": [{"user_id": a, "other_id": b, "at": AT + n, "room_name": "R"} for n, (a, b) in pairs],
        "blocks": [{"user_id": f"p{n}", "blocked_id": ME, "at": AT + n} for n in others],
        "reports": [{**report, **reported(n), "id": f"r{n}", "at": AT + n} for n in others],
        "sanctions": [{**sanction, **decided(n), "id": f"s{n}", "at": AT + n} for n in others],
        "moderation_log": [{**entry, "at": AT + n, "sanction_id": f"s{n}"} for n in others],
        "notices": [{"id": f"n{n}", "user_id": ME, "body": {"kind": "x"}, "at": AT + n} for n in others],
    }


@pytest.fixture
async def filled(database: Database) -> Database:
    async with database.write() as connection:
        for name, rows in _rows().items():
            await connection.execute(insert(tables.metadata.tables[name]), rows)
        if not database.is_sqlite:
            await connection.execute(text("ANALYZE"))
    return database


async def _plans(database: Database, ask: Ask) -> list[str]:
    with statements(database) as found:
        await ask()
    assert found
    return [await plan(database, statement) for statement in found]


def _assert_none(plans: list[str], *bad: re.Pattern[str]) -> None:
    for each in plans:
        assert not any(way.search(each) for way in bad), each


@pytest.mark.parametrize("which", [one for one in PeopleList if one is not PeopleList.BLOCKED])
@pytest.mark.parametrize("after", [None, (AT + 100, "p50")])
async def test_lists_of_people(filled: Database, which: PeopleList, after: tuple[float, str] | None) -> None:
    people = SqlPeopleStore(filled)
    _assert_none(await _plans(filled, lambda: people.page(which, ME, after, 31)), _SCAN, _SORT)


@pytest.mark.parametrize("after", [None, (AT + 100, "p50")])
async def test_friends_online(filled: Database, after: tuple[float, str] | None) -> None:
    """Few people are online: those are looked for. Many are: the list of friends is gone through."""
    people, follows = SqlPeopleStore(filled), SqlFollowStore(filled)
    few = [f"p{n}" for n in range(50)]
    _assert_none(await _plans(filled, lambda: people.friends_among(ME, few, after, 31)), _SCAN)
    plans = await _plans(filled, lambda: follows.friend_positions(ME, after, 100))
    _assert_none(plans, _SCAN, _SORT)


async def test_a_card_and_the_blocks_of_a_person(filled: Database) -> None:
    _assert_none(await _plans(filled, lambda: SqlPeopleStore(filled).card(ME, "p7")), _SCAN)
    _assert_none(await _plans(filled, lambda: SqlBlockStore(filled).ties([ME])), _SCAN)


@pytest.mark.parametrize("state", ReportState)
async def test_reports(filled: Database, state: ReportState) -> None:
    queue = _queue(filled)
    first = await queue.reports(ReportQuery(state=state, limit=20))
    for cursor in (None, first.next_cursor):
        query = ReportQuery(state=state, cursor=cursor, limit=20)
        _assert_none(await _plans(filled, partial(queue.reports, query)), _SCAN, _SORT)
    _assert_none(await _plans(filled, lambda: queue.report("r7")), _SCAN)


@pytest.mark.parametrize("state", ["all", "active", "objected"])
async def test_decisions(filled: Database, state: Literal["all", "active", "objected"]) -> None:
    """Of those that hold, the ones for a time and one page of each kind are sorted."""
    queue = _queue(filled)
    bad = (_SCAN,) if state == "active" else (_SCAN, _SORT)
    first = await queue.sanctions(SanctionQuery(state=state, limit=20))
    for cursor in (None, first.next_cursor):
        query = SanctionQuery(state=state, cursor=cursor, limit=20)
        plans = await _plans(filled, partial(queue.sanctions, query))
        _assert_none(plans, *bad)
        if state == "active":
            assert "ix_sanctions_at_id_for_good" in plans[0], plans[0]
            assert "ix_sanctions_until_for_a_time" in plans[0], plans[0]


async def test_the_log(filled: Database) -> None:
    """SQLite's rows are in the order of their numbers already."""
    queue = _queue(filled)
    bad = (_SORT,) if filled.is_sqlite else (_SCAN, _SORT)
    for cursor in (None, "100"):
        query = LogQuery(cursor=cursor, limit=20)
        _assert_none(await _plans(filled, partial(queue.log, query)), *bad)


async def test_notices_and_what_is_due(filled: Database) -> None:
    notices, places = SqlNoticeStore(filled), SqlScheduleStore(filled)
    for before in (None, (AT + 100, "n50")):
        plans = await _plans(filled, partial(notices.list_for, ME, 20, before))
        _assert_none(plans, _SCAN)
    _assert_none(await _plans(filled, lambda: notices.count_unread([ME])), _SCAN)
    _assert_none(await _plans(filled, lambda: notices.take_due([Channel.MAIL], AT, 16)), _SCAN)
    _assert_none(await _plans(filled, lambda: SqlPushStore(filled).take_due(AT, 64)), _SCAN)
    _assert_none(await _plans(filled, places.first_reminder), _SCAN, _SORT)
    _assert_none(await _plans(filled, lambda: places.take_reminders(AT, 250, [Channel.PUSH])), _SCAN)


def _queue(database: Database) -> Queue:
    store = SqlReportStore(database)
    return Queue(store, SqlSanctionStore(database), SqlModeratorStore(database), lambda: AT)
