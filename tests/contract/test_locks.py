"""Locks of periodic work: of several servers on PostgreSQL one has it; SQLite has one server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from server.errors import Unavailable
from server.shared_runs import SharedRuns
from server.storage import Database, SqlStoredValues
from tests.contract.storage_urls import database, new_database, postgres_socket, url

__all__ = ["database", "postgres_socket", "url"]


@pytest.fixture
async def servers(postgres_socket: Path) -> AsyncIterator[tuple[Database, Database]]:
    """Two on one PostgreSQL database."""
    url = await new_database(postgres_socket)
    one, two = Database(url), Database(url)
    try:
        await one.start()
        await two.start()
        yield one, two
    finally:
        await one.aclose()
        await two.aclose()


async def test_a_server_alone_has_every_lock(database: Database) -> None:
    for _ in range(2):
        async with database.lock("sweep") as is_alone:
            assert is_alone


async def test_of_two_servers_one_has_the_lock(servers: tuple[Database, Database]) -> None:
    one, two = servers
    async with one.lock("sweep") as first, two.lock("sweep") as second, two.lock("other") as another:
        assert (first, second, another) == (True, False, True)
    async with two.lock("sweep") as second, one.lock("sweep") as first:
        assert (first, second) == (False, True)


async def test_the_lock_ends_with_an_error_and_with_its_connection(
    servers: tuple[Database, Database],
) -> None:
    one, two = servers
    with pytest.raises(RuntimeError, match="the test's"):
        async with one.lock("sweep"):
            raise RuntimeError("the test's")
    async with two.lock("sweep") as is_alone:
        assert is_alone
        async with one.write() as connection:
            others = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
            await connection.execute(text(others))
        async with asyncio.timeout(5):
            while True:
                async with one.lock("sweep") as is_free:
                    if is_free:
                        break


async def test_a_lock_that_cannot_be_asked_for_is_an_error(servers: tuple[Database, Database]) -> None:
    one, _ = servers
    unreachable = Database("postgresql+asyncpg://localhost:9/parlor")
    with pytest.raises(Unavailable):
        async with unreachable.lock("sweep"):
            pytest.fail("it has no database")
    async with one.lock("sweep") as is_alone:
        assert is_alone


async def test_of_two_servers_whose_timers_end_together_one_does_the_work(
    servers: tuple[Database, Database],
) -> None:
    done: list[str] = []
    now = [1_000_000.0]

    def runs_of(name: str, database: Database) -> tuple[SharedRuns, str]:
        return SharedRuns(database.lock, SqlStoredValues(database), lambda: now[0]), name

    async def run(shared: SharedRuns, name: str, *, fails: bool = False) -> None:
        async def work() -> None:
            done.append(name)
            await asyncio.sleep(0)
            if fails:
                raise Unavailable

        await shared.run("swept_at", 3_600.0, work)

    both = [runs_of("n1", servers[0]), runs_of("n2", servers[1])]
    await asyncio.gather(*(run(*each) for each in both))
    assert len(done) == 1
    for each in both:  # one whose timer ends a moment later
        await run(*each)
    assert len(done) == 1

    now[0] += 3_600.0
    with pytest.raises(Unavailable):
        await run(*both[0], fails=True)
    await asyncio.gather(*(run(*each) for each in both))  # a run that failed is done again
    assert len(done) == 3
