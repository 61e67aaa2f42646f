"""Store what bans hold for, whether people must knock at a room, and who was admitted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

rooms = sa.table(
    "rooms",
    sa.column("id", sa.String(64)),
    sa.column("banned", sa.JSON()),
    sa.column("bans", sa.JSON()),
    sa.column("knock_to_enter", sa.Boolean()),
    sa.column("admitted", sa.JSON()),
)
_ADDED = (("bans", sa.JSON()), ("knock_to_enter", sa.Boolean()), ("admitted", sa.JSON()))


def upgrade() -> None:
    for name, kind in _ADDED:
        op.add_column("rooms", sa.Column(name, kind))
    connection = op.get_bind()
    for room_id, banned in connection.execute(sa.select(rooms.c.id, rooms.c.banned)).all():
        bans = [_ban(user_id) for user_id in banned]
        values = rooms.update().where(rooms.c.id == room_id)
        connection.execute(values.values(bans=bans, knock_to_enter=False, admitted=[]))
    with op.batch_alter_table("rooms") as batch:
        for name, kind in _ADDED:
            batch.alter_column(name, nullable=False, existing_type=kind)
        batch.drop_column("banned")


def downgrade() -> None:
    op.add_column("rooms", sa.Column("banned", sa.JSON()))
    connection = op.get_bind()
    for room_id, bans in connection.execute(sa.select(rooms.c.id, rooms.c.bans)).all():
        banned = [ban["user_id"] for ban in bans]
        connection.execute(rooms.update().where(rooms.c.id == room_id).values(banned=banned))
    with op.batch_alter_table("rooms") as batch:
        batch.alter_column("banned", nullable=False, existing_type=sa.JSON())
        for name, _kind in _ADDED:
            batch.drop_column(name)


def _ban(user_id: str) -> dict[str, object]:
    """Names, times and browsers of earlier bans are not known."""
    return {"id": user_id, "user_id": user_id, "name": "", "at": 0.0, "device": "", "address": ""}
