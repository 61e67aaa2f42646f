"""The connection pool, its transactions and the migrations, on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, event, make_url, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from server.errors import Unavailable

_MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 0x5041524C  # any number, the same in every node
_BUSY_TIMEOUT_MS = 5_000
_WRITES = "parlor_writes"


class Database:
    """`url` is SQLAlchemy's (`sqlite+aiosqlite:///...`, `postgresql+asyncpg://...`).

    Every use raises Unavailable while the database cannot be reached.
    """

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self._file = Path(parsed.database) if self.is_sqlite and parsed.database else None
        # SQLite has one writer at a time: more connections would only be more threads.
        pool = {"pool_size": 3, "max_overflow": 0} if self._file else {"pool_pre_ping": not self.is_sqlite}
        self._engine = create_async_engine(parsed, hide_parameters=True, **pool)
        if self.is_sqlite:
            event.listen(self._engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self._engine.sync_engine, "begin", _begin_sqlite)

    async def start(self) -> None:
        """Create the folder of the file and bring the tables up to date."""
        if self._file:
            self._file.parent.mkdir(parents=True, exist_ok=True)
        async with self.change_tables() as connection:
            await connection.run_sync(upgrade)

    async def aclose(self) -> None:
        await self._engine.dispose()

    async def ping(self) -> None:
        async with self.read() as connection:
            await connection.execute(text("SELECT 1"))

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[AsyncConnection]:
        """A transaction that only reads; on SQLite it never waits for a writer."""
        async with self._transaction(writes=False) as connection:
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[AsyncConnection]:
        """A transaction, committed unless the block raises."""
        async with self._transaction(writes=True) as connection:
            yield connection

    @asynccontextmanager
    async def change_tables(self) -> AsyncGenerator[AsyncConnection]:
        """A transaction for migrations. SQLite changes a table by replacing it with a copy, and dropping the
        old one would delete all rows that refer to it: here it enforces no references."""
        async with self._transaction(writes=True, references=not self.is_sqlite) as connection:
            yield connection

    @asynccontextmanager
    async def _transaction(self, *, writes: bool, references: bool = True) -> AsyncGenerator[AsyncConnection]:
        try:
            async with self._engine.connect() as connection, _enforcing(connection, references):
                await connection.execution_options(**{_WRITES: writes})
                async with connection.begin():
                    yield connection
        except (OperationalError, InterfaceError, PoolTimeout, OSError) as error:
            raise Unavailable from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise Unavailable from error
            raise


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver would begin a transaction late, and never before DDL. None leaves that to us.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {_BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
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


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the tables up to date, in a transaction of `change_tables`: all migrations apply or none."""
    if connection.dialect.name == "postgresql":
        # Several nodes may start at once. On SQLite the writer's lock has the same effect.
        connection.execute(text("SELECT pg_advisory_xact_lock(:id)"), {"id": _MIGRATION_LOCK})
    command.upgrade(alembic_config(connection), revision)


def alembic_config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config
