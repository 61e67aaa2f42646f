"""Add how sure the recogniser was of a stored message. Unknown for messages that were stored before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("confidence", sa.String(8)))


def downgrade() -> None:
    with op.batch_alter_table("messages") as batch:
        batch.drop_column("confidence")
