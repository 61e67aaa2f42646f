"""Add notices to people, and what of them is to be sent on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("key", sa.String(160)),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("read_at", sa.Double()),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint("user_id", "key", name="uq_notices_user_id_key"),
        _of_user("notices"),
    )
    op.create_index("ix_notices_user_id_at", "notices", ["user_id", "at"])
    op.create_index("ix_notices_at", "notices", ["at"])
    op.create_table(
        "notice_deliveries",
        sa.Column("notice_id", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("due_at", sa.Double(), nullable=False),
        sa.Column("until", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("notice_id", "channel", name="pk_notice_deliveries"),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name="fk_notice_deliveries_notice_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_notice_deliveries_due_at", "notice_deliveries", ["due_at"])
    op.create_table(
        "notice_settings",
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("mail", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_notice_settings"),
        _of_user("notice_settings"),
    )


def _of_user(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=f"fk_{table}_user_id", ondelete="CASCADE")


def downgrade() -> None:
    for table in ("notice_settings", "notice_deliveries", "notices"):
        op.drop_table(table)
