"""Add users' sessions and time zones.

Tokens that were issued before belong to a session whose id is the user's.
"""

from __future__ import annotations

import hashlib
import time

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("time_zone", sa.String(64)))
    sessions = op.create_table(
        "sessions",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_sessions"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sessions_user_id", ondelete="CASCADE"),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    users = sa.table("users", sa.column("id", sa.String()))
    now = time.time()
    rows = [
        {"digest": hashlib.sha256(user_id.encode()).hexdigest(), "user_id": user_id, "created_at": now}
        for user_id in op.get_bind().execute(sa.select(users.c.id)).scalars()
    ]
    op.bulk_insert(sessions, rows)


def downgrade() -> None:
    op.drop_index("ix_sessions_user_id", "sessions")
    op.drop_table("sessions")
    with op.batch_alter_table("users") as batch:
        batch.drop_column("time_zone")
