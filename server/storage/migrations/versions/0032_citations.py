"""The passages of documents that a tutor's message draws on, and the knowledge base of a conversation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversations", sa.Column("knowledge_base_id", sa.String(64)))
    op.create_table(
        "message_passages",
        sa.Column("message_id", sa.String(64), nullable=False),
        sa.Column("document_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("message_id", "document_id", "number", name="pk_message_passages"),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name="fk_message_passages_message_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_message_passages_document_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_message_passages_document_id", "message_passages", ["document_id"])


def downgrade() -> None:
    op.drop_table("message_passages")
    with op.batch_alter_table("conversations") as batch:
        batch.drop_column("knowledge_base_id")
