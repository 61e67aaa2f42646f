"""Add the time when a user was last seen, so that guests who do not come back can be deleted."""

from __future__ import annotations

import time

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("seen_at", sa.Double()))
    users = sa.table("users", sa.column("seen_at", sa.Double()))
    op.execute(
        users.update().values(seen_at=time.time())
    )  # unknown until now, and nobody is deleted for that
    with op.batch_alter_table("users") as batch:
        batch.alter_column("seen_at", nullable=False)
        batch.create_index("ix_users_seen_at", ["seen_at"])


def downgrade() -> None:
    with op.batch_alter_table("users") as batch:
        batch.drop_index("ix_users_seen_at")
        batch.drop_column("seen_at")
