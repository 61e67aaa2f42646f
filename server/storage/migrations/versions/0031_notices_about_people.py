"""Name the person whom a notice is about: it goes with their profile. Those of before, and of servers of the
version before that run on, are found by their text (`name_notices_about`). Note which events were told to be
paused."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        reference = sa.ForeignKey("users.id", name="fk_notices_about_id", ondelete="CASCADE")
        with op.batch_alter_table("notices") as batch:
            batch.add_column(sa.Column("about_id", sa.String(64), reference))
    else:  # in one statement, which only adds
        inline = "CONSTRAINT fk_notices_about_id REFERENCES users (id) ON DELETE CASCADE"
        op.execute(f"ALTER TABLE notices ADD COLUMN about_id VARCHAR(64) {inline}")
    op.create_index("ix_notices_about_id", "notices", ["about_id"])
    op.add_column("events", sa.Column("paused_at", sa.Double()))
    op.create_index("ix_events_paused_at", "events", ["paused_at"])


def downgrade() -> None:
    op.drop_index("ix_events_paused_at", "events")
    with op.batch_alter_table("events") as batch:
        batch.drop_column("paused_at")
    op.drop_index("ix_notices_about_id", "notices")
    with op.batch_alter_table("notices") as batch:
        batch.drop_constraint("fk_notices_about_id", type_="foreignkey")
        batch.drop_column("about_id")
