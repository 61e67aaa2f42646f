"""Events that are hidden while their host is banned, and who was told of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from sqlalchemy import func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from server.notices.model import Channel, StoredNotice, new_notice
from server.protocol.moderation import SanctionKind
from server.protocol.notices import EventPaused, EventResumed
from server.schedule.model import Status
from server.schedule.ports import Pause
from server.storage.database import Database
from server.storage.moderation_tables import sanctions
from server.storage.notices import add_notices
from server.storage.sanctions import is_banned
from server.storage.schedule_tables import event_occurrences, events, registrations

_e, _o, _r = events.c, event_occurrences.c, registrations.c


class SchedulePauses:
    """The part of the ScheduleStore port that is about events of banned hosts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list_pauses(self, since: float, now: float, limit: int) -> Sequence[Pause]:
        # By when bans changed and by who was told, each with an index: most events have no banned host.
        is_ban = (sanctions.c.kind == SanctionKind.BAN, sanctions.c.changed_at >= since)
        hosts = select(sanctions.c.target_id).where(*is_ban, sanctions.c.target_id.is_not(None))
        is_untold = (_e.paused_at.is_(None), _e.status == Status.OPEN.value, _e.host_id.in_(hosts))
        hidden = select(_e.id, literal(True)).where(*is_untold, is_banned(_e.host_id, now))
        shown = select(_e.id, literal(False)).where(_e.paused_at.is_not(None), ~is_banned(_e.host_id, now))
        async with self._database.read() as connection:
            rows = [
                *await connection.execute(hidden.order_by(_e.id).limit(limit)),
                *await connection.execute(shown.order_by(_e.id).limit(limit)),
            ]
        return [Pause(event_id, bool(is_hidden)) for event_id, is_hidden in rows]

    async def take_pause(
        self, pause: Pause, now: float, channels: Collection[Channel], until: float
    ) -> Sequence[StoredNotice]:
        is_before = _e.paused_at.is_(None) if pause.is_hidden else _e.paused_at.is_not(None)
        told = update(events).where(_e.id == pause.event_id, is_before)
        async with self._database.write() as connection:
            claimed = await connection.execute(told.values(paused_at=now if pause.is_hidden else None))
            if claimed.rowcount == 0:
                return []
            made = await _notices_of(connection, pause, now)
            return await add_notices(connection, made, channels, until)


async def _notices_of(connection: AsyncConnection, pause: Pause, now: float) -> list[StoredNotice]:
    """One for each person, about their first time to come."""
    query = (
        select(_r.user_id, _o.id, _o.starts_at, func.coalesce(_o.name, _e.name).label("name"))
        .select_from(registrations)
        .join(event_occurrences, _o.id == _r.occurrence_id)
        .join(events, _e.id == _o.event_id)
        .where(_e.id == pause.event_id, _o.status == Status.OPEN.value, _o.ends_at > now)
        .order_by(_o.starts_at, _o.id)
    )
    made: dict[str, StoredNotice] = {}
    for row in await connection.execute(query):
        if row.user_id in made:
            continue
        kind = EventPaused if pause.is_hidden else EventResumed
        starts_at = datetime.fromtimestamp(row.starts_at, UTC)
        body = kind(event_id=pause.event_id, occurrence_id=row.id, name=row.name, starts_at=starts_at)
        made[row.user_id] = new_notice(row.user_id, body, now)
    return list(made.values())
