"""People who have blocked others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blocks",
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("blocked_id", sa.String(64), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "blocked_id", name="pk_blocks"),
        _user("user_id"),
        _user("blocked_id"),
    )
    op.create_index("ix_blocks_user_id_at", "blocks", ["user_id", "at"])
    op.create_index("ix_blocks_blocked_id", "blocks", ["blocked_id"])


def _user(column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["users.id"], name=f"fk_blocks_{column}", ondelete="CASCADE")


def downgrade() -> None:
    op.drop_table("blocks")
