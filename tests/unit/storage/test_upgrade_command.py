from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from server.rooms.model import User
from server.storage import Database, SqlUserStore
from server.storage.__main__ import main
from server.storage.schema import alembic_config


def test_the_command_makes_and_keeps_the_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # away from any .env
    monkeypatch.setenv("PARLOR_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("PARLOR_DATABASE_URL", raising=False)
    newest = ScriptDirectory.from_config(alembic_config()).get_current_head()
    main(["upgrade"])
    asyncio.run(_add_a_user(f"sqlite+aiosqlite:///{tmp_path / 'data' / 'parlor.db'}"))
    main(["upgrade"])
    with closing(sqlite3.connect(tmp_path / "data" / "parlor.db")) as database:
        assert database.execute("SELECT name FROM users").fetchall() == [("Ann",)]
        assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [(newest,)]
        assert database.execute("PRAGMA journal_mode").fetchall() == [("wal",)]


async def _add_a_user(url: str) -> None:
    database = Database(url)
    await SqlUserStore(database).add_user(User("u1", "Ann", "a", 1.0))
    await database.aclose()
