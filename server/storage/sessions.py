"""Users' sessions, one for each device on which they signed in."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from server.accounts.model import MAX_SESSIONS
from server.errors import UserNotFound
from server.storage.database import Database
from server.storage.sanctions import is_kept_out
from server.storage.tables import sessions


class SqlSessionStore:
    """The SessionStore of `server.sessions`."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    async def add_session(
        self, session_digest: str, user_id: str, now: float, device: str = "", device_digest: str = ""
    ) -> Sequence[str]:
        """Raises UserNotFound."""
        row = {
            "device_digest": device_digest or None,
            "digest": session_digest,
            "user_id": user_id,
            "created_at": now,
            "device": device,
            "seen_at": now,
        }
        try:
            async with self._database.write() as connection:
                await connection.execute(insert(sessions).values(row))
                return await _end_unused(connection, user_id)
        except IntegrityError as error:
            raise UserNotFound from error

    async def has_session(self, session_digest: str, user_id: str) -> bool:
        this = (sessions.c.digest == session_digest, sessions.c.user_id == user_id)
        statement = select(sessions.c.digest).where(*this, ~is_kept_out(self._clock()))
        async with self._database.read() as connection:
            return (await connection.execute(statement)).first() is not None

    async def device_of(self, session_digest: str, user_id: str) -> str | None:
        this = (sessions.c.digest == session_digest, sessions.c.user_id == user_id)
        async with self._database.read() as connection:
            row = (await connection.execute(select(sessions.c.device_digest).where(*this))).first()
        return None if row is None else row[0] or ""

    async def session_seen(
        self, session_digest: str, now: float, at_most_every_s: float, device_digest: str = ""
    ) -> None:
        this = sessions.c.digest == session_digest
        async with self._database.read() as connection:
            seen_at = await connection.scalar(select(sessions.c.seen_at).where(this))
        if seen_at is None or now - seen_at < at_most_every_s:
            return
        async with self._database.write() as connection:
            device = {"device_digest": device_digest} if device_digest else {}
            await connection.execute(update(sessions).where(this).values(seen_at=now, **device))

    async def delete_sessions(
        self, user_id: str, only: str | None = None, keep: str | None = None
    ) -> Sequence[str]:
        which = [sessions.c.user_id == user_id]
        if only is not None:
            which.append(sessions.c.digest == only)
        if keep is not None:
            which.append(sessions.c.digest != keep)
        async with self._database.write() as connection:
            ended = delete(sessions).where(*which).returning(sessions.c.digest)
            digests: Sequence[str] = (await connection.execute(ended)).scalars().all()
        return digests


async def _end_unused(connection: AsyncConnection, user_id: str) -> Sequence[str]:
    """Delete the user's sessions beyond MAX_SESSIONS, those that were used longest ago, and return them."""
    own = select(sessions.c.digest).where(sessions.c.user_id == user_id)
    newest = own.order_by(sessions.c.seen_at.desc(), sessions.c.created_at.desc(), sessions.c.digest)
    beyond = (await connection.execute(newest.offset(MAX_SESSIONS))).scalars().all()
    if beyond:
        await connection.execute(delete(sessions).where(sessions.c.digest.in_(beyond)))
    return beyond
