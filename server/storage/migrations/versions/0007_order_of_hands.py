"""Store when a hand was raised instead of that it is, so that the order of hands survives a restart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_SEATS = sa.table(
    "seats",
    sa.column("joined_at", sa.Double()),
    sa.column("hand_raised", sa.Boolean()),
    sa.column("hand_raised_at", sa.Double()),
)


def upgrade() -> None:
    op.add_column("seats", sa.Column("hand_raised_at", sa.Double()))
    # The order was not stored: those who came first are first.
    op.execute(
        _SEATS.update().where(_SEATS.c.hand_raised.is_(True)).values(hand_raised_at=_SEATS.c.joined_at)
    )
    with op.batch_alter_table("seats") as batch:
        batch.drop_column("hand_raised")


def downgrade() -> None:
    op.add_column("seats", sa.Column("hand_raised", sa.Boolean()))
    op.execute(_SEATS.update().values(hand_raised=_SEATS.c.hand_raised_at.is_not(None)))
    with op.batch_alter_table("seats") as batch:
        batch.alter_column("hand_raised", nullable=False, existing_type=sa.Boolean())
        batch.drop_column("hand_raised_at")
