"""Weeks of learners: who is to be told of one, what was done in it, and that it is closed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select

from server.learning.model import WeekGoal
from server.notices.model import Channel, StoredNotice
from server.progress.model import OpenWeek, WeekFigures
from server.progress.weeks import WEEK
from server.storage.achievements import is_kept
from server.storage.database import Database
from server.storage.notices import add_notices
from server.storage.progress import lock_users
from server.storage.progress_tables import learner_weeks
from server.storage.tables import learner_settings, mistakes, progress, users, words
from server.storage.upsert import insert_new
from server.tutor.days import start_of


class SqlWeekStore:
    """The WeekStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open_weeks(self, monday: date, after: str, limit: int) -> Sequence[OpenWeek]:
        async with self._database.read() as connection:
            rows = (await connection.execute(open_weeks(monday, after, limit))).mappings().all()
        return [
            OpenWeek(
                row["id"],
                row["time_zone"],
                WeekGoal(row["week_goal"], row["week_target"]) if row["week_goal"] else None,
            )
            for row in rows
        ]

    async def week(self, user_id: str, monday: date, time_zone: str | None, now: float) -> WeekFigures:
        begins, ends = start_of(monday, time_zone), start_of(monday + WEEK, time_zone)
        practised = select(
            func.count().filter(is_kept()).label("days"),
            func.coalesce(func.sum(progress.c.speaking_s + progress.c.together_s), 0.0).label("seconds"),
            func.coalesce(func.sum(progress.c.mended), 0).label("mended"),
            func.coalesce(func.sum(progress.c.people), 0).label("people"),
            _number(words.c.user_id, user_id, words.c.at, begins, ends).label("words"),
            _number(mistakes.c.user_id, user_id, mistakes.c.due_at, 0.0, now).label("due"),
        ).where(progress.c.user_id == user_id, *_in_week(monday))
        async with self._database.read() as connection:
            row = (await connection.execute(practised)).mappings().one()
        figures = {name: row[name] for name in ("days", "people", "mended", "words", "due")}
        return WeekFigures(monday, minutes=row["seconds"] / 60, **figures)

    async def close(
        self,
        user_id: str,
        monday: date,
        notice: StoredNotice,
        channels: Collection[Channel],
        until: float,
        *,
        goal_reached: bool,
    ) -> Sequence[StoredNotice]:
        row = {"user_id": user_id, "monday": monday.isoformat(), "goal_reached": goal_reached}
        async with self._database.write() as connection:
            if not await lock_users(connection, [user_id]):
                return []
            if not await insert_new(connection, learner_weeks, {**row, "at": notice.at}):
                return []
            return await add_notices(connection, [notice], channels, until)


def open_weeks(monday: date, after: str, limit: int) -> Select[Any]:
    """Found by the index of days: most people did not practise in that week."""
    practised = select(progress.c.user_id).where(*_in_week(monday), progress.c.user_id > after, is_kept())
    is_closed = exists().where(
        learner_weeks.c.user_id == users.c.id, learner_weeks.c.monday == monday.isoformat()
    )
    settings = users.outerjoin(learner_settings, learner_settings.c.user_id == users.c.id)
    chosen = (learner_settings.c.week_goal, learner_settings.c.week_target)
    return (
        select(users.c.id, users.c.time_zone, *chosen)
        .select_from(settings)
        .where(users.c.id.in_(practised), ~is_closed)
        .order_by(users.c.id)
        .limit(limit)
    )


def _in_week(monday: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return progress.c.day >= monday.isoformat(), progress.c.day < (monday + WEEK).isoformat()


def _number(
    owner: ColumnElement[str], user_id: str, at: ColumnElement[float], begins: float, ends: float
) -> ColumnElement[int]:
    return select(func.count()).where(owner == user_id, at >= begins, at < ends).scalar_subquery()
