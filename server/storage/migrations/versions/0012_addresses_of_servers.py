"""Add the addresses of servers that share their rooms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("nodes", sa.Column("url", sa.Text()))
    op.add_column("nodes", sa.Column("internal_url", sa.Text()))


def downgrade() -> None:
    with op.batch_alter_table("nodes") as batch:
        batch.drop_column("internal_url")
        batch.drop_column("url")
