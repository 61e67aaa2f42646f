"""Each user's practice, by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from server.errors import UserNotFound
from server.storage.database import Database
from server.storage.tables import progress, progress_topics
from server.storage.upsert import add_up, insert_new
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
            "turns": day.turns,
            "corrections": day.corrections,
        }
        try:
            async with self._database.write() as connection:
                await add_up(connection, progress, key, amounts)
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
            )
            for row in day_rows
        ]
