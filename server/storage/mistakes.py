"""Each learner's mistakes, their sentences and their reviews."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, RowMapping, Select, case, delete, distinct, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import MistakeNotFound
from server.learning.model import Exercise, Mistake, Pattern, Schedule, Sentence, UnfiledCorrection
from server.learning.review import MASTERED_DAYS
from server.protocol.tutor import FeedbackCategory
from server.storage.database import Database
from server.storage.tables import (
    conversations,
    corrections,
    message_readers,
    messages,
    mistake_sentences,
    mistakes,
)
from server.storage.upsert import insert_new

_SCHEDULE = ("due_at", "state", "step", "stability", "difficulty", "reviewed_at")


class SqlMistakeStore:
    """The MistakeStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def unfiled(self, user_id: str, limit: int) -> Sequence[UnfiledCorrection]:
        query = (
            select(corrections, conversations.c.language)
            .join(conversations, conversations.c.id == corrections.c.conversation_id)
            .outerjoin(mistake_sentences, mistake_sentences.c.correction_id == corrections.c.id)
            .where(corrections.c.user_id == user_id, mistake_sentences.c.correction_id.is_(None))
            .order_by(corrections.c.at)
            .limit(limit)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [
            UnfiledCorrection(_sentence(row), row["language"], FeedbackCategory(row["category"]))
            for row in rows
        ]

    async def file(self, user_id: str, filed: Sequence[tuple[Pattern, Sentence]], keep: int) -> None:
        async with self._database.write() as connection:
            for pattern, sentence in filed:
                await _file_one(connection, user_id, pattern, sentence)
            await _keep_at_most(connection, user_id, keep)

    async def list_for(self, user_id: str) -> Sequence[Mistake]:
        query = _with_history(mistakes.c.user_id == user_id)
        async with self._database.read() as connection:
            found = [_mistake(row) for row in (await connection.execute(query)).mappings()]
        return sorted(found, key=lambda mistake: (-mistake.last_at, mistake.id))

    async def find(self, user_id: str, mistake_id: str) -> tuple[Mistake, Sequence[Sentence]]:
        query = _with_history(mistakes.c.user_id == user_id, mistakes.c.id == mistake_id)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().first()
            if row is None:
                raise MistakeNotFound
            return _mistake(row), (await _sentences(connection, [mistake_id]))[mistake_id]

    async def due(self, user_id: str, now: float, limit: int) -> tuple[int, Sequence[Exercise]]:
        is_due = (mistakes.c.user_id == user_id, mistakes.c.due_at <= now)
        first = _with_history(*is_due).order_by(mistakes.c.due_at, mistakes.c.id).limit(limit)
        async with self._database.read() as connection:
            found = [_mistake(row) for row in (await connection.execute(first)).mappings()]
            count = await connection.scalar(select(func.count()).select_from(mistakes).where(*is_due))
            sentences = await _sentences(connection, [mistake.id for mistake in found])
        return count or 0, [Exercise(mistake, sentences[mistake.id][0]) for mistake in found]

    async def review(self, user_id: str, before: Mistake, after: Schedule, *, was_right: bool) -> bool:
        is_unchanged = (
            mistakes.c.id == before.id,
            mistakes.c.user_id == user_id,
            mistakes.c.reviews == before.reviews,
        )
        reviewed = update(mistakes).where(*is_unchanged)
        counts = {
            "reviews": mistakes.c.reviews + 1,
            "right_reviews": mistakes.c.right_reviews + int(was_right),
        }
        async with self._database.write() as connection:
            return (await connection.execute(reviewed.values(**asdict(after), **counts))).rowcount > 0

    async def forget(self, user_id: str, mistake_id: str) -> None:
        this = delete(mistakes).where(mistakes.c.user_id == user_id, mistakes.c.id == mistake_id)
        async with self._database.write() as connection:
            if (await connection.execute(this)).rowcount == 0:
                raise MistakeNotFound

    async def turns_between(self, user_id: str, bounds: Sequence[float]) -> Sequence[int]:
        interval = _interval(messages.c.at, bounds)
        query = (
            select(interval.label("n"), func.count(distinct(messages.c.turn_id)))
            .join(message_readers, message_readers.c.message_id == messages.c.id)
            .where(
                message_readers.c.user_id == user_id,
                messages.c.user_id == user_id,
                messages.c.role == "learner",
                messages.c.at >= bounds[0],
                messages.c.at < bounds[-1],
            )
            .group_by("n")
        )
        async with self._database.read() as connection:
            found = {row[0]: row[1] for row in await connection.execute(query)}
        return [found.get(n, 0) for n in range(len(bounds) - 1)]

    async def corrected_between(
        self, user_id: str, bounds: Sequence[float]
    ) -> Sequence[dict[FeedbackCategory, int]]:
        interval = _interval(corrections.c.at, bounds)
        query = (
            select(
                interval.label("n"),
                corrections.c.category,
                func.count(distinct(corrections.c.turn_id)),
            )
            .where(
                corrections.c.user_id == user_id,
                corrections.c.at >= bounds[0],
                corrections.c.at < bounds[-1],
            )
            .group_by("n", corrections.c.category)
        )
        found: list[dict[FeedbackCategory, int]] = [{} for _ in bounds[1:]]
        async with self._database.read() as connection:
            for n, category, count in await connection.execute(query):
                found[n][FeedbackCategory(category)] = count
        return found


async def delete_without_sentences(connection: AsyncConnection, user_id: str | None = None) -> None:
    """Delete the mistakes all of whose sentences were deleted: of one learner, or of all."""
    has_none = (
        ~select(mistake_sentences.c.correction_id)
        .where(mistake_sentences.c.mistake_id == mistakes.c.id)
        .exists()
    )
    which = [has_none] if user_id is None else [has_none, mistakes.c.user_id == user_id]
    await connection.execute(delete(mistakes).where(*which))


async def _file_one(connection: AsyncConnection, user_id: str, pattern: Pattern, sentence: Sentence) -> None:
    row = {
        "id": uuid4().hex,
        "user_id": user_id,
        "key": _key(pattern),
        **asdict(pattern),
        "category": pattern.category.value,
        "reviews": 0,
        "right_reviews": 0,
        **asdict(Schedule(sentence.at)),
    }
    is_it = (mistakes.c.user_id == user_id, mistakes.c.key == row["key"])
    try:
        async with connection.begin_nested():
            mistake_id = await connection.scalar(select(mistakes.c.id).where(*is_it))
            if mistake_id is None:
                mistake_id = row["id"]
                await connection.execute(mistakes.insert().values(**row))
            link = {"correction_id": sentence.id, "mistake_id": mistake_id}
            if not await insert_new(connection, mistake_sentences, link):
                return
    except IntegrityError:  # the sentence or the profile was deleted meanwhile, or filed by another request
        return
    made_again = update(mistakes).where(mistakes.c.id == mistake_id, mistakes.c.due_at > sentence.at)
    await connection.execute(made_again.values(due_at=sentence.at))


async def _keep_at_most(connection: AsyncConnection, user_id: str, keep: int) -> None:
    is_unmastered = case((mistakes.c.stability >= MASTERED_DAYS, 0), else_=1)
    last_at = (
        select(func.max(corrections.c.at))
        .join(mistake_sentences, mistake_sentences.c.correction_id == corrections.c.id)
        .where(mistake_sentences.c.mistake_id == mistakes.c.id)
        .scalar_subquery()
    )
    kept = (
        select(mistakes.c.id)
        .where(mistakes.c.user_id == user_id)
        .order_by(is_unmastered.desc(), last_at.desc(), mistakes.c.id)
        .offset(keep)
    )
    beyond = (await connection.execute(kept)).scalars().all()
    if beyond:
        await connection.execute(delete(mistakes).where(mistakes.c.id.in_(beyond)))


def _with_history(*where: ColumnElement[bool]) -> Select[Any]:
    """Mistakes with the number and the times of their sentences."""
    history = (
        select(
            mistake_sentences.c.mistake_id,
            func.count().label("times"),
            func.min(corrections.c.at).label("first_at"),
            func.max(corrections.c.at).label("last_at"),
        )
        .join(corrections, corrections.c.id == mistake_sentences.c.correction_id)
        .join(mistakes, mistakes.c.id == mistake_sentences.c.mistake_id)
        .where(*where)
        .group_by(mistake_sentences.c.mistake_id)
        .subquery()
    )
    return (
        select(mistakes, history.c.times, history.c.first_at, history.c.last_at)
        .join(history, history.c.mistake_id == mistakes.c.id)
        .where(*where)
    )


async def _sentences(connection: AsyncConnection, mistake_ids: Sequence[str]) -> dict[str, list[Sentence]]:
    query = (
        select(corrections, mistake_sentences.c.mistake_id)
        .join(mistake_sentences, mistake_sentences.c.correction_id == corrections.c.id)
        .where(mistake_sentences.c.mistake_id.in_(mistake_ids))
        .order_by(corrections.c.at.desc(), corrections.c.id)
    )
    found: dict[str, list[Sentence]] = {mistake_id: [] for mistake_id in mistake_ids}
    for row in (await connection.execute(query)).mappings():
        found[row["mistake_id"]].append(_sentence(row))
    return found


def _interval(at: ColumnElement[float], bounds: Sequence[float]) -> ColumnElement[int]:
    return case(*((at < bound, n) for n, bound in enumerate(bounds[1:])))


def _key(pattern: Pattern) -> str:
    text = json.dumps([pattern.language, pattern.category.value, pattern.said, pattern.right])
    return hashlib.sha256(text.encode()).hexdigest()


def _sentence(row: RowMapping) -> Sentence:
    names = ("id", "conversation_id", "at", "original", "corrected", "explanation")
    return Sentence(**{name: row[name] for name in names})


def _mistake(row: RowMapping) -> Mistake:
    return Mistake(
        id=row["id"],
        pattern=Pattern(row["language"], FeedbackCategory(row["category"]), row["said"], row["right"]),
        schedule=Schedule(**{name: row[name] for name in _SCHEDULE}),
        **{name: row[name] for name in ("first_at", "last_at", "times", "reviews", "right_reviews")},
    )
