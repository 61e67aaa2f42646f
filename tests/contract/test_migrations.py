"""Migrations of a database that servers of the version before use meanwhile."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from sqlalchemy import event, text

from server.errors import StartupError
from server.storage import Database, schema
from tests.contract.storage_urls import new_database, postgres_socket

__all__ = ["postgres_socket"]

SHARED_SINCE = "0008"
"""The first revision of servers that share a database."""
_ADDS = re.compile(
    r"""CREATE\ TABLE\ | CREATE\ INDEX\ | DROP\ INDEX\ ix_ | UPDATE\ | INSERT\ |
    ALTER\ TABLE\ \w+\ ADD\ COLUMN\ (?!.*NOT\ NULL) |
    ALTER\ TABLE\ \w+\ ADD\ COLUMN\ .*DEFAULT\ .*NOT\ NULL |
    CREATE\ FUNCTION\ passage_search_base\( |
    CREATE\ TRIGGER\ passage_search_base\ BEFORE\ INSERT\ ON\ passage_search\ """,
    re.VERBOSE,
)
"""The trigger of `passage_search` adds a word to what any version writes there. Without an index whose name
begins with `ix_` a query is slower; others are unique and decide what may be stored."""
_READS = re.compile(r"SELECT |SET LOCAL |SHOW ")


@pytest.mark.parametrize(
    ("statement", "adds"),
    [
        ("CREATE TABLE words (id TEXT)", True),
        ("ALTER TABLE rooms ADD COLUMN owner VARCHAR(64)", True),
        ("ALTER TABLE rooms ADD COLUMN epoch BIGINT DEFAULT '0' NOT NULL", True),
        ("ALTER TABLE rooms ADD COLUMN bans JSON NOT NULL", False),
        ("ALTER TABLE rooms ALTER COLUMN bans SET NOT NULL", False),
        ("ALTER TABLE rooms DROP COLUMN banned", False),
        ("ALTER TABLE rooms RENAME COLUMN a TO b", False),
        ("CREATE UNIQUE INDEX i ON rooms (name)", False),
        ("DROP INDEX ix_sanctions_until_open", True),
        ("DROP INDEX uq_accounts_address", False),
        ("DROP TABLE rooms", False),
    ],
)
def test_what_a_running_server_would_trip_over_is_told_apart(statement: str, adds: bool) -> None:
    assert bool(_ADDS.match(statement)) is adds


async def test_migrations_only_add(postgres_socket: Path) -> None:
    database = Database(await new_database(postgres_socket))
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(" ".join(statement.split()))

    try:
        async with database.change_tables() as connection:
            await connection.run_sync(lambda c: schema.upgrade(c, SHARED_SINCE))
        event.listen(database._engine.sync_engine, "before_cursor_execute", note)
        await database.start()
    finally:
        await database.aclose()
    changes = [statement for statement in statements if not _READS.match(statement)]
    assert any(statement.startswith("ALTER TABLE nodes ADD COLUMN url") for statement in changes)
    assert [statement for statement in changes if not _ADDS.match(statement)] == []


async def test_a_migration_that_cannot_have_its_table_ends_and_lets_the_others_go_on(
    postgres_socket: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "_TABLE_WITHIN", "300ms")
    url = await new_database(postgres_socket)
    before, after = Database(url), Database(url)
    try:
        async with before.change_tables() as connection:
            await connection.run_sync(lambda c: schema.upgrade(c, "0011"))
        async with before.write() as connection:
            await connection.execute(text("SELECT 1 FROM nodes"))  # as a backup does, for its whole length
            started = time.monotonic()
            with pytest.raises(StartupError, match="lock timeout"):
                await after.start()
            assert time.monotonic() - started < 3.0
        await after.start()
    finally:
        await before.aclose()
        await after.aclose()
