"""Events, places and reminders, on both databases."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import Conflict, EventNotFound, TooManyEvents, Unavailable, UserNotFound
from server.moderation.model import Action, LogEntry, Sanction
from server.notices.model import Channel
from server.protocol.entities import RoomType
from server.protocol.moderation import ReportReason, SanctionKind
from server.protocol.notices import EventBody
from server.protocol.schedule import ChangeEvent
from server.rooms.model import User
from server.schedule.changing import cancelled, changed
from server.schedule.model import Event, Occurrence, Place, Plan, Status
from server.schedule.planning import new_event
from server.schedule.ports import Affected, Filter
from server.schedule.recurrence import Frequency, Rule
from server.storage import (
    Database,
    SqlAccountStore,
    SqlBlockStore,
    SqlSanctionStore,
    SqlScheduleStore,
    SqlUserStore,
    account_end,
    tables,
)
from tests.contract.storage_urls import database, postgres_socket, url

__all__ = ["database", "postgres_socket", "url"]

NOW = 1_800_000_000.0
WEEKLY = Rule(Frequency.WEEKLY, days=(1,), count=4)


def plan(**other: Any) -> Plan:
    about = {"name": "Tea", "topic": "Books", "level": "B1", "language": "en", "type": RoomType.PUBLIC}
    room = {"tags": ("books",), "seats": 3, "waiting_room": True, "opens_alone": False}
    when = {"start": datetime(2027, 1, 19, 19), "zone": "America/New_York", "minutes": 45, "rule": WEEKLY}
    return Plan(**{**about, **room, **when, **other})


def entry(action: Action) -> LogEntry:
    return LogEntry(at=NOW, action=action, moderator_id=None, target_id="ann", sanction_id="s1")


class Club:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.store = SqlScheduleStore(database)

    async def planned(self, **other: Any) -> tuple[Event, list[Occurrence]]:
        event, occurrences = new_event("ann", plan(**other), NOW)
        await self.store.add(event, occurrences, 20)
        return event, list(occurrences)

    async def rows(self, name: str) -> list[dict[str, Any]]:
        table = tables.metadata.tables[name]
        async with self.database.read() as connection:
            return [dict(row) for row in (await connection.execute(select(table))).mappings()]


@pytest.fixture
async def club(database: Database) -> Club:
    for name in ("ann", "ben", "cy", "di"):
        await SqlUserStore(database).add_user(User(name, name.title(), "/a.svg", 1.0))
    return Club(database)


async def test_an_event_is_stored_as_it_is(club: Club) -> None:
    event, occurrences = await club.planned()
    found = await club.store.find(event.id, NOW)
    assert found is not None
    assert (found[0], found[1].name) == (event, "Ann")
    assert await club.store.occurrences_of(event.id) == occurrences
    once, _ = await club.planned(rule=None, type=RoomType.PRIVATE)
    found = await club.store.find(once.id, NOW)
    assert found is not None
    assert found[0] == once
    assert await club.store.find("nothing", NOW) is None
    with pytest.raises(UserNotFound):
        await club.store.add(*new_event("nobody", plan(), NOW), 20)
    with pytest.raises(TooManyEvents):
        await club.store.add(*new_event("ann", plan(), NOW), 2)


async def test_a_split_series_counts_as_two_events(club: Club) -> None:
    event, occurrences = await club.planned()
    wanted = {"scope": "following", "occurrenceId": occurrences[2].id, "name": "Coffee"}
    edit = changed(event, occurrences, ChangeEvent.model_validate(wanted), NOW)
    with pytest.raises(TooManyEvents):
        await club.store.save(event, edit, NOW, 1)
    assert len(await club.rows("events")) == 1
    await club.store.save(event, edit, NOW, 2)
    assert len(await club.rows("events")) == 2


async def test_what_is_cancelled_counts_to_the_times_that_are_stored(
    club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.storage.schedule_limits.MAX_STORED_TIMES", 8)
    for _ in range(2):
        event, occurrences = await club.planned()
        edit = cancelled(event, occurrences, "all", None, NOW)
        await club.store.save(event, edit, NOW)
    with pytest.raises(TooManyEvents):
        await club.planned()
    assert len(await club.rows("event_occurrences")) == 8


async def test_places_taken_at_the_same_time_are_never_too_many(club: Club) -> None:
    event, [first, *_] = await club.planned()
    people = ("ben", "cy", "di")
    await asyncio.gather(
        *(club.store.register(p, [first.id], event.plan.places, NOW + n) for n, p in enumerate(people))
    )
    places = [person.place for person in await club.store.people_of(first.id)]
    assert places == [Place.GOING, Place.GOING, Place.WAITING]
    again = await club.store.register(people[0], [first.id], event.plan.places, NOW)
    assert len(again) == 1
    going = [p.user_id for p in await club.store.people_of(first.id) if p.place is Place.GOING]
    [waiting] = [p.user_id for p in await club.store.people_of(first.id) if p.place is Place.WAITING]
    reminded = {row["user_id"] for row in await club.rows("reminders") if row["occurrence_id"] == first.id}
    assert reminded == {"ann", *going}
    moved = await asyncio.gather(
        *(club.store.unregister(p, [first.id], event.plan.places, NOW) for p in going)
    )
    assert [one for some in moved for one in some] == [Affected(waiting, first.id)]
    with pytest.raises(EventNotFound):
        await club.store.register("ben", ["nothing"], 2, NOW)


async def test_a_change_is_stored_once_and_names_whom_it_concerns(club: Club) -> None:
    event, occurrences = await club.planned()
    await club.store.register("ben", [o.id for o in occurrences[1:3]], 2, NOW)
    wanted = {"scope": "all", "occurrenceId": occurrences[0].id, "localStart": "2027-01-19T20:00"}
    edit = changed(event, occurrences, ChangeEvent.model_validate(wanted), NOW)
    affected = await club.store.save(event, edit, NOW)
    assert {(a.user_id, a.occurrence_id, a.was_at) for a in affected} == {
        ("ben", o.id, o.starts_at) for o in occurrences[1:3]
    }
    with pytest.raises(Conflict):
        await club.store.save(event, edit, NOW)
    after = await club.store.occurrences_of(event.id)
    assert [o.starts_at for o in after] == [o.starts_at + 3_600 for o in occurrences]
    due = {row["due_at"] for row in await club.rows("reminders") if row["user_id"] == "ben"}
    assert due == {o.starts_at - early for o in after[1:3] for early in (86_400, 600)}


async def test_a_host_above_the_limit_can_still_move_a_time(club: Club) -> None:
    event, occurrences = await club.planned()
    other, others = await club.planned()
    wanted = {"scope": "all", "occurrenceId": occurrences[0].id, "localStart": "2027-01-19T20:00"}
    edit = changed(event, occurrences, ChangeEvent.model_validate(wanted), NOW)
    await club.store.save(event, edit, NOW, 1)
    assert await club.store.occurrences_of(event.id) == list(edit.occurrences)
    more = {**wanted, "occurrenceId": others[0].id, "repeat": {"frequency": "weekly", "count": 5}}
    edit = changed(other, others, ChangeEvent.model_validate(more), NOW)
    with pytest.raises(TooManyEvents):
        await club.store.save(other, edit, NOW, 1)


async def test_a_change_of_an_event_and_the_end_of_its_host_do_not_deadlock(club: Club) -> None:
    accounts, users = SqlAccountStore(club.database), SqlUserStore(club.database)
    for n in range(10):
        event, occurrences = await club.planned()
        edit = cancelled(event, occurrences, "this", occurrences[n % 4].id, NOW)
        await club.store.save(event, edit, NOW)  # one of them is locked only by the deletion itself
        [event] = edit.events
        occurrences = list(await club.store.occurrences_of(event.id))
        anchor = next(o.id for o in occurrences if o.status is Status.OPEN)
        wanted = {"scope": "all", "occurrenceId": anchor, "repeat": {"frequency": "weekly", "count": 6}}
        edit = changed(event, occurrences, ChangeEvent.model_validate(wanted), NOW + 1)
        saved, deleted = await asyncio.gather(
            club.store.save(event, edit, NOW + 1),
            accounts.delete_user("ann", NOW + 1),
            return_exceptions=True,
        )
        assert not isinstance(deleted, BaseException)
        assert isinstance(saved, list | Conflict | UserNotFound)
        assert await club.rows("events") == await club.rows("event_occurrences") == []
        await users.add_user(User("ann", "Ann", "/a.svg", 1.0))


async def test_lists_are_sorted_filtered_and_paged(club: Club) -> None:
    event, occurrences = await club.planned()
    french, _ = await club.planned(language="fr", level="A2", rule=None)
    await club.planned(type=RoomType.PRIVATE, rule=None)
    listed = await club.store.list_coming(Filter(), "ben", NOW, 3)
    assert {listing.event.id for listing in listed} == {event.id, french.id}
    last = listed[-1].occurrence
    rest = await club.store.list_coming(Filter(), "ben", NOW, 9, (last.starts_at, last.id))
    assert [one.occurrence.id for one in rest] == [o.id for o in occurrences[2:]]
    assert [one.event.id for one in await club.store.list_coming(Filter(language="fr"), "", NOW, 9)] == [
        french.id
    ]
    assert len(await club.store.list_coming(Filter(levels=("B1", "B2")), "", NOW, 9)) == 4
    assert len(await club.store.list_coming(Filter(mine=True), "ann", NOW, 9)) == 6
    assert await club.store.list_coming(Filter(), "", occurrences[-1].ends_at, 9) == []
    await club.store.register("cy", [occurrences[3].id], 2, NOW)
    [mine] = await club.store.list_coming(Filter(mine=True), "cy", NOW, 9)
    assert (mine.occurrence.id, mine.mine, mine.going, mine.ahead) == (occurrences[3].id, Place.GOING, 1, 0)
    assert await club.store.is_registered("cy", event.id)
    assert not await club.store.is_registered("ben", event.id)


async def test_people_who_are_apart_find_none_of_each_others_events(club: Club) -> None:
    event, _occurrences = await club.planned()
    blocks = SqlBlockStore(club.database)
    await blocks.block("ann", "ben", NOW, 9)
    await blocks.block("cy", "ann", NOW, 9)
    for user_id, is_apart in (("ben", True), ("cy", True), ("di", False)):
        assert await club.store.are_apart(user_id, event.host_id) is is_apart
        assert bool(await club.store.list_coming(Filter(), user_id, NOW, 9)) is not is_apart


async def test_places_with_a_host_are_found_at_cancelled_times_and_while_the_host_is_banned(
    club: Club,
) -> None:
    event, occurrences = await club.planned()
    other, [theirs] = new_event("cy", plan(rule=None), NOW)
    await club.store.add(other, [theirs], 20)
    for user_id in ("ben", "cy", "di"):  # di waits
        await club.store.register(user_id, [o.id for o in occurrences[:3]], 2, NOW)
    await club.store.register("ben", [theirs.id], 2, NOW)
    edit = cancelled(event, occurrences, "this", occurrences[1].id, NOW)
    await club.store.save(event, edit, NOW)
    ban = Sanction("s1", SanctionKind.BAN, "ann", ReportReason.INSULTS, "Be kind.", NOW, NOW + 9e6)
    await SqlSanctionStore(club.database).add(ban, entry(Action.SANCTION))
    now = occurrences[0].ends_at
    [(found, times)] = await club.store.places_with("ben", "ann", now)
    assert found.id == event.id
    assert {o.id for o in times} == {o.id for o in occurrences[1:3]}
    moved = await club.store.unregister("ben", [o.id for o in times], 2, now)
    assert moved == [Affected("di", occurrences[2].id)], "nobody moves up at a time that is cancelled"
    assert await club.store.places_with("ben", "ann", now) == []


async def test_events_of_a_banned_host_are_hidden_until_the_ban_ends_or_is_undone(club: Club) -> None:
    event, [first, *_] = await club.planned(rule=None)
    await club.store.register("ben", [first.id], 2, NOW)
    sanctions = SqlSanctionStore(club.database)
    ban = Sanction("s1", SanctionKind.BAN, "ann", ReportReason.INSULTS, "Be kind.", NOW, NOW + 60)
    await sanctions.add(ban, entry(Action.SANCTION))

    async def shown_at(now: float) -> list[bool]:
        calendar = await club.store.calendar_of("ben", 0.0, 9, shown_at=now)
        public, mine = [await club.store.list_coming(Filter(mine=m), "ben", now, 9) for m in (False, True)]
        return [bool(found) for found in (calendar, public, mine, await club.store.find(event.id, now))]

    assert await shown_at(NOW + 59) == [False] * 4
    assert await shown_at(NOW + 60) == [True] * 4
    await sanctions.undo("s1", entry(Action.UNDO))
    assert await shown_at(NOW + 59) == [True] * 4


@pytest.mark.parametrize("is_undone", [True, False])
async def test_people_with_a_place_hear_once_that_an_event_is_paused_and_that_it_goes_on(
    club: Club, is_undone: bool
) -> None:
    _event, [first, second, *_] = await club.planned()
    for user_id, times in (("ben", [first.id, second.id]), ("cy", [second.id]), ("di", [second.id])):
        await club.store.register(user_id, times, 2, NOW)  # di waits
    other, _occurrences = new_event("cy", plan(), NOW)
    await club.store.add(other, _occurrences, 20)

    async def told(now: float) -> list[tuple[str, str, str]]:
        pauses = await club.store.list_pauses(NOW - 1, now, 9)
        tries = [club.store.take_pause(pause, now, [Channel.MAIL], now + 9) for pause in (*pauses, *pauses)]
        found = [notice for notices in await asyncio.gather(*tries) for notice in notices]
        assert await club.store.list_pauses(NOW - 1, now, 9) == []
        bodies = [(notice.user_id, notice.body) for notice in found]
        return sorted((i, b.kind, b.occurrence_id) for i, b in bodies if isinstance(b, EventBody))

    assert await told(NOW) == []
    ban = Sanction("s1", SanctionKind.BAN, "ann", ReportReason.INSULTS, "Be kind.", NOW, NOW + 60)
    sanctions = SqlSanctionStore(club.database)
    await sanctions.add(ban, entry(Action.SANCTION))
    whom = [("ben", first.id), ("cy", second.id), ("di", second.id)]
    assert await told(NOW + 1) == [(name, "event_paused", time) for name, time in whom]
    if is_undone:
        await sanctions.undo("s1", entry(Action.UNDO))
    resumed = await told(NOW + 2 if is_undone else NOW + 60)
    assert resumed == [(name, "event_resumed", time) for name, time in whom]
    assert await told(NOW + 61) == []


async def test_the_end_of_a_profile_frees_its_places_and_names_those_whose_event_is_gone(club: Club) -> None:
    event, [first, *_] = await club.planned(rule=None)
    other, [theirs] = new_event("ben", plan(rule=None), NOW)
    await club.store.add(other, [theirs], 20)
    for user_id in ("ben", "cy", "di"):
        await club.store.register(user_id, [first.id], 2, NOW)
    await club.store.register("cy", [theirs.id], 2, NOW)
    deleted = await SqlAccountStore(club.database).delete_user("ben", NOW)
    left = {one.event.id: one for one in deleted.events}
    assert left[event.id].affected == [Affected("di", first.id)]
    assert left[other.id].affected == [Affected("cy", theirs.id, gone=True)]
    places = {(row["user_id"], row["place"]) for row in await club.rows("registrations")}
    assert places == {("cy", "going"), ("di", "going")}
    assert [row["id"] for row in await club.rows("events")] == [event.id]
    assert {row["user_id"] for row in await club.rows("reminders")} == {"ann", "cy", "di"}


async def test_an_end_that_fails_leaves_events_and_places_as_they_are(
    club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(_connection: AsyncConnection) -> None:
        raise Unavailable

    _event, [first, *_] = await club.planned(rule=None)
    for user_id in ("ben", "cy", "di"):
        await club.store.register(user_id, [first.id], 2, NOW)
    names = ("events", "event_occurrences", "registrations", "reminders")
    before = [await club.rows(name) for name in names]
    monkeypatch.setattr(account_end, "delete_without_sentences", fails)
    for user_id in ("ann", "ben"):
        with pytest.raises(Unavailable):
            await SqlAccountStore(club.database).delete_user(user_id, NOW)
    assert [await club.rows(name) for name in names] == before


async def test_nobody_is_reminded_of_an_event_whose_host_is_banned(club: Club) -> None:
    _event, [first, *_] = await club.planned(rule=None)
    await club.store.register("ben", [first.id], 2, NOW)
    ban = Sanction("s1", SanctionKind.BAN, "ann", ReportReason.INSULTS, "Be kind.", NOW, None)
    sanctions = SqlSanctionStore(club.database)
    await sanctions.add(ban, entry(Action.SANCTION))
    due = await club.store.take_reminders(first.starts_at - 86_400, 9, [Channel.MAIL])
    assert (due.count, due.notices) == (2, [])
    await sanctions.undo("s1", entry(Action.UNDO))
    due = await club.store.take_reminders(first.starts_at - 600, 9, [Channel.MAIL])
    assert sorted(notice.user_id for notice in due.notices) == ["ann", "ben"]


async def test_of_several_servers_each_reminder_is_claimed_by_one(club: Club) -> None:
    _event, [first, *_] = await club.planned()
    await club.store.register("ben", [first.id], 2, NOW)
    at = first.starts_at - 600
    assert await club.store.first_reminder() == first.starts_at - 86_400
    while await club.store.first_reminder() in {first.starts_at - 86_400, at}:
        await asyncio.gather(*(club.store.take_reminders(at, 1, [Channel.MAIL]) for _ in range(4)))
    told = [(row["user_id"], row["body"]["minutes"]) for row in await club.rows("notices")]
    # Reminders of the day before are too late by then.
    assert sorted(told) == [("ann", 10), ("ben", 10)]
    assert {row["channel"] for row in await club.rows("notice_deliveries")} == {"mail"}
    assert len(await club.rows("notice_deliveries")) == 2


async def test_rooms_calls_feeds_and_old_events(club: Club) -> None:
    event, [first, *_] = await club.planned()
    assert [await club.store.set_room(first.id, None, room) for room in ("r1", "r2")] == [True, False]
    assert await club.store.set_room(first.id, "r1", "r2")
    assert [await club.store.call(first.id, NOW) for _ in range(2)] == [True, False]
    assert await club.store.find_room("r2") is None
    await club.store.set_feed("ben", "d1", NOW)
    await club.store.set_feed("ben", "d2", NOW + 1)
    assert [await club.store.owner_of_feed(digest) for digest in ("d1", "d2")] == [None, "ben"]
    assert await club.store.feed_of("ben") == NOW + 1
    await club.store.delete_feed("ben")
    assert await club.store.owner_of_feed("d2") is None
    with pytest.raises(UserNotFound):
        await club.store.set_feed("nobody", "d3", NOW)
    assert [e.id for e in await club.store.events_after(NOW, "", 9)] == [event.id]
    assert await club.store.events_after(NOW, event.id, 9) == []
    await club.store.delete_old(first.ends_at)
    assert len(await club.rows("events")) == 1
    await club.store.delete_old(NOW + 1e9)
    for name in ("events", "event_occurrences", "reminders"):
        assert await club.rows(name) == []


async def test_the_list_uses_its_index_however_many_events_there_are(club: Club) -> None:
    event, _occurrences = await club.planned()
    table = tables.metadata.tables["event_occurrences"]
    many = [
        {
            "id": f"x{n}",
            "event_id": event.id,
            "planned": "2027-01-19T19:00",
            "start": "2027-01-19T19:00",
            "starts_at": NOW + n * 60,
            "ends_at": NOW + n * 60 + 60,
            "changed_at": NOW,
            "status": "open",
            "sequence": 0,
        }
        for n in range(2_000)
    ]
    async with club.database.write() as connection:
        await connection.execute(insert(table), many)
        if not club.database.is_sqlite:
            await connection.execute(text("ANALYZE event_occurrences"))
        explain = "EXPLAIN QUERY PLAN" if club.database.is_sqlite else "EXPLAIN"
        query = "SELECT id FROM event_occurrences WHERE starts_at > :at ORDER BY starts_at, id LIMIT 20"
        plan_lines = str((await connection.execute(text(f"{explain} {query}"), {"at": NOW})).all())
    assert "ix_event_occurrences_starts_at_id" in plan_lines
    assert len(await club.store.list_coming(Filter(), "ben", NOW, 20)) == 20
