"""The connection pool, its transactions and the migrations, on SQLite or PostgreSQL."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event, func, make_url, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from server.common.file_lock import FileLock
from server.errors import StartupError, Unavailable
from server.storage.failures import Failures, cause_of
from server.storage.schema import upgrade
from server.storage.sqlite_connections import SqliteConnections
from server.storage.tables import settings
from server.storage.upsert import upsert

_BUSY_TIMEOUT_MS = 2_500
_EMPTY_WITHIN_MS = 250
"""Writers wait while the log is emptied, and that waits for readers."""
_CONNECT_WITHIN_S = 3.0
_LIMIT_S = 4.0
"""Longest transaction, with the wait for a connection: handlers and their clients wait little longer."""
_ABANDONED_AFTER_MS = 10_000
"""PostgreSQL ends the session of a server that froze, or was cut off, in a transaction and holds locks."""
_PROBE_BYTES = 64 * 1024
_WRITES = "parlor_writes"


def database_name(url: str, data_dir: Path) -> str:
    """A name without user and password. It stays the same if a folder with its database in it is moved."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return f"{parsed.host}:{parsed.port or 5432}/{parsed.database}"
    path = Path(str(parsed.database)).resolve()
    folder = data_dir.resolve()
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_posix()


class Database:
    """`url` is SQLAlchemy's (`sqlite+aiosqlite:///...`, `postgresql+asyncpg://...`).

    libpq's option `sslmode` is taken for asyncpg's `ssl`.

    Every use raises Unavailable while the database cannot serve, at the latest after `limit_s`; the log
    has the cause. Raises StartupError if the driver is not installed.
    """

    def __init__(self, url: str, limit_s: float = _LIMIT_S) -> None:
        parsed = _with_ssl(make_url(url))
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self._limit_s = limit_s
        self._failures = Failures()
        self._has_started = False
        is_file = self.is_sqlite and parsed.database not in (None, "", ":memory:")
        # Resolved: two names of one file must be one lock.
        self._file = Path(str(parsed.database)).resolve() if is_file else None
        self._lock = FileLock(self._file.with_name(f"{self._file.name}.lock")) if self._file else None
        self._sqlite = SqliteConnections()
        options: dict[str, Any] = {"pool_pre_ping": True, "connect_args": {"timeout": _CONNECT_WITHIN_S}}
        if self.is_sqlite:
            # SQLite has one writer at a time: more connections would only be more threads.
            options = {"pool_size": 3, "max_overflow": 0} if self._file else {}
            options["connect_args"] = {"async_creator_fn": self._sqlite.open}
        try:
            self._engine = create_async_engine(parsed, hide_parameters=True, **options)
        except ModuleNotFoundError as error:
            raise StartupError(f"PARLOR_DATABASE_URL needs the package {error.name}") from error
        prepare = _prepare_sqlite if self.is_sqlite else _prepare_postgresql
        event.listen(self._engine.sync_engine, "connect", prepare)
        if self.is_sqlite:
            event.listen(self._engine.sync_engine, "begin", _begin_sqlite)

    async def start(self) -> None:
        """Create the folder of the file, lock it, and bring the tables up to date. Raises StartupError."""
        try:
            self._lock_file()
            async with self.change_tables() as connection:
                await connection.run_sync(upgrade)
            self._has_started = True
        except (Unavailable, OSError, DBAPIError) as error:
            source = error.__cause__ if isinstance(error, Unavailable) and error.__cause__ else error
            cause = cause_of(source) or str(getattr(source, "orig", source)).partition("\n")[0]
            raise StartupError(f"the database cannot be used: {cause}") from error

    async def aclose(self) -> None:
        try:
            await self._engine.dispose()
            await self._sqlite.ended()
        finally:
            if self._lock is not None:
                self._lock.release()

    async def probe(self) -> None:
        """Write, as a server that is ready can. Raises Unavailable."""
        async with self.write() as connection:
            # The value differs, so that PostgreSQL and SQLite have something to write.
            await upsert(connection, settings, {"name": "probe", "value": secrets.token_hex(8)})
        if self._file is None:
            return
        try:
            await asyncio.to_thread(_write_and_delete, self._file.with_name(f".{self._file.name}.probe"))
        except OSError as error:
            self._failures.failed(str(error))
            raise Unavailable from error

    async def empty_log(self) -> bool:
        """Write SQLite's log (WAL) into its file, and cut the log to nothing: it would keep deleted rows
        until it is written over, for days on a quiet server. False while another connection needs the log.
        Raises Unavailable."""
        if self._file is None:
            return True
        with self._errors():
            async with asyncio.timeout(self._limit_s), self._engine.connect() as connection:
                driver: Any = (await connection.get_raw_connection()).driver_connection
                await driver.execute(f"PRAGMA busy_timeout = {_EMPTY_WITHIN_MS}")
                try:
                    async with driver.execute("PRAGMA wal_checkpoint(TRUNCATE)") as cursor:
                        is_busy, _written, _moved = await cursor.fetchone()
                finally:
                    await driver.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")
        return not is_busy

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[AsyncConnection]:
        """A transaction that only reads; on SQLite it never waits for a writer."""
        async with self._transaction(writes=False, limit_s=self._limit_s) as connection:
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[AsyncConnection]:
        """A transaction, committed unless the block raises."""
        async with self._transaction(writes=True, limit_s=self._limit_s) as connection:
            yield connection

    @asynccontextmanager
    async def change_tables(self) -> AsyncGenerator[AsyncConnection]:
        """A transaction for migrations, without a limit of time. SQLite changes a table by replacing it with
        a copy, and dropping the old one would delete all rows that refer to it: here it enforces no
        references."""
        references = not self.is_sqlite
        async with self._transaction(writes=True, limit_s=None, references=references) as connection:
            yield connection

    @asynccontextmanager
    async def lock(self, name: str) -> AsyncGenerator[bool]:
        """Whether this server alone has the lock of that name while the block runs; never waits for another
        one. A SQLite file has one server. Raises Unavailable.

        The lock belongs to a connection of its own, whose end gives it up: no transaction is open meanwhile.
        """
        if self.is_sqlite:
            yield True
            return
        async with AsyncExitStack() as stack:
            with self._errors():
                async with asyncio.timeout(self._limit_s):
                    connection = await stack.enter_async_context(self._engine.connect())
                    stack.push_async_callback(connection.invalidate)
                    await connection.execution_options(isolation_level="AUTOCOMMIT")
                    taken = select(func.pg_try_advisory_lock(_lock_key(name)))
                    is_alone = bool((await connection.execute(taken)).scalar_one())
            yield is_alone

    def _lock_file(self) -> None:
        """Raises OSError, StartupError."""
        if self._file is None or self._lock is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        if self._file.is_dir():
            raise StartupError(f"the database cannot be used: {self._file} is a folder")
        if not self._lock.acquire():
            raise StartupError(
                f"another server uses the database {self._file}; several servers need PostgreSQL"
            )
        # Each name of a file would have a lock and a write-ahead log of its own: SQLite damages such a file.
        if self._file.exists() and self._file.stat().st_nlink > 1:
            raise StartupError(
                f"the database {self._file} has another name (a hard link), under which another server may"
                " use it; remove one of the names"
            )

    @asynccontextmanager
    async def _transaction(
        self, *, writes: bool, limit_s: float | None, references: bool = True
    ) -> AsyncGenerator[AsyncConnection]:
        with self._errors():
            # SQLAlchemy closes a connection whose statement was cancelled.
            async with (
                asyncio.timeout(limit_s),
                self._engine.connect() as connection,
                _enforcing(connection, references),
            ):
                await connection.execution_options(**{_WRITES: writes})
                async with connection.begin():
                    yield connection

    @contextmanager
    def _errors(self) -> Generator[None]:
        """Raises Unavailable for errors that mean that the database cannot serve."""
        try:
            yield
        except Exception as error:
            cause = cause_of(error)
            if cause is None:
                raise
            if self._has_started:  # whoever starts the server reads the cause in the error
                self._failures.failed(cause)
            raise Unavailable from error
        self._failures.served()


