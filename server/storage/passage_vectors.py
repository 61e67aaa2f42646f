"""Vectors of passages in PostgreSQL's extension pgvector, where the database has it: then the passages
nearest to a question are found there, and their vectors, up to 30 MB a base, do not travel for each question.

`passages.vector` has every vector on both databases. The table here is a copy that is filled as it is needed,
so that what a server without the extension has stored is found too.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.knowledge.ports import Vector
from server.storage.database import Database

NUMBER = np.dtype("<f4")
"""Of `passages.vector`."""
FILLED_AT_ONCE = 500
"""Vectors that one search copies at most: some 3 MB."""
_AVAILABLE = text(
    "SELECT to_regtype('vector') IS NOT NULL,"
    " EXISTS (SELECT FROM pg_available_extensions WHERE name = 'vector')"
)
_EXTENSION = text("CREATE EXTENSION IF NOT EXISTS vector")
_TABLE = text(
    "CREATE TABLE IF NOT EXISTS passage_vectors ("
    "passage_id BIGINT PRIMARY KEY REFERENCES passages (id) ON DELETE CASCADE, embedding vector NOT NULL)"
)
_MISSING = text(
    "SELECT id, vector FROM passages WHERE base_id = :base_id AND length(vector) = :size"
    " AND NOT EXISTS (SELECT FROM passage_vectors WHERE passage_id = passages.id) ORDER BY id LIMIT :limit"
)
_COPY = text(
    "INSERT INTO passage_vectors (passage_id, embedding) SELECT id, CAST(CAST(:numbers AS real[]) AS vector)"
    " FROM passages WHERE id = :id ON CONFLICT DO NOTHING"
)
# The subquery is computed first: vectors of another length, of another model, cannot be compared.
_NEAREST = text(
    "WITH alike AS MATERIALIZED (SELECT passage_id, embedding FROM passage_vectors"
    " JOIN passages ON passages.id = passage_id WHERE base_id = :base_id AND length(vector) = :size)"
    " SELECT passage_id FROM alike"
    " ORDER BY embedding <=> CAST(CAST(:numbers AS real[]) AS vector), passage_id LIMIT :limit"
)
_log = logging.getLogger(__name__)


class PassageVectors:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._is_usable: bool | None = False if database.is_sqlite else None
        """None: not known yet."""

    async def nearest(self, base_id: str, vector: Vector, limit: int) -> Sequence[int] | None:
        """As in KnowledgeStore. None if the database cannot tell: it has no pgvector, or not all vectors of
        the base are there yet. Raises Unavailable."""
        if self._is_usable is None:
            self._is_usable = await self._prepare()
        if not self._is_usable:
            return None
        size = len(vector) * NUMBER.itemsize
        if not await self._fill(base_id, size):
            return None
        values = {"base_id": base_id, "size": size, "numbers": [*map(float, vector)], "limit": limit}
        async with self._database.read() as connection:
            return (await connection.execute(_NEAREST, values)).scalars().all()

    async def _prepare(self) -> bool:
        """Whether the table is there. Raises Unavailable."""
        try:
            async with self._database.write() as connection:
                has_type, has_extension = (await connection.execute(_AVAILABLE)).one()
                if not has_type and not has_extension:
                    return False
                if not has_type:
                    await connection.execute(_EXTENSION)
                await connection.execute(_TABLE)
        except DBAPIError as error:
            cause = str(error.orig).partition("\n")[0]
            _log.warning("pgvector is not used: %s", cause)
            return False
        _log.info("passages are compared by pgvector")
        return True

    async def _fill(self, base_id: str, size: int) -> bool:
        """Copy some of the vectors that are missing. Returns whether all are there. Raises Unavailable."""
        values = {"base_id": base_id, "size": size, "limit": FILLED_AT_ONCE + 1}
        async with self._database.read() as connection:
            missing = (await connection.execute(_MISSING, values)).all()
        if missing:
            rows = await asyncio.to_thread(_rows, missing[:FILLED_AT_ONCE])
            async with self._database.write() as connection:
                await connection.execute(_COPY, rows)
        return len(missing) <= FILLED_AT_ONCE


def _rows(missing: Sequence[Any]) -> list[dict[str, object]]:
    return [{"id": key, "numbers": np.frombuffer(data, NUMBER).tolist()} for key, data in missing]
