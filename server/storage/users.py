"""Users' profiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, insert, select, update
from sqlalchemy.exc import IntegrityError

from server.errors import Conflict, UserNotFound
from server.rooms.model import User, user_of
from server.storage.database import Database
from server.storage.moderation_end import forget_in_moderation
from server.storage.notices import name_notices_about
from server.storage.tables import identities, passkeys, seats, users

PROFILE = select(*(users.c[field.name] for field in fields(User)))


class SqlUserStore:
    """The UserStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_user(self, user: User) -> None:
        """Raises Conflict if the id is taken."""
        try:
            async with self._database.write() as connection:
                await connection.execute(insert(users).values(**asdict(user), seen_at=user.created_at))
        except IntegrityError as error:
            raise Conflict from error

    async def get_user(self, user_id: str) -> User | None:
        async with self._database.read() as connection:
            row = (await connection.execute(PROFILE.where(users.c.id == user_id))).mappings().first()
        return None if row is None else user_of(dict(row))

    async def update_user(self, user: User) -> None:
        """Raises UserNotFound."""
        values: dict[str, Any] = asdict(user)
        async with self._database.write() as connection:
            result = await connection.execute(update(users).where(users.c.id == user.id).values(**values))
        if result.rowcount == 0:
            raise UserNotFound

    async def seen(self, user_id: str, now: float) -> None:
        """Note that the user got a token at `now`. An unknown id is ignored."""
        async with self._database.write() as connection:
            await connection.execute(update(users).where(users.c.id == user_id).values(seen_at=now))

    async def unseen(self, before: float, limit: int) -> Sequence[str]:
        """Ids of guests who were last seen before `before` and are in no room, the longest unseen first."""
        statement = select(users.c.id).where(_is_unseen(before)).order_by(users.c.seen_at).limit(limit)
        async with self._database.read() as connection:
            return (await connection.execute(statement)).scalars().all()

    async def delete_unseen(self, user_ids: Sequence[str], before: float) -> int:
        """Delete the users among `user_ids` that `unseen` would still list. Returns how many."""
        still = select(users.c.id).where(users.c.id.in_(user_ids), _is_unseen(before)).with_for_update()
        async with self._database.write() as connection:
            gone = (await connection.execute(still)).scalars().all()
            await forget_in_moderation(connection, gone)
            await name_notices_about(connection, gone)
            return (await connection.execute(delete(users).where(users.c.id.in_(gone)))).rowcount


def _is_unseen(before: float) -> ColumnElement[bool]:
    """Only guests: who has a way to sign in again is kept."""
    is_kept = (exists().where(table.c.user_id == users.c.id) for table in (seats, passkeys, identities))
    return and_(users.c.seen_at < before, *(~kept for kept in is_kept))
