"""Secrets that are used once: challenges, codes and links."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, RowMapping, delete, insert, select
from sqlalchemy.exc import IntegrityError

from server.accounts.model import OneTime, Purpose
from server.errors import UserNotFound
from server.storage.database import Database
from server.storage.tables import one_time


class SqlOneTimeStore:
    """The OneTimeStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, secret: OneTime) -> None:
        row: dict[str, Any] = {
            "digest": secret.digest,
            "purpose": secret.purpose.value,
            "user_id": secret.user_id,
            "value": dict(secret.value),
            "expires_at": secret.expires_at,
        }
        earlier = delete(one_time).where(
            one_time.c.user_id == secret.user_id, one_time.c.purpose == secret.purpose.value
        )
        try:
            async with self._database.write() as connection:
                if secret.user_id is not None and secret.purpose.is_single:
                    await connection.execute(earlier)
                await connection.execute(insert(one_time).values(row))
        except IntegrityError as error:
            raise UserNotFound from error

    async def find(self, purpose: Purpose, digest: str, now: float) -> OneTime | None:
        async with self._database.read() as connection:
            row = (await connection.execute(select(one_time).where(*_is(purpose, digest)))).mappings().first()
        return _valid(row, now)

    async def take(self, purpose: Purpose, digest: str, now: float) -> OneTime | None:
        taken = delete(one_time).where(*_is(purpose, digest)).returning(one_time)
        async with self._database.write() as connection:
            row = (await connection.execute(taken)).mappings().first()
        return _valid(row, now)

    async def delete_expired(self, now: float) -> None:
        async with self._database.write() as connection:
            await connection.execute(delete(one_time).where(one_time.c.expires_at <= now))


def _is(purpose: Purpose, digest: str) -> tuple[ColumnElement[bool], ...]:
    return one_time.c.digest == digest, one_time.c.purpose == purpose.value


def _valid(row: RowMapping | None, now: float) -> OneTime | None:
    if row is None or row["expires_at"] <= now:
        return None
    return OneTime(**{**row, "purpose": Purpose(row["purpose"])})
