"""What is kept. Times are seconds since the epoch. Change a table here and add a migration beside it."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData(
    # Names that migrations can rely on: SQLite leaves constraints unnamed, PostgreSQL makes up its own.
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

users = Table(
    "users",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("avatar", Text, nullable=False),
    Column("native_language", String(16)),
    Column("level", String(2)),
    Column("country", String(2)),
    Column("created_at", Double, nullable=False),
    # When the last token was given out: who lets it expire cannot come back.
    Column("seen_at", Double, nullable=False),
    Index(None, "seen_at"),
)

rooms = Table(
    "rooms",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("level", String(2), nullable=False),
    Column("type", String(16), nullable=False),
    Column("language", String(16), nullable=False),
    Column("max_participants", Integer, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("host_id", String(64), nullable=False),
    Column("created_at", Double, nullable=False),
    Column("invite", String(128), nullable=False),
    Column("is_locked", Boolean, nullable=False),
    Column("banned", JSON, nullable=False),
)

# No foreign key to users: the tutor has a seat and no profile.
seats = Table(
    "seats",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("room_id", String(64), ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("number", Integer, nullable=False),
    Column("resume_digest", String(64), nullable=False),
    Column("is_muted", Boolean, nullable=False),
    Column("joined_at", Double, nullable=False),
    Column("hand_raised", Boolean, nullable=False),
    Index(None, "room_id"),
)

# Of the server itself, where a change at run time has to outlive it.
settings = Table(
    "settings",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", JSON, nullable=False),
)
