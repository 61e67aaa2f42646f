"""The server as a process while its store fails in a real way: what it answers and logs, how it stops, and
that it serves again by itself."""

from __future__ import annotations

import asyncio
import json
import secrets
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.fakes import postgres
from tests.fakes.server_process import ServerProcess
from tests.fakes.small_disk import full, small_disk

NOTICED_WITHIN_S = 4.0
"""A probe of two seconds, after a result of a second's age, on a busy machine."""
ANSWERED_WITHIN_S = 6.5
STOPPED_WITHIN_S = 10.0
_WAIT_S = 30.0


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
        yield session


@pytest.fixture(scope="module")
def postgres_server() -> Iterator[Path]:
    """A PostgreSQL of this module's own: no other test is frozen with it."""
    programs = postgres.binaries()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    with postgres.running(programs) as socket:
        yield socket


async def database_of(socket: Path) -> str:
    name = f"t{secrets.token_hex(6)}"
    engine = create_async_engine(postgres.url(socket, "postgres"), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
    await engine.dispose()
    return postgres.url(socket, name)


async def sign_in(http: aiohttp.ClientSession, server: ServerProcess) -> tuple[int, str, float]:
    """Status, code of the problem, and seconds."""
    started = time.monotonic()
    async with http.post(f"{server.url}/api/auth/guest", json={"name": "Ann"}) as answer:
        body = await answer.json()
        return answer.status, body.get("code", ""), time.monotonic() - started


async def readiness(http: aiohttp.ClientSession, server: ServerProcess) -> int:
    async with http.get(f"{server.url}/readyz") as answer:
        return answer.status


async def becomes(http: aiohttp.ClientSession, server: ServerProcess, status: int) -> float:
    """Seconds until /readyz answers so."""
    started = time.monotonic()
    async with asyncio.timeout(_WAIT_S):
        while await readiness(http, server) != status:  # noqa: ASYNC110 - in another process
            await asyncio.sleep(0.1)
    return time.monotonic() - started


def causes(server: ServerProcess) -> list[str]:
    found = []
    for line in server.lines:
        with suppress(ValueError):
            event = json.loads(line)
            if str(event["event"]).startswith("the database cannot serve"):
                found.append(str(event["event"]))
    return found


async def fails_and_recovers(
    http: aiohttp.ClientSession, server: ServerProcess, fault: AbstractContextManager[None], cause: str
) -> None:
    assert await readiness(http, server) == 200
    assert (await sign_in(http, server))[0] == 200
    with fault:
        assert await becomes(http, server, 503) < NOTICED_WITHIN_S
        async with asyncio.timeout(_WAIT_S):
            while (await sign_in(http, server))[0] == 200:  # SQLite's log may have old room on a full disk
                pass
        answers = await asyncio.gather(*(sign_in(http, server) for _ in range(20)))
        assert {(status, code) for status, code, _ in answers} == {(503, "unavailable")}
        assert max(seconds for _, _, seconds in answers) < ANSWERED_WITHIN_S
    assert await becomes(http, server, 200) < NOTICED_WITHIN_S
    assert (await sign_in(http, server))[0] == 200
    shown = causes(server)
    assert any(cause in line for line in shown), shown
    assert len(shown) == len(set(shown)), "one line a cause and minute"
    assert "Traceback" not in server.output()


async def test_a_full_disk(tmp_path: Path, http: aiohttp.ClientSession) -> None:
    with small_disk(tmp_path / "disk") as disk:
        async with ServerProcess(disk / "data") as server:
            await fails_and_recovers(http, server, full(disk), "disk is full")


async def test_a_locked_database(tmp_path: Path, http: aiohttp.ClientSession) -> None:
    @contextmanager
    def locked() -> Iterator[None]:
        with closing(sqlite3.connect(tmp_path / "data" / "parlor.db", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            yield
            other.execute("ROLLBACK")

    async with ServerProcess(tmp_path / "data") as server:
        await fails_and_recovers(http, server, locked(), "database is locked")


async def test_a_read_only_database(
    postgres_server: Path, tmp_path: Path, http: aiohttp.ClientSession
) -> None:
    """As after a failover to a replica."""
    url = await database_of(postgres_server)
    name = make_url(url).database
    admin = create_async_engine(postgres.url(postgres_server, "postgres"), isolation_level="AUTOCOMMIT")

    async def set_read_only(value: str) -> None:
        async with admin.connect() as connection:
            await connection.execute(
                text(f"ALTER DATABASE {name} SET default_transaction_read_only = {value}")
            )
            ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
            await connection.execute(text(ended), {"name": name})

    async with ServerProcess(tmp_path / "data", {"DATABASE_URL": url}) as server:
        assert await readiness(http, server) == 200
        await set_read_only("on")
        assert await becomes(http, server, 503) < NOTICED_WITHIN_S
        assert (await sign_in(http, server))[:2] == (503, "unavailable")
        await set_read_only("off")
        assert await becomes(http, server, 200) < NOTICED_WITHIN_S
        assert (await sign_in(http, server))[0] == 200
        assert any("in a read-only transaction" in line for line in causes(server)), server.output()
        assert "Traceback" not in server.output()
    await admin.dispose()


async def test_a_frozen_postgresql(
    postgres_server: Path, tmp_path: Path, http: aiohttp.ClientSession
) -> None:
    settings = {"DATABASE_URL": await database_of(postgres_server)}
    async with ServerProcess(tmp_path / "data", settings) as server:
        await fails_and_recovers(http, server, postgres.frozen(postgres_server), "no answer in time")


async def test_sigterm_is_obeyed_while_the_database_hangs(
    postgres_server: Path, tmp_path: Path, http: aiohttp.ClientSession
) -> None:
    settings = {"DATABASE_URL": await database_of(postgres_server), "AGENTS": "1"}
    async with ServerProcess(tmp_path / "data", settings) as server:
        assert (await sign_in(http, server))[0] == 200
        with postgres.frozen(postgres_server):
            waiting = [asyncio.create_task(sign_in(http, server)) for _ in range(20)]
            await becomes(http, server, 503)
            started = time.monotonic()
            await server.stop()
            seconds = time.monotonic() - started
            await asyncio.gather(*waiting, return_exceptions=True)
        assert server.exit_code == 0, server.output()
        assert seconds < STOPPED_WITHIN_S


async def test_a_start_at_a_hanging_database_ends_with_one_line(
    postgres_server: Path, tmp_path: Path
) -> None:
    settings = {"DATABASE_URL": await database_of(postgres_server)}
    server = ServerProcess(tmp_path / "data", settings)
    with postgres.frozen(postgres_server), pytest.raises(RuntimeError, match="did not start"):
        await server.start()
    assert server.exit_code == 2
    assert server.lines[-1] == "parlor: the database cannot be used: no answer in time"
    assert "Traceback" not in server.output()
