"""Users' sessions, one for each device on which they signed in."""

from __future__ import annotations

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from server.errors import UserNotFound
from server.storage.database import Database
from server.storage.tables import sessions


class SqlSessionStore:
    """The SessionStore of `server.sessions`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_session(self, session_digest: str, user_id: str, now: float) -> None:
        """Raises UserNotFound."""
        row = {"digest": session_digest, "user_id": user_id, "created_at": now}
        try:
            async with self._database.write() as connection:
                await connection.execute(insert(sessions).values(row))
        except IntegrityError as error:
            raise UserNotFound from error

    async def has_session(self, session_digest: str, user_id: str) -> bool:
        statement = select(sessions.c.digest).where(
            sessions.c.digest == session_digest, sessions.c.user_id == user_id
        )
        async with self._database.read() as connection:
            return (await connection.execute(statement)).first() is not None

    async def delete_session(self, session_digest: str) -> None:
        async with self._database.write() as connection:
            await connection.execute(delete(sessions).where(sessions.c.digest == session_digest))
