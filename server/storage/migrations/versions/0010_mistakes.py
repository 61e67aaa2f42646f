"""Add mistakes and their reviews. Corrections that were stored before are filed when their learner looks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mistakes",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("category", sa.String(32), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("right", sa.Text(), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("right_reviews", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.Double(), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer()),
        sa.Column("stability", sa.Double()),
        sa.Column("difficulty", sa.Double()),
        sa.Column("reviewed_at", sa.Double()),
        sa.PrimaryKeyConstraint("id", name="pk_mistakes"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_mistakes_user_id", ondelete="CASCADE"),
        sa.UniqueConstraint("user_id", "key", name="uq_mistakes_user_id_key"),
    )
    op.create_index("ix_mistakes_user_id_due_at", "mistakes", ["user_id", "due_at"])
    op.create_table(
        "mistake_sentences",
        sa.Column("correction_id", sa.String(64), nullable=False),
        sa.Column("mistake_id", sa.String(64)),
        sa.PrimaryKeyConstraint("correction_id", name="pk_mistake_sentences"),
        sa.ForeignKeyConstraint(
            ["correction_id"],
            ["corrections.id"],
            name="fk_mistake_sentences_correction_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["mistake_id"], ["mistakes.id"], name="fk_mistake_sentences_mistake_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_mistake_sentences_mistake_id", "mistake_sentences", ["mistake_id"])


def downgrade() -> None:
    op.drop_table("mistake_sentences")
    op.drop_table("mistakes")
