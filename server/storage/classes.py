"""Stores which sentences of which classes each person has heard."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Row, select, tuple_
from sqlalchemy.exc import IntegrityError

from server.errors import UserNotFound
from server.learning.model import ClassKey, HeardClass
from server.storage.database import Database
from server.storage.tables import heard_sentences
from server.storage.upsert import insert_new

_KEY = (heard_sentences.c.course_id, heard_sentences.c.module_index, heard_sentences.c.sub_topic_index)


class SqlClassStore:
    """The ClassStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_heard(
        self, user_ids: Collection[str], key: ClassKey, sentences: Collection[int], at: float
    ) -> None:
        for user_id in user_ids:  # each in a transaction of its own: a profile may be gone meanwhile
            try:
                async with self._database.write() as connection:
                    for sentence in sentences:
                        row = {
                            "user_id": user_id,
                            "course_id": key.course_id,
                            "module_index": key.module_index,
                            "sub_topic_index": key.sub_topic_index,
                            "sentence": sentence,
                            "at": at,
                        }
                        await insert_new(connection, heard_sentences, row)
            except (IntegrityError, UserNotFound):
                continue

    async def list_for(self, user_id: str, limit: int, after: ClassKey | None) -> Sequence[HeardClass]:
        mine = heard_sentences.c.user_id == user_id
        keys = select(*_KEY).where(mine).group_by(*_KEY).order_by(*_KEY).limit(limit)
        if after is not None:
            keys = keys.where(tuple_(*_KEY) > (after.course_id, after.module_index, after.sub_topic_index))
        async with self._database.read() as connection:
            page = (await connection.execute(keys)).all()
            if not page:
                return ()
            first, last = (tuple(page[at]) for at in (0, -1))
            query = select(*_KEY, heard_sentences.c.sentence).where(
                mine, tuple_(*_KEY) >= first, tuple_(*_KEY) <= last
            )
            rows = (await connection.execute(query.order_by(*_KEY, heard_sentences.c.sentence))).all()
        return [
            HeardClass(key, tuple(row.sentence for row in found)) for key, found in groupby(rows, _key_of)
        ]


def _key_of(row: Row[Any, Any, Any, Any]) -> ClassKey:
    return ClassKey(row.course_id, row.module_index, row.sub_topic_index)
