"""Add uploaded pictures, which were files before (`server/storage/avatars.py` takes those over)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "avatars",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("image", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_avatars"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_avatars_user_id", ondelete="CASCADE"),
    )
    op.create_index("ix_avatars_user_id", "avatars", ["user_id"])


def downgrade() -> None:
    op.drop_table("avatars")
