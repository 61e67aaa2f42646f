"""Knowledge bases, their documents and passages."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import (
    DocumentNotFound,
    KnowledgeBaseFull,
    KnowledgeBaseNotFound,
    TooManyKnowledgeBases,
    UserNotFound,
)
from server.knowledge.model import (
    MAX_DOCUMENTS,
    MAX_PASSAGES,
    Document,
    KnowledgeBase,
    Matches,
    NewPassage,
    Passage,
)
from server.knowledge.ports import Vector
from server.storage.database import Database
from server.storage.knowledge_search import index_document, merge_some, ranked, with_term
from server.storage.locks import lock_person
from server.storage.passage_vectors import NUMBER, PassageVectors
from server.storage.tables import documents, knowledge_bases
from server.storage.tables import passages as passage_table


class SqlKnowledgeStore:
    """The KnowledgeStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._vectors = PassageVectors(database)

    async def add_base(self, base: KnowledgeBase, limit: int) -> None:
        row = asdict(base)
        del row["documents"], row["passages"]
        mine = select(func.count(knowledge_bases.c.id)).where(knowledge_bases.c.owner_id == base.owner_id)
        try:
            async with self._database.write() as connection:
                await lock_person(connection, base.owner_id)
                if (await connection.scalar(mine) or 0) >= limit:
                    raise TooManyKnowledgeBases
                await connection.execute(insert(knowledge_bases).values(row))
        except IntegrityError as error:  # the profile was deleted meanwhile
            raise UserNotFound from error

    async def bases_of(self, owner_id: str) -> Sequence[KnowledgeBase]:
        query = _bases().where(knowledge_bases.c.owner_id == owner_id)
        query = query.order_by(knowledge_bases.c.created_at.desc(), knowledge_bases.c.id)
        async with self._database.read() as connection:
            return [KnowledgeBase(**row) for row in (await connection.execute(query)).mappings()]

    async def find_base(self, base_id: str) -> KnowledgeBase:
        query = _bases().where(knowledge_bases.c.id == base_id)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().first()
        if row is None:
            raise KnowledgeBaseNotFound
        return KnowledgeBase(**row)

    async def delete_base(self, base_id: str) -> None:
        async with self._database.write() as connection:
            await connection.execute(delete(knowledge_bases).where(knowledge_bases.c.id == base_id))

    async def add_document(
        self, document: Document, passages: Sequence[NewPassage], vectors: Sequence[Vector]
    ) -> bool:
        rows = await asyncio.to_thread(_passage_rows, document, passages, vectors)
        async with self._database.write() as connection:
            language = await _locked_language(connection, document.base_id)
            same = documents.c.base_id == document.base_id, documents.c.name == document.name
            replaced = await connection.execute(delete(documents).where(*same))
            await _require_space(connection, document)
            await connection.execute(insert(documents).values(asdict(document)))
            await connection.execute(insert(passage_table), rows)
            await index_document(connection, document.id, language)
        return replaced.rowcount > 0

    async def documents_of(self, base_id: str) -> Sequence[Document]:
        query = select(documents).where(documents.c.base_id == base_id)
        query = query.order_by(documents.c.created_at.desc(), documents.c.id)
        async with self._database.read() as connection:
            return [Document(**row) for row in (await connection.execute(query)).mappings()]

    async def delete_document(self, base_id: str, document_id: str) -> None:
        this = delete(documents).where(documents.c.base_id == base_id, documents.c.id == document_id)
        async with self._database.write() as connection:
            if (await connection.execute(this)).rowcount == 0:
                raise DocumentNotFound

    async def purge_step(self, *, is_first: bool) -> bool:
        if not self._database.is_sqlite:
            return False
        async with self._database.write() as connection:
            return await merge_some(connection, is_first=is_first)

    async def match(self, base_id: str, terms: Sequence[str], limit: int) -> Matches:
        total = select(func.count()).select_from(passage_table).where(passage_table.c.base_id == base_id)
        async with self._database.read() as connection:
            language = await _language(connection, base_id)
            by_term = {term: await with_term(connection, base_id, language, term) for term in terms}
            count = await connection.scalar(total) or 0
            best = await ranked(connection, base_id, language, by_term, total=count, limit=limit)
            return Matches(by_term, best, count)

    async def nearest(self, base_id: str, vector: Vector, limit: int) -> Sequence[int]:
        found = await self._vectors.nearest(base_id, vector, limit)
        if found is not None:
            return found
        size = len(vector) * NUMBER.itemsize  # those of another model have another length
        query = select(passage_table.c.id, passage_table.c.vector).where(
            passage_table.c.base_id == base_id, func.length(passage_table.c.vector) == size
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return await asyncio.to_thread(_nearest, rows, vector, limit) if rows else []

    async def passages(self, ids: Sequence[int]) -> Sequence[Passage]:
        query = (
            select(
                passage_table.c.id,
                passage_table.c.document_id,
                documents.c.name.label("document"),
                passage_table.c.number,
                passage_table.c.heading,
                passage_table.c.text,
            )
            .join(documents, documents.c.id == passage_table.c.document_id)
            .where(passage_table.c.id.in_(ids))
        )
        async with self._database.read() as connection:
            found = {row["id"]: Passage(**row) for row in (await connection.execute(query)).mappings()}
        return [found[passage] for passage in ids if passage in found]


def _bases() -> Select[Any]:
    def count(column: Any, of: Any) -> Any:
        return select(column).where(of).correlate(knowledge_bases).scalar_subquery()

    is_in = documents.c.base_id == knowledge_bases.c.id
    return select(
        knowledge_bases,
        count(func.count(documents.c.id), is_in).label("documents"),
        count(func.coalesce(func.sum(documents.c.passages), 0), is_in).label("passages"),
    )


async def _language(connection: AsyncConnection, base_id: str) -> str:
    query = select(knowledge_bases.c.language).where(knowledge_bases.c.id == base_id)
    return str(await connection.scalar(query) or "")


async def _locked_language(connection: AsyncConnection, base_id: str) -> str:
    """Locks the base, so that two documents at a time do not pass its limits together."""
    query = select(knowledge_bases.c.language).where(knowledge_bases.c.id == base_id).with_for_update()
    language = await connection.scalar(query)
    if language is None:
        raise KnowledgeBaseNotFound
    return str(language)


async def _require_space(connection: AsyncConnection, document: Document) -> None:
    stored = select(func.count(), func.coalesce(func.sum(documents.c.passages), 0)).where(
        documents.c.base_id == document.base_id
    )
    count, length = (await connection.execute(stored)).one()
    if count >= MAX_DOCUMENTS or length + document.passages > MAX_PASSAGES:
        raise KnowledgeBaseFull


def _passage_rows(
    document: Document, passages: Sequence[NewPassage], vectors: Sequence[Vector]
) -> list[Mapping[str, Any]]:
    return [
        {
            "base_id": document.base_id,
            "document_id": document.id,
            "number": number,
            "heading": passage.heading,
            "text": passage.text,
            "vector": np.asarray(vectors[number], NUMBER).tobytes() if vectors else None,
        }
        for number, passage in enumerate(passages)
    ]


def _nearest(rows: Sequence[Any], vector: Vector, limit: int) -> list[int]:
    """By the cosine of the angle."""
    matrix = np.frombuffer(b"".join(row.vector for row in rows), NUMBER).reshape(len(rows), len(vector))
    asked = np.asarray(vector, NUMBER)
    lengths = np.linalg.norm(matrix, axis=1) * np.linalg.norm(asked)
    likeness = matrix @ asked / np.where(lengths > 0, lengths, 1)
    return [int(rows[at].id) for at in np.argsort(-likeness, kind="stable")[:limit]]
