"""Add what the tutor remembers of a learner, words with their reviews, and goals of a week."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "learner_settings",
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("remembers", sa.Boolean(), nullable=False),
        sa.Column("goals", sa.JSON(), nullable=False),
        sa.Column("forgotten_at", sa.Double(), nullable=False),
        sa.Column("week_goal", sa.String(16)),
        sa.Column("week_target", sa.Integer()),
        sa.PrimaryKeyConstraint("user_id", name="pk_learner_settings"),
        _users("learner_settings"),
    )
    op.create_table(
        "talk_notes",
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "conversation_id", name="pk_talk_notes"),
        _users("talk_notes"),
        _conversations("talk_notes"),
    )
    op.create_table(
        "words",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("key", sa.String(160), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("meaning", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.String(64)),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("right_reviews", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.Double(), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer()),
        sa.Column("stability", sa.Double()),
        sa.Column("difficulty", sa.Double()),
        sa.Column("reviewed_at", sa.Double()),
        sa.PrimaryKeyConstraint("id", name="pk_words"),
        _users("words"),
        _conversations("words"),
        sa.UniqueConstraint("user_id", "language", "key", name="uq_words_user_id_language_key"),
    )
    op.create_index("ix_words_user_id_due_at", "words", ["user_id", "due_at"])
    op.create_index("ix_words_conversation_id", "words", ["conversation_id"])


def downgrade() -> None:
    op.drop_table("words")
    op.drop_table("talk_notes")
    op.drop_table("learner_settings")


def _users(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_user_id"
    return sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=name, ondelete="CASCADE")


def _conversations(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_conversation_id"
    return sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=name, ondelete="CASCADE")
