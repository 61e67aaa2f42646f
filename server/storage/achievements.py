"""Achievements of learners and what they are granted for; speech in rooms with others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any, cast, get_args

from fsrs import State
from sqlalchemy import ColumnElement, ScalarSelect, Select, Table, distinct, func, or_, select

from server.learning.review import MASTERED_DAYS
from server.notices.model import Channel, StoredNotice
from server.progress.model import Counts, KeptDay
from server.protocol.progress import AchievementName
from server.storage.database import Database
from server.storage.notices import add_notices
from server.storage.progress import add_to_days, lock_users
from server.storage.progress_tables import achievements, learner_weeks
from server.storage.tables import heard_sentences, mistakes, progress, progress_topics, words
from server.storage.upsert import insert_new
from server.tutor.model import KEPT_FROM_S

_BATCH = 200
"""People in one transaction."""
_NAMES = frozenset(get_args(AchievementName))


class SqlAchievementStore:
    """The AchievementStore and PracticeStore ports."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def kept_days(self, user_id: str) -> Sequence[KeptDay]:
        query = (
            select(progress.c.day, progress.c.starts_at)
            .where(progress.c.user_id == user_id, is_kept())
            .order_by(progress.c.day)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [KeptDay(date.fromisoformat(day), starts_at) for day, starts_at in rows]

    async def counts(self, user_id: str) -> Counts:
        async with self._database.read() as connection:
            row = (await connection.execute(_counts(user_id))).mappings().one()
        return Counts(**{name: value or 0 for name, value in row.items()})

    async def earned(self, user_id: str) -> Mapping[AchievementName, float]:
        query = select(achievements.c.name, achievements.c.at).where(achievements.c.user_id == user_id)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        # A later version that runs beside this one may know more.
        return {cast("AchievementName", name): at for name, at in rows if name in _NAMES}

    async def grant(
        self,
        user_id: str,
        names: Sequence[AchievementName],
        at: float,
        notice_of: Callable[[Sequence[AchievementName]], StoredNotice],
        channels: Collection[Channel],
        until: float,
    ) -> Sequence[StoredNotice]:
        async with self._database.write() as connection:
            if not await lock_users(connection, [user_id]):
                return []
            row = {"user_id": user_id, "at": at}
            new = [
                name for name in names if await insert_new(connection, achievements, {**row, "name": name})
            ]
            if not new:
                return []
            return await add_notices(connection, [notice_of(new)], channels, until)

    async def add_speech(self, seconds: Mapping[str, float], at: float) -> None:
        ordered = sorted(seconds)  # in one order for all servers, so that none waits for another
        for first in range(0, len(ordered), _BATCH):
            async with self._database.write() as connection:
                zones = await lock_users(connection, ordered[first : first + _BATCH])
                await add_to_days(connection, "together_s", seconds, zones, at)


def is_kept() -> ColumnElement[bool]:
    """As `PracticeDay.is_kept`."""
    return or_(progress.c.turns > 0, progress.c.together_s >= KEPT_FROM_S)


def _counts(user_id: str) -> Select[Any]:
    """One row; its columns are fields of `Counts`."""

    def rows_of(table: Table, *where: ColumnElement[bool]) -> ScalarSelect[int]:
        mine = select(func.count()).select_from(table).where(table.c.user_id == user_id, *where)
        return mine.scalar_subquery()

    mastered = [
        rows_of(table, table.c.stability >= MASTERED_DAYS, table.c.state == State.Review.value)
        for table in (mistakes, words)
    ]
    topics = select(func.count(distinct(progress_topics.c.topic))).where(progress_topics.c.user_id == user_id)
    place = (heard_sentences.c.course_id, heard_sentences.c.module_index, heard_sentences.c.sub_topic_index)
    heard = select(*place).where(heard_sentences.c.user_id == user_id).distinct().subquery()
    return select(
        func.sum(progress.c.turns).label("turns"),
        func.sum(progress.c.speaking_s + progress.c.together_s).label("talked_s"),
        func.sum(progress.c.together_s).label("together_s"),
        func.sum(progress.c.mended).label("mended"),
        func.sum(progress.c.people).label("people"),
        rows_of(words).label("words"),
        (mastered[0] + mastered[1]).label("mastered"),
        topics.scalar_subquery().label("topics"),
        select(func.count()).select_from(heard).scalar_subquery().label("classes"),
        rows_of(learner_weeks, learner_weeks.c.goal_reached).label("weeks"),
    ).where(progress.c.user_id == user_id)
