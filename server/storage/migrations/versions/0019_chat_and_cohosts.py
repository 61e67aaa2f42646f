"""Store the rooms' chats, their co-hosts and options."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rooms", sa.Column("cohosts", sa.JSON()))
    op.add_column("rooms", sa.Column("options", sa.JSON()))
    op.create_table(
        "chat_lines",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("room_id", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("participant_id", sa.String(64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chat_lines"),
        _goes_with("rooms", "room_id"),
        _goes_with("users", "user_id"),
    )
    op.create_index("ix_chat_lines_room_id", "chat_lines", ["room_id"])
    op.create_index("ix_chat_lines_user_id", "chat_lines", ["user_id"])


def _goes_with(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = f"fk_chat_lines_{column}"
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    op.drop_table("chat_lines")
    with op.batch_alter_table("rooms") as batch:
        batch.drop_column("options")
        batch.drop_column("cohosts")
