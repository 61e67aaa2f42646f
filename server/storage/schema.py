"""Migrations: brings the tables of a database up to date."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from server.errors import StartupError

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x5041524C  # any number, the same in every node
_LOCK_WITHIN = "60s"
"""Longest wait for another server's migrations."""
_TABLE_WITHIN = "5s"
"""Longest wait for a table. Every query of a table waits behind a migration that waits for it. Servers end
their transactions within 4 s; a longer one is a backup's, or an operator's."""


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the tables up to date, in a transaction of `change_tables`: all migrations apply or none.

    Servers of the version before go on meanwhile and after it, so that migrations only add. Raises
    StartupError if a later version of the server has changed the tables.
    """
    if connection.dialect.name == "postgresql":
        # Several nodes may start at once. On SQLite the writer's lock has the same effect.
        connection.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_WITHIN}'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:id)"), {"id": _LOCK})
        connection.execute(text(f"SET LOCAL lock_timeout = '{_TABLE_WITHIN}'"))
    config = alembic_config(connection)
    present = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if present is not None and present not in known:
        raise StartupError(f"the database was changed by a later version of the server (to {present})")
    command.upgrade(config, revision)


def alembic_config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config
