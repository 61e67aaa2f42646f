"""Add devices that get messages (Web Push), the messages to them, and quiet hours."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notice_settings", sa.Column("push_off", sa.JSON()))
    op.add_column("notice_settings", sa.Column("quiet_start", sa.Integer()))
    op.add_column("notice_settings", sa.Column("quiet_end", sa.Integer()))
    op.create_table(
        "push_subscriptions",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("session_digest", sa.String(64), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("p256dh", sa.LargeBinary(), nullable=False),
        sa.Column("auth", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_push_subscriptions"),
        sa.UniqueConstraint("session_digest", name="uq_push_subscriptions_session_digest"),
        _of("push_subscriptions", "user_id", "users.id"),
        _of("push_subscriptions", "session_digest", "sessions.digest"),
    )
    op.create_index(
        "ix_push_subscriptions_user_id_created_at", "push_subscriptions", ["user_id", "created_at"]
    )
    op.create_table(
        "push_messages",
        sa.Column("notice_id", sa.String(64), nullable=False),
        sa.Column("subscription_id", sa.String(64), nullable=False),
        sa.Column("due_at", sa.Double(), nullable=False),
        sa.Column("until", sa.Double(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("notice_id", "subscription_id", name="pk_push_messages"),
        _of("push_messages", "notice_id", "notices.id"),
        _of("push_messages", "subscription_id", "push_subscriptions.id"),
    )
    op.create_index("ix_push_messages_due_at", "push_messages", ["due_at"])
    op.create_index("ix_push_messages_subscription_id", "push_messages", ["subscription_id"])


def _of(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [other], name=f"fk_{table}_{column}", ondelete="CASCADE")


def downgrade() -> None:
    op.drop_table("push_messages")
    op.drop_table("push_subscriptions")
    with op.batch_alter_table("notice_settings") as batch:
        for column in ("push_off", "quiet_start", "quiet_end"):
            batch.drop_column(column)
