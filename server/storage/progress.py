"""Each user's practice, by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import UserNotFound
from server.storage.database import Database
from server.storage.tables import progress, progress_topics, users
from server.storage.upsert import add_all_up, add_up, insert_new
from server.tutor.days import day_at, start_of
from server.tutor.model import PracticeDay


class SqlProgressStore:
    """The ProgressStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_progress(self, user_id: str, day: PracticeDay) -> None:
        key = {"user_id": user_id, "day": day.day}
        amounts = {
            "practice_s": day.practice_s,
            "speaking_s": day.speaking_s,
            "together_s": day.together_s,
            "turns": day.turns,
            "corrections": day.corrections,
            "mended": day.mended,
            "people": day.people,
        }
        try:
            async with self._database.write() as connection:
                await add_up(connection, progress, key, amounts, {"starts_at": day.starts_at})
                for topic in day.topics:
                    await insert_new(connection, progress_topics, {**key, "topic": topic})
        except IntegrityError as error:
            raise UserNotFound from error

    async def progress(self, user_id: str, since: str) -> Sequence[PracticeDay]:
        days = select(progress).where(progress.c.user_id == user_id, progress.c.day >= since)
        topics = select(progress_topics).where(
            progress_topics.c.user_id == user_id, progress_topics.c.day >= since
        )
        async with self._database.read() as connection:
            day_rows = (await connection.execute(days.order_by(progress.c.day))).mappings().all()
            topic_rows = (await connection.execute(topics.order_by(progress_topics.c.topic))).mappings().all()
        by_day: defaultdict[str, list[str]] = defaultdict(list)
        for row in topic_rows:
            by_day[row["day"]].append(row["topic"])
        return [
            PracticeDay(
                row["day"],
                row["practice_s"],
                row["speaking_s"],
                row["turns"],
                row["corrections"],
                tuple(by_day[row["day"]]),
                row["together_s"],
                row["mended"],
                row["starts_at"],
                row["people"],
            )
            for row in day_rows
        ]


_AMOUNTS = ("practice_s", "speaking_s", "together_s", "turns", "corrections", "mended", "people")


async def add_to_days(
    connection: AsyncConnection,
    name: str,
    amounts: Mapping[str, float],
    zones: Mapping[str, str | None],
    at: float,
) -> None:
    """Add each user's amount to the column `name` of the user's day, in the zone that `lock_users` returned,
    in the caller's transaction. Those who do not exist are left out."""
    none = dict.fromkeys(_AMOUNTS, 0)
    rows = []
    for user_id, zone in zones.items():
        if user_id in amounts:
            day = day_at(at, zone)
            row = {"user_id": user_id, "day": day.isoformat(), "starts_at": start_of(day, zone)}
            rows.append({**row, **none, name: amounts[user_id]})
    await add_all_up(connection, progress, ("user_id", "day"), _AMOUNTS, rows)


async def lock_users(connection: AsyncConnection, user_ids: Collection[str]) -> dict[str, str | None]:
    """Return the users who exist, with their time zones, in the order of their ids. Nobody of them can be
    deleted until the transaction ends."""
    query = select(users.c.id, users.c.time_zone).where(users.c.id.in_(user_ids)).order_by(users.c.id)
    rows = await connection.execute(query.with_for_update(read=True, key_share=True))
    return {row.id: row.time_zone for row in rows}
