"""Takes a person out of the schedule, in the transaction that deletes their profile."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.schedule.model import Event, Occurrence, Status
from server.schedule.ports import Affected, LeftEvent
from server.storage.schedule_places import free_places
from server.storage.schedule_rows import event_of, occurrence_of
from server.storage.schedule_tables import event_occurrences, events, registrations, reminders

_o, _r = event_occurrences.c, registrations.c


async def leave_events(connection: AsyncConnection, user_id: str, now: float) -> list[LeftEvent]:
    """Free the person's places for those who wait, and find whom the end of their own events concerns. The
    rows of these events go with the person's.

    Call it before the person's row is locked: somebody who takes a place locks the occurrence first, too.
    """
    left = []
    coming = await _coming(connection, user_id, now)
    # Before the person, as `take_reminders` locks them: the end of the person's row would do it after.
    await connection.execute(delete(reminders).where(reminders.c.user_id == user_id))
    for event, occurrences in coming:
        if event.host_id == user_id:
            affected = await _guests_of(connection, occurrences)
        else:
            affected = await free_places(connection, user_id, occurrences, event.plan.places, now)
        left.append(LeftEvent(event, occurrences, affected))
    return left


async def _coming(
    connection: AsyncConnection, user_id: str, now: float
) -> list[tuple[Event, list[Occurrence]]]:
    """The coming occurrences of events that the person hosts or has a place at. Other changes of the places
    wait. All that the person hosts is locked, since it is deleted with them: the lock of a change that waits
    for what is to come would stop that."""
    hosted = select(events.c.id).where(events.c.host_id == user_id)
    registered = select(_r.occurrence_id).where(_r.user_id == user_id)
    is_coming = (_o.status == Status.OPEN.value, _o.ends_at > now)
    query = (
        select(event_occurrences)
        .where(or_(_o.event_id.in_(hosted), and_(_o.id.in_(registered), *is_coming)))
        .order_by(_o.id)
        .with_for_update()
    )
    found: defaultdict[str, list[Occurrence]] = defaultdict(list)
    for row in (await connection.execute(query)).mappings():
        occurrence = occurrence_of(row)
        if occurrence.status is Status.OPEN and occurrence.ends_at > now:
            found[occurrence.event_id].append(occurrence)
    rows = (await connection.execute(select(events).where(events.c.id.in_(found)))).mappings()
    return [
        (event, found[event.id])
        for event in map(event_of, rows)
        if event.host_id != user_id or event.status is Status.OPEN
    ]


async def _guests_of(connection: AsyncConnection, occurrences: list[Occurrence]) -> list[Affected]:
    query = select(_r.user_id, _r.occurrence_id).where(_r.occurrence_id.in_([o.id for o in occurrences]))
    return [Affected(row.user_id, row.occurrence_id, gone=True) for row in await connection.execute(query)]
