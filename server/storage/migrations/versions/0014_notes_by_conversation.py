"""Index the notes about talks by conversation: the deletion of a conversation read all of them."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_talk_notes_conversation_id", "talk_notes", ["conversation_id"])


def downgrade() -> None:
    op.drop_index("ix_talk_notes_conversation_id", "talk_notes")
