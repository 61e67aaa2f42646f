"""Add the tutor of a room, the consents to be heard by it, and stored conversations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _add("users", sa.Column("keep_audio", sa.Boolean()), False)
    _add("seats", sa.Column("browser_recognition", sa.Boolean()), False)
    _add("rooms", sa.Column("unheard", sa.JSON()), [])
    op.add_column("rooms", sa.Column("tutor", sa.JSON(none_as_null=True)))
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("room_id", sa.String(64), nullable=False),
        sa.Column("room_name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("level", sa.String(2), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Double(), nullable=False),
        sa.Column("ended_at", sa.Double()),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("turn_id", sa.String(64), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("user_id", sa.String(64)),
        sa.Column("participant_id", sa.String(64)),
        sa.Column("name", sa.Text()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("speech_s", sa.Double(), nullable=False),
        sa.Column("has_audio", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        _of("messages", "conversation_id", "conversations"),
    )
    op.create_index("ix_messages_conversation_id_at", "messages", ["conversation_id", "at"])
    op.create_table(
        "message_readers",
        sa.Column("message_id", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("message_id", "user_id", name="pk_message_readers"),
        _of("message_readers", "message_id", "messages"),
        _of("message_readers", "user_id", "users"),
    )
    op.create_index(
        "ix_message_readers_user_id_conversation_id", "message_readers", ["user_id", "conversation_id"]
    )
    op.create_table(
        "corrections",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("message_id", sa.String(64)),
        sa.Column("turn_id", sa.String(64), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("corrected", sa.Text(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("category", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_corrections"),
        _of("corrections", "conversation_id", "conversations"),
        _of("corrections", "user_id", "users"),
    )
    op.create_index("ix_corrections_user_id_conversation_id", "corrections", ["user_id", "conversation_id"])
    op.create_table(
        "progress",
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("practice_s", sa.Double(), nullable=False),
        sa.Column("speaking_s", sa.Double(), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("corrections", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "day", name="pk_progress"),
        _of("progress", "user_id", "users"),
    )
    op.create_table(
        "progress_topics",
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("topic", sa.String(140), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "day", "topic", name="pk_progress_topics"),
        _of("progress_topics", "user_id", "users"),
    )


def downgrade() -> None:
    for table in (
        "progress_topics", "progress", "corrections", "message_readers", "messages", "conversations",
    ):  # fmt: skip
        op.drop_table(table)
    for table, column in (
        ("rooms", "tutor"), ("rooms", "unheard"), ("seats", "browser_recognition"), ("users", "keep_audio"),
    ):  # fmt: skip
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)


def _add(table: str, column: sa.Column[object], value: object) -> None:
    """A column that is never null, filled for the rows that are there."""
    name = column.name
    op.add_column(table, column)
    rows = sa.table(table, sa.column(name, column.type))
    op.execute(rows.update().values({name: value}))
    with op.batch_alter_table(table) as batch:
        batch.alter_column(name, nullable=False, existing_type=column.type)


def _of(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE")
