"""Add rooms at a set time: events, their occurrences, places, reminders and calendars."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rooms", sa.Column("event", sa.JSON()))
    op.create_table(
        "events",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("host_id", sa.String(64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("level", sa.String(2), nullable=False),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("waiting_room", sa.Boolean(), nullable=False),
        sa.Column("opens_alone", sa.Boolean(), nullable=False),
        sa.Column("start", sa.String(16), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("rule", sa.JSON()),
        sa.Column("invite", sa.String(64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("changed_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        _of("events", "host_id", "users"),
    )
    op.create_index("ix_events_host_id", "events", ["host_id"])
    op.create_table(
        "event_occurrences",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("event_id", sa.String(64), nullable=False),
        sa.Column("planned", sa.String(16), nullable=False),
        sa.Column("start", sa.String(16), nullable=False),
        sa.Column("starts_at", sa.Double(), nullable=False),
        sa.Column("ends_at", sa.Double(), nullable=False),
        sa.Column("changed_at", sa.Double(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("topic", sa.Text()),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.String(64)),
        sa.Column("called_at", sa.Double()),
        sa.PrimaryKeyConstraint("id", name="pk_event_occurrences"),
        _of("event_occurrences", "event_id", "events"),
    )
    op.create_index("ix_event_occurrences_event_id_starts_at", "event_occurrences", ["event_id", "starts_at"])
    op.create_index("ix_event_occurrences_starts_at_id", "event_occurrences", ["starts_at", "id"])
    op.create_table(
        "registrations",
        sa.Column("occurrence_id", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("place", sa.String(16), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("occurrence_id", "user_id", name="pk_registrations"),
        _of("registrations", "occurrence_id", "event_occurrences"),
        _of("registrations", "user_id", "users"),
    )
    op.create_index(
        "ix_registrations_occurrence_id_place_at", "registrations", ["occurrence_id", "place", "at"]
    )
    op.create_index("ix_registrations_user_id", "registrations", ["user_id"])
    op.create_table(
        "reminders",
        sa.Column("occurrence_id", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("due_at", sa.Double(), nullable=False),
        sa.Column("sent_at", sa.Double()),
        sa.PrimaryKeyConstraint("occurrence_id", "user_id", "kind", name="pk_reminders"),
        _of("reminders", "occurrence_id", "event_occurrences"),
        _of("reminders", "user_id", "users"),
    )
    op.create_index("ix_reminders_sent_at_due_at", "reminders", ["sent_at", "due_at"])
    op.create_index("ix_reminders_user_id", "reminders", ["user_id"])
    op.create_table(
        "calendar_feeds",
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_calendar_feeds"),
        sa.UniqueConstraint("digest", name="uq_calendar_feeds_digest"),
        _of("calendar_feeds", "user_id", "users"),
    )


def _of(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    for table in ("calendar_feeds", "reminders", "registrations", "event_occurrences", "events"):
        op.drop_table(table)
    with op.batch_alter_table("rooms") as batch:
        batch.drop_column("event")