def _lock_key(name: str) -> int:
    """PostgreSQL names its advisory locks by 64 bits."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)


def _with_ssl(url: URL) -> URL:
    if "sslmode" not in url.query:
        return url
    renamed = {"ssl" if name == "sslmode" else name: value for name, value in url.query.items()}
    return url.set(query=renamed)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver would begin a transaction late, and never before DDL. None leaves that to us.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {_BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        # SQLite overwrites deleted rows: those of a deleted profile would stay in the file for long.
        "secure_delete = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _prepare_postgresql(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    # Not a parameter of the connection: PgBouncer refuses those that it does not know.
    cursor.execute(f"SET idle_in_transaction_session_timeout = {_ABANDONED_AFTER_MS}")
    cursor.close()


@asynccontextmanager
async def _enforcing(connection: AsyncConnection, references: bool) -> AsyncGenerator[None]:
    """SQLite changes this between transactions only, so that the driver has to be told."""
    if references:
        yield
        return
    driver: Any = (await connection.get_raw_connection()).driver_connection
    await driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        await driver.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads and then writes fails at once if another wrote meanwhile, whatever the busy
    # timeout. A transaction that will write therefore takes the lock at its start and waits for it.
    writes = connection.get_execution_options().get(_WRITES, True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _write_and_delete(path: Path) -> None:
    """Raises OSError. SQLite may write over old parts of its log for a while after the disk is full."""
    try:
        path.write_bytes(bytes(_PROBE_BYTES))
    finally:
        path.unlink(missing_ok=True)
