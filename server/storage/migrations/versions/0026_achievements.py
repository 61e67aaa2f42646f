"""Add achievements, weeks, speech and people in rooms, and time zones that people chose."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "users", sa.Column("zone_is_chosen", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("progress", sa.Column("starts_at", sa.Double()))
    op.add_column("progress", sa.Column("together_s", sa.Double(), nullable=False, server_default="0"))
    op.add_column("progress", sa.Column("mended", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("progress", sa.Column("people", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_progress_day", "progress", ["day"])
    op.create_table(
        "achievements",
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "name", name="pk_achievements"),
        _user("achievements", "user_id"),
    )
    op.create_table(
        "learner_weeks",
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("monday", sa.String(10), nullable=False),
        sa.Column("goal_reached", sa.Boolean(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "monday", name="pk_learner_weeks"),
        _user("learner_weeks", "user_id"),
    )


def _user(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], ["users.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    for table in ("learner_weeks", "achievements"):
        op.drop_table(table)
    op.drop_index("ix_progress_day", "progress")
    with op.batch_alter_table("progress") as batch:
        for column in ("people", "mended", "together_s", "starts_at"):
            batch.drop_column(column)
    with op.batch_alter_table("users") as batch:
        batch.drop_column("zone_is_chosen")
