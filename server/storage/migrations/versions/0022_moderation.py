"""Add reports, sanctions, the marks of bans and the moderators' log; note the device of a session."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_INDEXES = {
    "reports": (("state", "at", "id"), ("reporter_id",), ("target_id", "at")),
    "report_lines": (("user_id",),),
    "sanctions": (
        ("target_id", "at"),
        ("report_id",),
        ("at", "id"),
        ("changed_at",),
        ("objected_at", "id"),
    ),
    "ban_marks": (("sanction_id",), ("user_id",), ("digest",)),
    "moderation_log": (("at",), ("moderator_id",), ("target_id",), ("sanction_id",)),
}


def upgrade() -> None:
    op.add_column("sessions", sa.Column("device_digest", sa.String(64)))
    op.create_index("ix_sessions_device_digest", "sessions", ["device_digest"])
    op.create_table(
        "reports",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("outcome", sa.String(16)),
        sa.Column("closed_at", sa.Double()),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("place", sa.String(16), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reporter_id", sa.String(64)),
        sa.Column("target_id", sa.String(64)),
        sa.Column("target_name", sa.Text(), nullable=False),
        sa.Column("room_name", sa.Text()),
        sa.Column("devices", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
        _reference("reports", "reporter_id", "users", "SET NULL"),
        _reference("reports", "target_id", "users", "SET NULL"),
    )
    op.create_table(
        "report_lines",
        sa.Column("report_id", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("is_subject", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("report_id", "position", name="pk_report_lines"),
        _reference("report_lines", "report_id", "reports", "CASCADE"),
        _reference("report_lines", "user_id", "users", "CASCADE"),
    )
    op.create_table(
        "sanctions",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("target_id", sa.String(64)),
        sa.Column("report_id", sa.String(64)),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("until", sa.Double()),
        sa.Column("address_until", sa.Double()),
        sa.Column("acknowledged_at", sa.Double()),
        sa.Column("undone_at", sa.Double()),
        sa.Column("changed_at", sa.Double(), nullable=False),
        sa.Column("objection", sa.Text(), nullable=False),
        sa.Column("objected_at", sa.Double()),
        sa.PrimaryKeyConstraint("id", name="pk_sanctions"),
        _reference("sanctions", "target_id", "users", "SET NULL"),
        _reference("sanctions", "report_id", "reports", "SET NULL"),
    )
    op.create_table(
        "ban_marks",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("sanction_id", sa.String(64), nullable=False),
        sa.Column("scope", sa.String(8), nullable=False),
        sa.Column("user_id", sa.String(64)),
        sa.Column("digest", sa.String(64)),
        sa.Column("until", sa.Double()),
        sa.PrimaryKeyConstraint("id", name="pk_ban_marks"),
        _reference("ban_marks", "sanction_id", "sanctions", "CASCADE"),
        _reference("ban_marks", "user_id", "users", "CASCADE"),
    )
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "moderation_log",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("moderator_id", sa.String(64)),
        sa.Column("target_id", sa.String(64)),
        sa.Column("kind", sa.String(8)),
        sa.Column("until", sa.Double()),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("report_id", sa.String(64)),
        sa.Column("sanction_id", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_moderation_log"),
        _reference("moderation_log", "moderator_id", "users", "SET NULL"),
        _reference("moderation_log", "target_id", "users", "SET NULL"),
    )
    for table, indexes in _INDEXES.items():
        for columns in indexes:
            op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def _reference(table: str, column: str, to: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}", ondelete=ondelete)


def downgrade() -> None:
    for table in ("moderation_log", "ban_marks", "sanctions", "report_lines", "reports"):
        op.drop_table(table)
    op.drop_index("ix_sessions_device_digest", "sessions")
    with op.batch_alter_table("sessions") as batch:
        batch.drop_column("device_digest")
