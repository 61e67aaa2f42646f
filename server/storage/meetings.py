"""People who were in one room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.people.model import Meeting
from server.storage.database import Database
from server.storage.people_tables import meetings
from server.storage.progress import add_to_day, lock_users
from server.storage.upsert import insert_new, upsert_all


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
            new = [row["user_id"] for row in kept if await insert_new(connection, meetings, row)]
            if kept:
                await upsert_all(connection, meetings, kept)
            for user_id, count in sorted(Counter(new).items()):
                await add_to_day(connection, user_id, known[user_id], met[0].at, people=count)
            for user_id in sorted({row["user_id"] for row in kept}):
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


async def _drop_beyond(connection: AsyncConnection, user_id: str, limit: int) -> None:
    own = select(meetings.c.at).where(meetings.c.user_id == user_id)
    first = await connection.scalar(own.order_by(meetings.c.at.desc()).offset(limit).limit(1))
    if first is not None:
        await connection.execute(
            delete(meetings).where(meetings.c.user_id == user_id, meetings.c.at <= first)
        )
