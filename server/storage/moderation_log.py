"""Roles, and the log of what moderators did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import RowMapping, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from server.accounts.model import EMAIL
from server.errors import UserNotFound
from server.moderation.model import MODERATOR, Action, LogEntry, PersonRef, ShownEntry
from server.protocol.moderation import SanctionKind
from server.storage.database import Database
from server.storage.moderation_tables import moderation_log
from server.storage.tables import identities, users

_moderator, _target = users.alias("moderator"), users.alias("target")
_ENTRY = (
    select(
        moderation_log,
        _moderator.c.name.label("moderator"),
        _target.c.name.label("target_name"),
        _target.c.avatar.label("target_avatar"),
    )
    .outerjoin(_moderator, _moderator.c.id == moderation_log.c.moderator_id)
    .outerjoin(_target, _target.c.id == moderation_log.c.target_id)
)


class SqlModeratorStore:
    """The ModeratorStore and People ports, and what the command line does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def is_moderator(self, user_id: str) -> bool:
        query = select(users.c.role).where(users.c.id == user_id)
        async with self._database.read() as connection:
            return await connection.scalar(query) == MODERATOR

    async def person(self, user_id: str) -> PersonRef | None:
        query = select(users.c.id, users.c.name, users.c.avatar).where(users.c.id == user_id)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).first()
        return None if row is None else PersonRef(*row)

    async def log_page(self, limit: int, before: int | None) -> Sequence[ShownEntry]:
        query = _ENTRY.order_by(moderation_log.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(moderation_log.c.id < before)
        async with self._database.read() as connection:
            return [_shown(row) for row in (await connection.execute(query)).mappings()]

    async def delete_old_entries(self, before: float) -> int:
        async with self._database.write() as connection:
            gone = await connection.execute(delete(moderation_log).where(moderation_log.c.at < before))
        return gone.rowcount

    # The command line

    async def find(self, wanted: str) -> Sequence[PersonRef]:
        """People with this id, e-mail address or exact name, at most ten."""
        by_mail = select(identities.c.user_id).where(
            identities.c.issuer == EMAIL, identities.c.subject == wanted.lower()
        )
        is_wanted = (users.c.id == wanted) | (users.c.name == wanted) | users.c.id.in_(by_mail)
        query = select(users.c.id, users.c.name, users.c.avatar).where(is_wanted).order_by(users.c.created_at)
        async with self._database.read() as connection:
            return [PersonRef(*row) for row in (await connection.execute(query.limit(10))).all()]

    async def moderators(self) -> Sequence[PersonRef]:
        query = select(users.c.id, users.c.name, users.c.avatar).where(users.c.role == MODERATOR)
        async with self._database.read() as connection:
            return [PersonRef(*row) for row in (await connection.execute(query)).all()]

    async def set_moderator(self, user_id: str, now: float, *, granted: bool) -> None:
        """With an entry of the log. Raises UserNotFound."""
        role = MODERATOR if granted else None
        action = Action.GRANT if granted else Action.REVOKE
        async with self._database.write() as connection:
            done = await connection.execute(update(users).where(users.c.id == user_id).values(role=role))
            if done.rowcount == 0:
                raise UserNotFound
            entry = LogEntry(at=now, action=action, moderator_id=None, target_id=user_id)
            await add_entry(connection, entry, target_id=user_id)


async def add_entry(connection: AsyncConnection, entry: LogEntry, *, target_id: str | None) -> None:
    """`target_id`: of the person whom the entry is about."""
    await connection.execute(insert(moderation_log).values({**asdict(entry), "target_id": target_id}))


def _shown(row: RowMapping) -> ShownEntry:
    entry = LogEntry(
        at=row["at"],
        action=Action(row["action"]),
        moderator_id=row["moderator_id"],
        target_id=row["target_id"],
        kind=None if row["kind"] is None else SanctionKind(row["kind"]),
        until=row["until"],
        note=row["note"],
        report_id=row["report_id"],
        sanction_id=row["sanction_id"],
    )
    target = None
    if row["target_id"] is not None:
        target = PersonRef(row["target_id"], row["target_name"], row["target_avatar"])
    return ShownEntry(row["id"], entry, row["moderator"], target)
