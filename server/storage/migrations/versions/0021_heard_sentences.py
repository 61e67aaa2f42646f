"""Which sentences of which classes each person has heard."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "heard_sentences",
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("course_id", sa.String(64), nullable=False),
        sa.Column("module_index", sa.Integer, nullable=False),
        sa.Column("sub_topic_index", sa.Integer, nullable=False),
        sa.Column("sentence", sa.Integer, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_heard_sentences_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "user_id", "course_id", "module_index", "sub_topic_index", "sentence", name="pk_heard_sentences"
        ),
    )


def downgrade() -> None:
    op.drop_table("heard_sentences")
