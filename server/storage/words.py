"""Each learner's words and their reviews."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import asdict
from uuid import uuid4

from sqlalchemy import RowMapping, case, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import ConversationNotFound, WordNotFound
from server.learning.model import NewWord, Schedule, Word
from server.learning.review import MASTERED_DAYS
from server.storage.database import Database
from server.storage.tables import message_readers, words

_SCHEDULE = ("due_at", "state", "step", "stability", "difficulty", "reviewed_at")
_GIVEN = ("language", "word", "meaning", "sentence", "conversation_id", "at")
_MAX_KEY = 160


class SqlWordStore:
    """The WordStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, user_id: str, word: NewWord, keep: int) -> None:
        try:
            async with self._database.write() as connection:
                await _require_readable(connection, user_id, word.conversation_id)
                await _add(connection, user_id, word)
                await _keep_at_most(connection, user_id, keep)
        except IntegrityError as error:  # the profile or the conversation was deleted meanwhile
            raise ConversationNotFound from error

    async def list_for(self, user_id: str) -> Sequence[Word]:
        query = select(words).where(words.c.user_id == user_id).order_by(words.c.at.desc(), words.c.id)
        async with self._database.read() as connection:
            return [_word(row) for row in (await connection.execute(query)).mappings()]

    async def find(self, user_id: str, word_id: str) -> Word:
        query = select(words).where(words.c.user_id == user_id, words.c.id == word_id)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().first()
        if row is None:
            raise WordNotFound
        return _word(row)

    async def due(self, user_id: str, now: float, limit: int) -> tuple[int, Sequence[Word]]:
        has_hint = or_(words.c.meaning != "", words.c.sentence != "")
        is_due = (words.c.user_id == user_id, words.c.due_at <= now, has_hint)
        first = select(words).where(*is_due).order_by(words.c.due_at, words.c.id).limit(limit)
        async with self._database.read() as connection:
            found = [_word(row) for row in (await connection.execute(first)).mappings()]
            count = await connection.scalar(select(func.count()).select_from(words).where(*is_due))
        return count or 0, found

    async def review(self, user_id: str, before: Word, after: Schedule, *, was_right: bool) -> bool:
        is_unchanged = (
            words.c.id == before.id,
            words.c.user_id == user_id,
            words.c.reviews == before.reviews,
        )
        counts = {"reviews": words.c.reviews + 1, "right_reviews": words.c.right_reviews + int(was_right)}
        reviewed = update(words).where(*is_unchanged).values(**asdict(after), **counts)
        async with self._database.write() as connection:
            return (await connection.execute(reviewed)).rowcount > 0

    async def forget(self, user_id: str, word_id: str) -> None:
        this = delete(words).where(words.c.user_id == user_id, words.c.id == word_id)
        async with self._database.write() as connection:
            if (await connection.execute(this)).rowcount == 0:
                raise WordNotFound

    async def forget_all(self, user_id: str) -> None:
        async with self._database.write() as connection:
            await connection.execute(delete(words).where(words.c.user_id == user_id))


async def _require_readable(connection: AsyncConnection, user_id: str, conversation_id: str | None) -> None:
    """A talk that the learner has deleted meanwhile leaves no word behind."""
    if conversation_id is None:
        return
    mine = select(message_readers.c.message_id).where(
        message_readers.c.user_id == user_id, message_readers.c.conversation_id == conversation_id
    )
    if (await connection.execute(mine.limit(1))).first() is None:
        raise ConversationNotFound


async def _add(connection: AsyncConnection, user_id: str, word: NewWord) -> None:
    key = unicodedata.normalize("NFKC", word.word).casefold()[:_MAX_KEY]
    given = {name: getattr(word, name) for name in _GIVEN}
    is_it = (words.c.user_id == user_id, words.c.language == word.language, words.c.key == key)
    again = {**given, "due_at": word.at}
    if not word.meaning:
        del again["meaning"]
    if not word.sentence:  # the one that is stored belongs to its own talk
        del again["sentence"], again["conversation_id"]
    if (await connection.execute(update(words).where(*is_it).values(**again))).rowcount:
        return
    row = {"id": uuid4().hex, "user_id": user_id, "key": key, "reviews": 0, "right_reviews": 0}
    await connection.execute(words.insert().values(**row, **given, **asdict(Schedule(word.at))))


async def _keep_at_most(connection: AsyncConnection, user_id: str, keep: int) -> None:
    is_unmastered = case((words.c.stability >= MASTERED_DAYS, 0), else_=1)
    order = (is_unmastered.desc(), words.c.at.desc(), words.c.id)
    kept = select(words.c.id).where(words.c.user_id == user_id).order_by(*order).offset(keep)
    beyond = (await connection.execute(kept)).scalars().all()
    if beyond:
        await connection.execute(delete(words).where(words.c.id.in_(beyond)))


def _word(row: RowMapping) -> Word:
    return Word(
        id=row["id"],
        given=NewWord(**{name: row[name] for name in _GIVEN}),
        reviews=row["reviews"],
        right_reviews=row["right_reviews"],
        schedule=Schedule(**{name: row[name] for name in _SCHEDULE}),
    )
