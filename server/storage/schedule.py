"""Events and their occurrences: stored, changed, listed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    delete,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import Conflict, UserNotFound
from server.schedule.model import MAX_OPEN_EVENTS, Edit, Event, Host, Listing, Occurrence, Place, Status
from server.schedule.ports import Affected, Filter
from server.storage.database import Database
from server.storage.locks import lock_person
from server.storage.sanctions import is_banned
from server.storage.schedule_limits import require_few
from server.storage.schedule_pauses import SchedulePauses
from server.storage.schedule_places import SchedulePlaces, move_up, plan_reminders
from server.storage.schedule_rows import (
    event_of,
    event_row,
    listing_columns,
    listing_of,
    occurrence_of,
    occurrence_row,
)
from server.storage.schedule_tables import event_occurrences, events, registrations, reminders
from server.storage.tables import blocks, rooms, users
from server.storage.upsert import upsert

_LONGEST_S = 5 * 3_600.0
"""More than the longest occurrence: one that began before that is over, which the index of starts shows."""
_o, _r = event_occurrences.c, registrations.c


class SqlScheduleStore(SchedulePlaces, SchedulePauses):
    """The ScheduleStore port, with `SchedulePlaces` and `SchedulePauses`."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._database = database

    async def add(self, event: Event, occurrences: Sequence[Occurrence], most: int) -> None:
        now = event.created_at
        try:
            async with self._database.write() as connection:
                await lock_person(connection, event.host_id)
                await connection.execute(insert(events), event_row(event))
                await connection.execute(insert(event_occurrences), [occurrence_row(o) for o in occurrences])
                await require_few(connection, event.host_id, most, now)
                await plan_reminders(connection, occurrences, [event.host_id], now)
        except IntegrityError as error:
            raise UserNotFound from error

    async def find(self, event_id: str, now: float) -> tuple[Event, Host] | None:
        query = (
            select(events, users.c.name.label("host_name"), users.c.avatar.label("host_avatar"))
            .join(users, users.c.id == events.c.host_id)
            .where(events.c.id == event_id, ~is_banned(events.c.host_id, now))
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().first()
        if row is None:
            return None
        event = event_of(row)
        return event, Host(event.host_id, row["host_name"], row["host_avatar"])

    async def are_apart(self, user_id: str, other_id: str) -> bool:
        async with self._database.read() as connection:
            return bool(await connection.scalar(select(_is_apart(literal(user_id), literal(other_id)))))

    async def occurrences_of(self, event_id: str) -> Sequence[Occurrence]:
        query = select(event_occurrences).where(_o.event_id == event_id).order_by(_o.starts_at, _o.id)
        async with self._database.read() as connection:
            return [occurrence_of(row) for row in (await connection.execute(query)).mappings()]

    async def save(
        self, before: Event, edit: Edit, now: float, most: int = MAX_OPEN_EVENTS
    ) -> Sequence[Affected]:
        async with self._database.write() as connection:
            stored = await _lock_occurrences(connection, before.id)
            adds = any(event.id != before.id for event in edit.events) or any(
                one.status is Status.OPEN and one.id not in stored for one in edit.occurrences
            )
            if adds:
                await lock_person(connection, before.host_id)
            for event in edit.events:
                await _save_event(connection, before, event)
            for occurrence in edit.occurrences:  # its room may be opened meanwhile
                row = occurrence_row(occurrence)
                await upsert(connection, event_occurrences, row, keep=("room_id", "called_at"))
            if adds:
                await require_few(connection, before.host_id, most, now)
            affected = await _whom_it_concerns(connection, edit)
            await _plan_again(connection, before.host_id, edit, now)
            places = edit.events[-1].plan.places
            if places > before.plan.places:
                for occurrence in await _coming(connection, edit.events[-1].id, now):
                    affected += await move_up(connection, occurrence, places, now)
            return affected

    async def list_coming(
        self,
        wanted: Filter,
        user_id: str,
        now: float,
        limit: int,
        after: tuple[float, str] | None = None,
    ) -> Sequence[Listing]:
        is_open = (events.c.status == Status.OPEN.value, _o.status == Status.OPEN.value)
        query = _listings(user_id).where(*is_open, _o.ends_at > now, _o.starts_at > now - _LONGEST_S)
        query = query.where(_is_mine(user_id) if wanted.mine else events.c.type == "public")
        query = query.where(~is_banned(events.c.host_id, now))
        if user_id:
            query = query.where(~_is_apart(literal(user_id), events.c.host_id))
        if wanted.levels:
            query = query.where(events.c.level.in_(wanted.levels))
        if wanted.language is not None:
            query = query.where(events.c.language == wanted.language)
        if after is not None:
            starts_at, occurrence_id = after
            query = query.where(
                or_(_o.starts_at > starts_at, and_(_o.starts_at == starts_at, _o.id > occurrence_id))
            )
        return await self._listed(query.limit(limit))

    async def listings_of(self, event_id: str, user_id: str, now: float, limit: int) -> Sequence[Listing]:
        query = _listings(user_id).where(events.c.id == event_id, _o.ends_at > now)
        return await self._listed(query.limit(limit))

    async def calendar_of(
        self, user_id: str, since: float, limit: int, *, shown_at: float
    ) -> Sequence[Listing]:
        query = _listings(user_id).where(_is_mine(user_id), _o.ends_at > since)
        query = query.where(~is_banned(events.c.host_id, shown_at))
        return await self._listed(query.limit(limit))

    async def set_room(self, occurrence_id: str, before: str | None, room_id: str) -> bool:
        is_before = _o.room_id.is_(None) if before is None else _o.room_id == before
        opened = update(event_occurrences).where(_o.id == occurrence_id, is_before).values(room_id=room_id)
        async with self._database.write() as connection:
            return (await connection.execute(opened)).rowcount > 0

    async def find_room(self, room_id: str) -> str | None:
        async with self._database.read() as connection:
            return await connection.scalar(select(rooms.c.invite).where(rooms.c.id == room_id))

    async def call(self, occurrence_id: str, now: float) -> bool:
        called = update(event_occurrences).where(_o.id == occurrence_id, _o.called_at.is_(None))
        async with self._database.write() as connection:
            return (await connection.execute(called.values(called_at=now))).rowcount > 0

    async def events_after(self, now: float, after_id: str, limit: int) -> Sequence[Event]:
        is_coming = exists().where(_o.event_id == events.c.id, _o.starts_at > now)
        query = select(events).where(events.c.id > after_id, events.c.status == Status.OPEN.value, is_coming)
        async with self._database.read() as connection:
            rows = (await connection.execute(query.order_by(events.c.id).limit(limit))).mappings()
            return [event_of(row) for row in rows]

    async def delete_old(self, before: float) -> None:
        is_recent = exists().where(_o.event_id == events.c.id, _o.ends_at > before)
        async with self._database.write() as connection:
            await connection.execute(delete(events).where(~is_recent, events.c.changed_at < before))

    async def _listed(self, query: Select[Any]) -> Sequence[Listing]:
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [listing_of(row) for row in rows]


def _listings(user_id: str) -> Select[Any]:
    """Occurrences, soonest first, with their events, hosts, numbers, and the reader's own place."""
    own = registrations.alias("own")
    earlier = registrations.alias("earlier")
    ahead = (
        select(func.count())
        .select_from(earlier)
        .where(
            own.c.place == Place.WAITING.value,
            earlier.c.occurrence_id == _o.id,
            earlier.c.place == Place.WAITING.value,
            or_(earlier.c.at < own.c.at, and_(earlier.c.at == own.c.at, earlier.c.user_id < own.c.user_id)),
        )
    )
    is_own = and_(own.c.occurrence_id == _o.id, own.c.user_id == user_id)
    source = event_occurrences.join(events, events.c.id == _o.event_id).join(
        users, users.c.id == events.c.host_id
    )
    mine: Any = (own.c.place, ahead.correlate(event_occurrences, own).scalar_subquery())
    if user_id:
        source = source.outerjoin(own, is_own)
    else:
        mine = (null(), literal(0))
    return (
        select(
            *listing_columns(),
            users.c.name.label("host_name"),
            users.c.avatar.label("host_avatar"),
            _number(Place.GOING).label("going"),
            _number(Place.WAITING).label("waiting"),
            mine[0].label("mine"),
            mine[1].label("ahead"),
        )
        .select_from(source)
        .order_by(_o.starts_at, _o.id)
    )


def _number(place: Place) -> Any:
    of_it = (_r.occurrence_id == _o.id, _r.place == place.value)
    counted = select(func.count()).select_from(registrations).where(*of_it)
    return counted.correlate(event_occurrences).scalar_subquery()


def _is_apart(user: ColumnElement[str], other: ColumnElement[str]) -> Any:
    one, two = blocks.c.user_id, blocks.c.blocked_id
    return exists().where(or_(and_(one == user, two == other), and_(one == other, two == user)))


def _is_mine(user_id: str) -> ColumnElement[bool]:
    """By two ids each of which has an index."""
    hosted = select(events.c.id).where(events.c.host_id == user_id)
    registered = select(_r.occurrence_id).where(_r.user_id == user_id)
    return or_(_o.event_id.in_(hosted), _o.id.in_(registered))


async def _lock_occurrences(connection: AsyncConnection, event_id: str) -> set[str]:
    """Return the ids of the event's occurrences. They are locked before the host and the event, and by their
    ids, as by everybody who takes a place or deletes a profile: in one order nobody deadlocks."""
    query = select(_o.id).where(_o.event_id == event_id).order_by(_o.id).with_for_update()
    return set((await connection.execute(query)).scalars())


async def _save_event(connection: AsyncConnection, before: Event, event: Event) -> None:
    """Raises Conflict."""
    row = event_row(event)
    if event.id != before.id:
        await connection.execute(insert(events), row)
        return
    unchanged = (events.c.id == before.id, events.c.changed_at == before.changed_at)
    is_same = events.c.sequence == before.sequence
    if (await connection.execute(update(events).where(*unchanged, is_same).values(**row))).rowcount == 0:
        raise Conflict("The event was changed meanwhile. Look at it again.")


async def _whom_it_concerns(connection: AsyncConnection, edit: Edit) -> list[Affected]:
    ids = {*edit.gone, *edit.moved}
    if not ids:
        return []
    query = select(_r.occurrence_id, _r.user_id).where(_r.occurrence_id.in_(ids))
    rows = (await connection.execute(query)).all()
    gone = set(edit.gone)
    return [
        Affected(row.user_id, row.occurrence_id, edit.moved.get(row.occurrence_id), row.occurrence_id in gone)
        for row in rows
    ]


async def _plan_again(connection: AsyncConnection, host_id: str, edit: Edit, now: float) -> None:
    """Reminders of what has another time now, is new, or does not take place."""
    stale = {*edit.gone, *edit.moved}
    if stale:
        await connection.execute(delete(reminders).where(reminders.c.occurrence_id.in_(stale)))
    going: dict[str, list[str]] = {}
    query = select(_r.occurrence_id, _r.user_id).where(
        _r.occurrence_id.in_(edit.moved), _r.place == Place.GOING.value
    )
    for occurrence_id, user_id in await connection.execute(query) if edit.moved else ():
        going.setdefault(occurrence_id, []).append(user_id)
    for occurrence in edit.occurrences:
        is_new = occurrence.id not in stale
        if occurrence.status is Status.OPEN and (is_new or occurrence.id in edit.moved):
            people = [host_id, *going.get(occurrence.id, ())]
            await plan_reminders(connection, [occurrence], people, now)


async def _coming(connection: AsyncConnection, event_id: str, now: float) -> list[Occurrence]:
    is_coming = (_o.event_id == event_id, _o.status == Status.OPEN.value, _o.ends_at > now)
    rows = (await connection.execute(select(event_occurrences).where(*is_coming))).mappings()
    return [occurrence_of(row) for row in rows]
