"""People's profiles."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.exc import IntegrityError

from server.errors import Conflict, UserNotFound
from server.rooms.model import User
from server.storage.database import Database
from server.storage.tables import users


class SqlUserStore:
    """The UserStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_user(self, user: User) -> None:
        """Raises Conflict where the id is taken."""
        try:
            async with self._database.write() as connection:
                await connection.execute(insert(users).values(**asdict(user)))
        except IntegrityError as error:
            raise Conflict from error

    async def get_user(self, user_id: str) -> User | None:
        async with self._database.read() as connection:
            row = (await connection.execute(select(users).where(users.c.id == user_id))).mappings().first()
        return None if row is None else user_of(row)

    async def update_user(self, user: User) -> None:
        """Raises UserNotFound."""
        values: dict[str, Any] = asdict(user)
        async with self._database.write() as connection:
            result = await connection.execute(update(users).where(users.c.id == user.id).values(**values))
        if result.rowcount == 0:
            raise UserNotFound


def user_of(row: RowMapping) -> User:
    return User(**row)
