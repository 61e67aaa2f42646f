"""Places at occurrences, the waitlist, reminders, and addresses of calendars."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import case, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import EventFull, EventNotFound, TooManyPlaces, UserNotFound
from server.notices.model import Channel, StoredNotice, new_notice
from server.protocol.notices import EventReminder
from server.schedule.model import MAX_PLACES, Event, Occurrence, Place, Registered, Status
from server.schedule.ports import Affected, Due
from server.schedule.registration import moved_up, place_for
from server.schedule.reminders import BEFORE_S, USEFUL_S, is_late, planned
from server.storage.database import Database
from server.storage.notices import add_notices
from server.storage.sanctions import is_banned
from server.storage.schedule_rows import event_of, occurrence_of
from server.storage.schedule_tables import (
    calendar_feeds,
    event_occurrences,
    events,
    registrations,
    reminders,
)
from server.storage.tables import users
from server.storage.upsert import insert_all_new, upsert

_o, _r, _m = event_occurrences.c, registrations.c, reminders.c


class SchedulePlaces:
    """The part of the ScheduleStore port that is about people."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def register(
        self, user_id: str, occurrence_ids: Sequence[str], places: int, now: float
    ) -> Sequence[tuple[str, Place]]:
        async with self._database.write() as connection:
            if await connection.scalar(select(users.c.id).where(users.c.id == user_id)) is None:
                raise UserNotFound
            chosen = await _lock(connection, occurrence_ids)
            got = await _places_of(connection, user_id, [o.id for o in chosen])
            new = [o for o in chosen if o.id not in got]
            if await _count_coming(connection, user_id, now) + len(new) > MAX_PLACES:
                raise TooManyPlaces
            got |= await _take(connection, new, user_id, places, now)
        if not got:
            raise EventFull
        return list(got.items())

    async def unregister(
        self, user_id: str, occurrence_ids: Collection[str], places: int, now: float
    ) -> Sequence[Affected]:
        async with self._database.write() as connection:
            chosen = await _lock(connection, occurrence_ids)
            return await free_places(connection, user_id, chosen, places, now)

    async def places_with(
        self, user_id: str, host_id: str, now: float
    ) -> Sequence[tuple[Event, Sequence[Occurrence]]]:
        theirs = (events.c.host_id == host_id, _o.ends_at > now)
        places = event_occurrences.join(registrations, _r.occurrence_id == _o.id)
        query = select(event_occurrences).select_from(places.join(events, events.c.id == _o.event_id))
        found: defaultdict[str, list[Occurrence]] = defaultdict(list)
        async with self._database.read() as connection:
            for row in (await connection.execute(query.where(_r.user_id == user_id, *theirs))).mappings():
                found[row["event_id"]].append(occurrence_of(row))
            rows = await connection.execute(select(events).where(events.c.id.in_(found)))
            return [(event, found[event.id]) for event in map(event_of, rows.mappings())]

    async def people_of(self, occurrence_id: str) -> Sequence[Registered]:
        waits = case((_r.place == Place.WAITING.value, 1), else_=0)
        query = (
            select(registrations, users.c.name, users.c.avatar)
            .join(users, users.c.id == _r.user_id)
            .where(_r.occurrence_id == occurrence_id)
            .order_by(waits, _r.at, _r.user_id)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [
            Registered(row["user_id"], row["name"], row["avatar"], Place(row["place"]), row["at"])
            for row in rows
        ]

    async def is_registered(self, user_id: str, event_id: str) -> bool:
        query = select(_r.user_id).join(event_occurrences, _o.id == _r.occurrence_id)
        query = query.where(_r.user_id == user_id, _o.event_id == event_id).limit(1)
        async with self._database.read() as connection:
            return await connection.scalar(query) is not None

    async def first_reminder(self) -> float | None:
        query = select(func.min(_m.due_at)).where(_m.sent_at.is_(None))
        async with self._database.read() as connection:
            first: float | None = await connection.scalar(query)
        return first

    async def take_reminders(self, now: float, limit: int, channels: Collection[Channel]) -> Due:
        is_due = (_m.sent_at.is_(None), _m.due_at <= now)
        key = (_m.occurrence_id, _m.user_id, _m.kind)
        async with self._database.write() as connection:
            first = select(*key, _m.due_at).where(*is_due).order_by(_m.due_at).limit(limit)
            due = (await connection.execute(first.with_for_update(skip_locked=True))).all()
            claimed = [row for row in await _claim(connection, due, now) if not is_late(row.due_at, now)]
            stored: list[StoredNotice] = []
            for kind, useful_s in USEFUL_S.items():
                made = await _notices_for(connection, [row for row in claimed if row.kind == kind], now)
                stored += await add_notices(connection, made, channels, now + useful_s)
        return Due(len(due), stored)

    async def set_feed(self, user_id: str, digest: str, now: float) -> None:
        row = {"user_id": user_id, "digest": digest, "created_at": now}
        try:
            async with self._database.write() as connection:
                await upsert(connection, calendar_feeds, row)
        except IntegrityError as error:
            raise UserNotFound from error

    async def feed_of(self, user_id: str) -> float | None:
        query = select(calendar_feeds.c.created_at).where(calendar_feeds.c.user_id == user_id)
        async with self._database.read() as connection:
            return await connection.scalar(query)

    async def delete_feed(self, user_id: str) -> None:
        async with self._database.write() as connection:
            await connection.execute(delete(calendar_feeds).where(calendar_feeds.c.user_id == user_id))

    async def owner_of_feed(self, digest: str) -> str | None:
        query = select(calendar_feeds.c.user_id).where(calendar_feeds.c.digest == digest)
        async with self._database.read() as connection:
            return await connection.scalar(query)


async def move_up(
    connection: AsyncConnection, occurrence: Occurrence, places: int, now: float
) -> list[Affected]:
    """Give free places to those who wait longest. The occurrence's row is locked, or about to be."""
    this = _r.occurrence_id == occurrence.id
    going = await connection.scalar(
        select(func.count()).select_from(registrations).where(this, _r.place == Place.GOING.value)
    )
    query = select(_r.user_id).where(this, _r.place == Place.WAITING.value).order_by(_r.at, _r.user_id)
    waiting = (await connection.execute(query)).scalars().all()
    free = moved_up(going or 0, waiting, places)
    if free:
        moved = update(registrations).where(this, _r.user_id.in_(free))
        await connection.execute(moved.values(place=Place.GOING.value))
        await plan_reminders(connection, [occurrence], free, now)
    return [Affected(user_id, occurrence.id) for user_id in free]


async def free_places(
    connection: AsyncConnection, user_id: str, chosen: Sequence[Occurrence], places: int, now: float
) -> list[Affected]:
    """Delete the user's places at occurrences whose rows are locked. Returns who has moved up."""
    had = await _places_of(connection, user_id, [o.id for o in chosen])
    for table in (registrations, reminders):
        mine = (table.c.user_id == user_id, table.c.occurrence_id.in_(had))
        await connection.execute(delete(table).where(*mine))
    affected: list[Affected] = []
    for occurrence in chosen:
        is_coming = occurrence.status is Status.OPEN and occurrence.ends_at > now
        if is_coming and had.get(occurrence.id) is Place.GOING:
            affected += await move_up(connection, occurrence, places, now)
    return affected


async def plan_reminders(
    connection: AsyncConnection, occurrences: Sequence[Occurrence], user_ids: Sequence[str], now: float
) -> None:
    rows = [
        {"occurrence_id": o.id, "user_id": user_id, "kind": kind, "due_at": due_at, "sent_at": None}
        for o in occurrences
        for kind, due_at in planned(o.starts_at, now)
        for user_id in user_ids
    ]
    await insert_all_new(connection, reminders, rows)


async def _take(
    connection: AsyncConnection, chosen: Sequence[Occurrence], user_id: str, places: int, now: float
) -> dict[str, Place]:
    """Give the user a place in each of these, or on its waitlist, unless that is full."""
    ids = [occurrence.id for occurrence in chosen]
    counts = select(_r.occurrence_id, _r.place, func.count()).where(_r.occurrence_id.in_(ids))
    rows = await connection.execute(counts.group_by(_r.occurrence_id, _r.place))
    found = {(row[0], row[1]): row[2] for row in rows}
    taken: dict[str, Place] = {}
    for occurrence_id in ids:
        going, waiting = (
            found.get((occurrence_id, place.value), 0) for place in (Place.GOING, Place.WAITING)
        )
        with suppress(EventFull):
            taken[occurrence_id] = place_for(going, waiting, places)
    if taken:
        made = [
            {"occurrence_id": occurrence_id, "user_id": user_id, "place": place.value, "at": now}
            for occurrence_id, place in taken.items()
        ]
        await connection.execute(insert(registrations), made)
    sure = [o for o in chosen if taken.get(o.id) is Place.GOING]
    await plan_reminders(connection, sure, [user_id], now)
    return taken


async def _lock(connection: AsyncConnection, occurrence_ids: Collection[str]) -> list[Occurrence]:
    """Other changes of their places wait. In one order, so that two of them do not deadlock. Raises
    EventNotFound."""
    query = select(event_occurrences).where(_o.id.in_(occurrence_ids)).order_by(_o.id).with_for_update()
    found = [occurrence_of(row) for row in (await connection.execute(query)).mappings()]
    if len(found) < len(set(occurrence_ids)):
        raise EventNotFound
    return found


async def _places_of(
    connection: AsyncConnection, user_id: str, occurrence_ids: Collection[str]
) -> dict[str, Place]:
    query = select(_r.occurrence_id, _r.place).where(
        _r.user_id == user_id, _r.occurrence_id.in_(occurrence_ids)
    )
    return {row[0]: Place(row[1]) for row in await connection.execute(query)}


async def _count_coming(connection: AsyncConnection, user_id: str, now: float) -> int:
    query = select(func.count()).select_from(registrations).join(event_occurrences, _o.id == _r.occurrence_id)
    return await connection.scalar(query.where(_r.user_id == user_id, _o.ends_at > now)) or 0


async def _claim(connection: AsyncConnection, due: Sequence[Any], now: float) -> list[Any]:
    """Return the reminders that nobody else has claimed. People of one occurrence share a statement."""
    alike: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for row in due:
        alike[row.occurrence_id, row.kind].append(row.user_id)
    won: set[tuple[str, str, str]] = set()
    for (occurrence_id, kind), user_ids in alike.items():
        these = (_m.occurrence_id == occurrence_id, _m.kind == kind, _m.user_id.in_(user_ids))
        claim = update(reminders).where(*these, _m.sent_at.is_(None)).values(sent_at=now)
        found = (await connection.execute(claim.returning(_m.user_id))).scalars()
        won |= {(occurrence_id, user_id, kind) for user_id in found}
    return [row for row in due if (row.occurrence_id, row.user_id, row.kind) in won]


async def _notices_for(connection: AsyncConnection, claimed: Sequence[Any], now: float) -> list[StoredNotice]:
    if not claimed:
        return []
    query = select(_o.id, _o.event_id, _o.starts_at, func.coalesce(_o.name, events.c.name).label("name"))
    ids = {row.occurrence_id for row in claimed}
    query = query.join(events, events.c.id == _o.event_id)
    query = query.where(_o.id.in_(ids), ~is_banned(events.c.host_id, now))
    about = {row.id: row for row in await connection.execute(query)}
    return [
        new_notice(
            row.user_id,
            EventReminder(
                event_id=about[row.occurrence_id].event_id,
                occurrence_id=row.occurrence_id,
                name=about[row.occurrence_id].name,
                starts_at=datetime.fromtimestamp(about[row.occurrence_id].starts_at, UTC),
                minutes=round(BEFORE_S[row.kind] / 60),
            ),
            now,
        )
        for row in claimed
        if row.occurrence_id in about
    ]
