"""Connections to SQLite whose threads end before the event loop does."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import Any

import aiosqlite

_ROWS_AT_ONCE = 64
_END_WITHIN_S = 5.0
"""Longer than a statement waits for a lock: nothing else holds up such a thread for long."""


class SqliteConnections:
    """Opens connections and knows those that are about to end.

    aiosqlite answers the event loop from a thread, and nobody waits for that thread when a connection could
    not be opened or its statement was cancelled: if the loop has closed by then, the thread ends with a
    traceback.
    """

    def __init__(self) -> None:
        self._ending: set[asyncio.Future[Any]] = set()

    def open(self, database: str, **options: Any) -> aiosqlite.Connection:
        """To be awaited. `options` are those of `sqlite3.connect`."""
        connection = _Connection(lambda: sqlite3.connect(database, **options), self._ending)
        connection._thread.daemon = True  # as SQLAlchemy does with connections of its own
        return connection

    async def ended(self) -> None:
        if self._ending:
            await asyncio.wait(set(self._ending), timeout=_END_WITHIN_S)


class _Connection(aiosqlite.Connection):
    def __init__(self, connector: Any, ending: set[asyncio.Future[Any]]) -> None:
        super().__init__(connector, _ROWS_AT_ONCE)
        self._ending = ending

    def stop(self) -> asyncio.Future[Any] | None:
        future = super().stop()
        if future is not None:
            self._ending.add(future)
            future.add_done_callback(self._ending.discard)
        return future
