"""A store that fails, or that two servers want: people who talk notice nothing."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.attack.arena import Arena, open_arena
from tests.fakes import postgres
from tests.fakes.server_process import ServerProcess
from tests.fakes.small_disk import full, small_disk

_ANSWERED_WITHIN_S = 6.5
_NOTICED_WITHIN_S = 10.0


async def test_a_second_server_on_the_same_store_is_refused(own_arena: Arena) -> None:
    async def start() -> ServerProcess:
        second = ServerProcess(own_arena.server.data_dir)
        with pytest.raises(RuntimeError, match="did not start"):
            await second.start()
        return second

    second = await own_arena.assert_unharmed(start)
    assert second.exit_code == 2
    assert "another server uses the database" in second.output()
    assert own_arena.complaints() == []


async def test_a_locked_database_is_answered_with_503_and_logged_once(own_arena: Arena) -> None:
    @contextmanager
    def locked() -> Iterator[None]:
        file = own_arena.server.data_dir / "parlor.db"
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            yield

    await _fails_unnoticed(own_arena, locked(), "database is locked")


async def test_a_full_disk_is_answered_with_503_and_logged_once(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        async with open_arena(disk / "data", {}) as arena:
            await _fails_unnoticed(arena, full(disk), "disk is full")


async def test_a_postgresql_that_stands_still_is_answered_with_503_and_logged_once(tmp_path: Path) -> None:
    programs = postgres.binaries()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    with postgres.running(programs) as socket:
        settings = {"DATABASE_URL": postgres.url(socket, "postgres")}
        async with open_arena(tmp_path / "data", settings) as arena:
            await _fails_unnoticed(arena, postgres.frozen(socket), "no answer in time")


async def _fails_unnoticed(arena: Arena, fault: AbstractContextManager[None], cause: str) -> None:
    """While the store fails, those who need it are told so, and people who talk notice nothing."""
    url = arena.server.url

    async def fail() -> list[tuple[int, float]]:
        async with aiohttp.ClientSession() as http:
            with fault:
                async with asyncio.timeout(_NOTICED_WITHIN_S):
                    while (await _get(http, f"{url}/readyz"))[0] != 503:  # noqa: ASYNC110 - in the server
                        await asyncio.sleep(0.2)
                    # SQLite's log may have old room on a full disk.
                    while (await _sign_up(http, url))[0] == 200:
                        pass
                refused = await asyncio.gather(*(_sign_up(http, url) for _ in range(20)))
            async with asyncio.timeout(_NOTICED_WITHIN_S):
                while (await _get(http, f"{url}/readyz"))[0] != 200:  # noqa: ASYNC110 - in the server
                    await asyncio.sleep(0.2)
            assert (await _sign_up(http, url))[0] == 200
        return refused

    refused = await arena.assert_unharmed(fail, attempts=1)
    assert {status for status, _ in refused} == {503}
    assert max(seconds for _, seconds in refused) < _ANSWERED_WITHIN_S
    shown = [line for line in arena.lines() if "the database cannot serve" in line]
    assert sum(cause in line for line in shown) == 1, shown
    assert not any("Traceback" in line for line in arena.lines())


async def _sign_up(http: aiohttp.ClientSession, url: str) -> tuple[int, float]:
    """Status and seconds."""
    started = time.monotonic()
    async with http.post(f"{url}/api/auth/guest", json={"name": "Ann"}) as answer:
        return answer.status, time.monotonic() - started


async def _get(http: aiohttp.ClientSession, url: str) -> tuple[int, float]:
    started = time.monotonic()
    async with http.get(url) as answer:
        return answer.status, time.monotonic() - started
