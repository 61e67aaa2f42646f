"""Store the topics and turns of conversation clubs with their rooms; find decisions that hold."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rooms", sa.Column("club", sa.JSON()))
    may_hold = sa.text("undone_at IS NULL AND acknowledged_at IS NULL")
    op.create_index(
        "ix_sanctions_until_open", "sanctions", ["until"], sqlite_where=may_hold, postgresql_where=may_hold
    )


def downgrade() -> None:
    op.drop_index("ix_sanctions_until_open", "sanctions")
    with op.batch_alter_table("rooms") as batch:
        batch.drop_column("club")
