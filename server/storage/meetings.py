"""People who were in one room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import CursorResult, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.people.model import Meeting
from server.storage.database import Database
from server.storage.people_tables import meetings
from server.storage.progress import add_to_days, lock_users
from server.storage.upsert import insert_and_tell_new, upsert_all


class SqlMeetingStore:
    """The MeetingStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, met: Sequence[Meeting], limit: int) -> None:
        rows = [row for meeting in met for row in _rows(meeting)]
        people = {row[name] for row in rows for name in ("user_id", "other_id")}
        async with self._database.write() as connection:
            # Nobody of them is deleted before the rows are there, which their end then deletes.
            known = await lock_users(connection, people)
            kept = [row for row in rows if row["user_id"] in known and row["other_id"] in known]
            kept.sort(key=lambda row: (row["user_id"], row["other_id"]))
            new = await insert_and_tell_new(connection, meetings, kept)
            if again := [row for row in kept if (row["user_id"], row["other_id"]) not in new]:
                await upsert_all(connection, meetings, again)
            await add_to_days(connection, "people", Counter(user_id for user_id, _ in new), known, met[0].at)
            for user_id in await _with_more(connection, {user_id for user_id, _ in new}, limit):
                await _drop_beyond(connection, user_id, limit)

    async def forget(self, user_id: str, other_id: str | None = None) -> None:
        those = delete(meetings).where(meetings.c.user_id == user_id)
        if other_id is not None:
            those = those.where(meetings.c.other_id == other_id)
        async with self._database.write() as connection:
            await connection.execute(those)

    async def delete_old(self, before: float) -> int:
        async with self._database.write() as connection:
            gone: CursorResult[Any] = await connection.execute(delete(meetings).where(meetings.c.at < before))
            return gone.rowcount


def _rows(meeting: Meeting) -> Iterator[dict[str, Any]]:
    pairs = (
        (meeting.one, meeting.other, meeting.hides_other),
        (meeting.other, meeting.one, meeting.hides_one),
    )
    for user_id, other_id, is_hidden in pairs:
        if not is_hidden:
            yield {
                "user_id": user_id,
                "other_id": other_id,
                "at": meeting.at,
                "room_name": meeting.room_name,
            }


async def _with_more(connection: AsyncConnection, user_ids: Collection[str], limit: int) -> Sequence[str]:
    """Return those of the users who have more than `limit` rows."""
    own = select(meetings.c.user_id).where(meetings.c.user_id.in_(user_ids)).group_by(meetings.c.user_id)
    found = await connection.scalars(own.having(func.count() > limit).order_by(meetings.c.user_id))
    return found.all()


async def _drop_beyond(connection: AsyncConnection, user_id: str, limit: int) -> None:
    own = select(meetings.c.at).where(meetings.c.user_id == user_id)
    first = await connection.scalar(own.order_by(meetings.c.at.desc()).offset(limit).limit(1))
    if first is not None:
        await connection.execute(
            delete(meetings).where(meetings.c.user_id == user_id, meetings.c.at <= first)
        )
