"""Add whether a stored message of the tutor was interrupted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("was_cut", sa.Boolean()))
    messages = sa.table("messages", sa.column("was_cut", sa.Boolean()))
    op.execute(messages.update().values(was_cut=False))  # unknown for messages that were stored before
    with op.batch_alter_table("messages") as batch:
        batch.alter_column("was_cut", nullable=False, existing_type=sa.Boolean())


def downgrade() -> None:
    with op.batch_alter_table("messages") as batch:
        batch.drop_column("was_cut")
