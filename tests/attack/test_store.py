"""A store that fails, or that two servers want: people who talk notice nothing."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing

import aiohttp
import pytest

from tests.attack.arena import Arena
from tests.fakes.server_process import ServerProcess

_ANSWERED_WITHIN_S = 6.5


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
    url, file = own_arena.server.url, own_arena.server.data_dir / "parlor.db"

    async def lock() -> list[tuple[int, float]]:
        async with aiohttp.ClientSession() as http:
            with closing(sqlite3.connect(file, isolation_level=None)) as other:
                other.execute("BEGIN EXCLUSIVE")
                refused = await asyncio.gather(*(_sign_up(http, url) for _ in range(20)))
                refused.append(await _get(http, f"{url}/readyz"))
            async with asyncio.timeout(10):
                while (await _get(http, f"{url}/readyz"))[0] != 200:  # noqa: ASYNC110 - in the server
                    await asyncio.sleep(0.2)
            assert (await _sign_up(http, url))[0] == 200
        return refused

    refused = await own_arena.assert_unharmed(lock, attempts=1)
    assert {status for status, _ in refused} == {503}
    assert max(seconds for _, seconds in refused) < _ANSWERED_WITHIN_S
    assert sum("the database cannot serve: database is locked" in line for line in own_arena.lines()) == 1
    assert not any("Traceback" in line for line in own_arena.lines())


async def _sign_up(http: aiohttp.ClientSession, url: str) -> tuple[int, float]:
    """Status and seconds."""
    started = time.monotonic()
    async with http.post(f"{url}/api/auth/guest", json={"name": "Ann"}) as answer:
        return answer.status, time.monotonic() - started


async def _get(http: aiohttp.ClientSession, url: str) -> tuple[int, float]:
    started = time.monotonic()
    async with http.get(url) as answer:
        return answer.status, time.monotonic() - started
