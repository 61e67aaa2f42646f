"""An empty database of each kind, for tests that run on both."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from server.storage import Database
from tests.fakes import postgres


@pytest.fixture(scope="session")
def postgres_socket() -> Iterator[Path]:
    programs = postgres.binaries()
    if programs is None:
        reason = "PostgreSQL is not installed: apt-get install postgresql (make test does it as root)"
        if os.getuid() == 0:
            pytest.fail(reason)
        pytest.skip(reason)
    with postgres.running(programs) as socket:
        yield socket


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'deeper' / 'parlor.db'}"
    return await new_database(request.getfixturevalue("postgres_socket"))


async def new_database(socket: Path) -> str:
    """The URL of an empty PostgreSQL database."""
    name = f"t{secrets.token_hex(6)}"
    engine = create_async_engine(postgres.url(socket, "postgres"), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
    await engine.dispose()
    return postgres.url(socket, name)


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    try:
        await database.start()
        yield database
    finally:
        await database.aclose()
