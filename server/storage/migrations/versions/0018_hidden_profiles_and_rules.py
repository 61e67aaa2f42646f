"""Add hidden profiles, accepted house rules, and the role of moderators, to users."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("is_hidden", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("users", sa.Column("rules_accepted_at", sa.Double()))
    op.add_column("users", sa.Column("role", sa.String(16)))


def downgrade() -> None:
    with op.batch_alter_table("users") as batch:
        for column in ("role", "rules_accepted_at", "is_hidden"):
            batch.drop_column(column)
