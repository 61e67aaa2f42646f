"""How much one person plans: events, and times that are stored, cancelled ones too."""

from __future__ import annotations

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import TooManyEvents
from server.schedule.model import MAX_STORED_TIMES, Status
from server.storage.schedule_tables import event_occurrences, events


async def require_few(connection: AsyncConnection, host_id: str, most: int, now: float) -> None:
    """Of a person who is locked, after the rows of a new plan were written. Raises TooManyEvents for more
    than `most` events that are not over, or more than MAX_STORED_TIMES."""
    times, own = event_occurrences.c, events.c.host_id == host_id
    is_coming = exists().where(times.event_id == events.c.id, times.ends_at > now)
    is_open = (own, events.c.status == Status.OPEN.value, is_coming)
    count = await connection.scalar(select(func.count()).select_from(events).where(*is_open)) or 0
    if count > most:
        raise TooManyEvents(f"You already plan {most} events, the maximum. Cancel one first.")
    of_own = event_occurrences.join(events, events.c.id == times.event_id)
    stored = await connection.scalar(select(func.count()).select_from(of_own).where(own)) or 0
    if stored > MAX_STORED_TIMES:
        raise TooManyEvents("You have planned and cancelled too much for now. Try again in some weeks.")
