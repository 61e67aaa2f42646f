"""Add profile cards, follows, notes on people, and people who met."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("about", sa.Text(), nullable=False, server_default=""))
    op.add_column("users", sa.Column("also_speaks", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("users", sa.Column("practises", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("users", sa.Column("presence", sa.String(16), nullable=False, server_default="nobody"))
    _pairs(
        "follows",
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("friends_at", sa.Double()),
    )
    op.create_index("ix_follows_user_id_at", "follows", ["user_id", "at", "other_id"])
    op.create_index("ix_follows_other_id_at", "follows", ["other_id", "at", "user_id"])
    op.create_index("ix_follows_user_id_friends_at", "follows", ["user_id", "friends_at", "other_id"])
    _pairs(
        "people_notes",
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
    )
    op.create_index("ix_people_notes_other_id", "people_notes", ["other_id"])
    _pairs(
        "meetings",
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("room_name", sa.Text(), nullable=False),
    )
    op.create_index("ix_meetings_user_id_at", "meetings", ["user_id", "at", "other_id"])
    op.create_index("ix_meetings_other_id", "meetings", ["other_id"])
    op.create_index("ix_meetings_at", "meetings", ["at"])


def _pairs(table: str, *columns: sa.Column[object]) -> None:
    """A table of what one user has with another."""
    op.create_table(
        table,
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("other_id", sa.String(64), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("user_id", "other_id", name=f"pk_{table}"),
        *(
            sa.ForeignKeyConstraint([name], ["users.id"], name=f"fk_{table}_{name}", ondelete="CASCADE")
            for name in ("user_id", "other_id")
        ),
    )


def downgrade() -> None:
    for table in ("meetings", "people_notes", "follows"):
        op.drop_table(table)
    with op.batch_alter_table("users") as batch:
        for column in ("presence", "practises", "also_speaks", "about"):
            batch.drop_column(column)
