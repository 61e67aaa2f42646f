"""Users' ways to sign in: passkeys, identities and recovery codes; their sessions as they see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from server.accounts.model import Deleted, Identity, Passkey, SessionOf, StoredSession
from server.errors import LastSignIn, NotAGuest, NotFound, SignInTaken, TooManySignIns
from server.storage.account_end import delete_user, end_sessions
from server.storage.account_merge import merge
from server.storage.database import Database
from server.storage.locks import lock_person
from server.storage.push import move_subscription
from server.storage.tables import identities, passkeys, recovery_codes, sessions


class SqlAccountStore:
    """The AccountStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_passkey(self, passkey: Passkey, most: int) -> None:
        await self._add(passkeys, asdict(passkey), most)

    async def find_passkey(self, credential_id: str) -> Passkey | None:
        found = await self._rows(passkeys, passkeys.c.credential_id == credential_id)
        return Passkey(**found[0]) if found else None

    async def passkey_used(self, passkey: Passkey, sign_count: int, now: float) -> bool:
        used = (
            update(passkeys)
            .where(passkeys.c.id == passkey.id, passkeys.c.sign_count == passkey.sign_count)
            .values(sign_count=sign_count, used_at=now)
        )
        async with self._database.write() as connection:
            return (await connection.execute(used)).rowcount > 0

    async def passkeys_of(self, user_id: str) -> Sequence[Passkey]:
        return [Passkey(**row) for row in await self._rows(passkeys, passkeys.c.user_id == user_id)]

    async def add_identity(self, identity: Identity, most: int) -> None:
        known = await self.find_identity(identity.issuer, identity.subject)
        if known is None:
            await self._add(identities, asdict(identity), most)
        elif known.user_id != identity.user_id:
            raise SignInTaken

    async def find_identity(self, issuer: str, subject: str) -> Identity | None:
        found = await self._rows(identities, identities.c.issuer == issuer, identities.c.subject == subject)
        return Identity(**found[0]) if found else None

    async def identities_of(self, user_id: str) -> Sequence[Identity]:
        return [Identity(**row) for row in await self._rows(identities, identities.c.user_id == user_id)]

    async def remove_sign_in(self, user_id: str, sign_in_id: str) -> None:
        async with self._database.write() as connection:
            await lock_person(connection, user_id)
            removed = 0
            for table in (passkeys, identities):
                this = delete(table).where(table.c.id == sign_in_id, table.c.user_id == user_id)
                removed += (await connection.execute(this)).rowcount
            if not removed:
                raise NotFound
            if not await _count(connection, user_id):
                raise LastSignIn

    async def is_guest(self, user_id: str) -> bool:
        async with self._database.read() as connection:
            return await _count(connection, user_id) == 0

    async def replace_recovery_codes(self, user_id: str, digests: Sequence[str]) -> None:
        async with self._database.write() as connection:
            await lock_person(connection, user_id)
            await connection.execute(delete(recovery_codes).where(recovery_codes.c.user_id == user_id))
            rows = [{"digest": digest, "user_id": user_id} for digest in digests]
            await connection.execute(insert(recovery_codes), rows)

    async def count_recovery_codes(self, user_id: str) -> int:
        count = select(func.count()).select_from(recovery_codes).where(recovery_codes.c.user_id == user_id)
        async with self._database.read() as connection:
            return await connection.scalar(count) or 0

    async def use_recovery_code(self, digest: str) -> str | None:
        used = delete(recovery_codes).where(recovery_codes.c.digest == digest)
        async with self._database.write() as connection:
            owner: str | None = await connection.scalar(used.returning(recovery_codes.c.user_id))
        return owner

    async def sessions_of(self, user_id: str) -> Sequence[StoredSession]:
        columns = (sessions.c.digest, sessions.c.device, sessions.c.created_at, sessions.c.seen_at)
        query = select(*columns).where(sessions.c.user_id == user_id)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        # Sessions from before these columns have none of the two.
        found = [
            StoredSession(
                row["digest"], row["device"] or "", row["created_at"], max(row["seen_at"], row["created_at"])
            )
            for row in rows
        ]
        return sorted(found, key=lambda session: -session.seen_at)

    async def merge(self, guest: SessionOf, user: SessionOf) -> Sequence[str]:
        async with self._database.write() as connection:
            # In one order, so that two merges do not deadlock.
            for locked in sorted((guest.user_id, user.user_id)):
                await lock_person(connection, locked)
            if await _count(connection, guest.user_id):
                raise NotAGuest
            await move_subscription(connection, guest.digest, user)
            ended = await end_sessions(connection, guest.user_id)
            await merge(connection, guest.user_id, user.user_id)
        return ended

    async def delete_user(self, user_id: str, now: float) -> Deleted:
        async with self._database.write() as connection:
            return await delete_user(connection, user_id, now)

    async def _add(self, table: Table, row: dict[str, Any], most: int) -> None:
        try:
            async with self._database.write() as connection:
                await lock_person(connection, row["user_id"])
                if await _count(connection, row["user_id"]) >= most:
                    raise TooManySignIns
                await connection.execute(insert(table).values(row))
        except IntegrityError as error:
            raise SignInTaken from error

    async def _rows(self, table: Table, *where: ColumnElement[bool]) -> Sequence[dict[str, Any]]:
        query = select(table).where(*where).order_by(table.c.created_at, table.c.id)
        async with self._database.read() as connection:
            return [dict(row) for row in (await connection.execute(query)).mappings()]


async def _count(connection: AsyncConnection, user_id: str) -> int:
    """Passkeys and identities of the user."""
    counts = [
        select(func.count()).select_from(table).where(table.c.user_id == user_id).scalar_subquery()
        for table in (passkeys, identities)
    ]
    return await connection.scalar(select(counts[0] + counts[1])) or 0
