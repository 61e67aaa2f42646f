"""Bring a database's tables up to date, with the migrations of this package."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

_SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 0x5041524C  # any number, the same in every node


def alembic_config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Inside the caller's transaction, so that a migration is there whole or not at all."""
    if connection.dialect.name == "postgresql":
        # Several nodes may start together; SQLite's writer lock does the same.
        connection.execute(text("SELECT pg_advisory_xact_lock(:id)"), {"id": _LOCK})
    command.upgrade(alembic_config(connection), revision)
