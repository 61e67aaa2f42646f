"""The thread of a connection has ended when the database is closed, also when it never opened."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from server.errors import Unavailable
from server.storage import Database


def _threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if "_connection_worker_thread" in thread.name]


async def _fail_to_open(folder: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{folder / 'nowhere' / 'parlor.db'}")
    with pytest.raises(Unavailable):
        async with database.read():
            pass
    await database.aclose()


async def _cancel_a_statement(folder: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{folder / 'parlor.db'}", limit_s=0.001)
    endless = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000) SELECT max(i) FROM n"
    )
    with pytest.raises(Unavailable):
        async with database.read() as connection:
            await connection.execute(text(endless))
    await database.aclose()


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("use", [_fail_to_open, _cancel_a_statement])
def test_no_thread_answers_an_event_loop_that_has_closed(
    tmp_path: Path, use: Callable[[Path], Coroutine[Any, Any, None]]
) -> None:
    for _ in range(50):
        asyncio.run(use(tmp_path))
    for thread in _threads():
        thread.join(2)
    assert not _threads()
