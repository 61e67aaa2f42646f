"""Decisions that hold are found by two indexes: those for good, whose number only grows, newest first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_MAY_HOLD = "undone_at IS NULL AND acknowledged_at IS NULL"


def upgrade() -> None:
    # The index before has both kinds, and SQLite would read and sort all of them for a page.
    op.drop_index("ix_sanctions_until_open", "sanctions")
    _create("ix_sanctions_at_id_for_good", ["at", "id"], f"{_MAY_HOLD} AND until IS NULL")
    _create("ix_sanctions_until_for_a_time", ["until"], f"{_MAY_HOLD} AND until IS NOT NULL")


def downgrade() -> None:
    op.drop_index("ix_sanctions_until_for_a_time", "sanctions")
    op.drop_index("ix_sanctions_at_id_for_good", "sanctions")
    _create("ix_sanctions_until_open", ["until"], _MAY_HOLD)


def _create(name: str, columns: list[str], only: str) -> None:
    op.create_index(name, "sanctions", columns, sqlite_where=sa.text(only), postgresql_where=sa.text(only))
