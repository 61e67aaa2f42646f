"""Uploaded pictures. They are small, and every node needs all of them."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from server.errors import UserNotFound
from server.storage.database import Database
from server.storage.tables import avatars, users
from server.storage.upsert import insert_new

_log = logging.getLogger(__name__)


class SqlAvatarStore:
    """The AvatarStore port. A name has the digest of its picture, so what it names never changes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, name: str, user_id: str, image: bytes) -> None:
        """Raises UserNotFound."""
        try:
            async with self._database.write() as connection:
                await insert_new(connection, avatars, {"name": name, "user_id": user_id, "image": image})
        except IntegrityError as error:
            raise UserNotFound from error

    async def has(self, name: str) -> bool:
        async with self._database.read() as connection:
            found = await connection.execute(select(avatars.c.name).where(avatars.c.name == name))
            return found.first() is not None

    async def get(self, name: str) -> bytes | None:
        async with self._database.read() as connection:
            found = await connection.execute(select(avatars.c.image).where(avatars.c.name == name))
            image: bytes | None = found.scalar()
            return image

    async def remove_others(self, user_id: str, keep: str) -> None:
        """Delete the user's pictures except the one of this name."""
        statement = delete(avatars).where(avatars.c.user_id == user_id, avatars.c.name != keep)
        async with self._database.write() as connection:
            await connection.execute(statement)

    async def take_over(self, folder: Path, url: str) -> int:
        """Copy the pictures that an earlier version kept as files into the database: those that profiles
        name. `url`: the beginning of a picture's address. Returns how many were new.

        No file is deleted: this may be another database than theirs, and a server of an earlier version may
        still read them. May be called again after a stop, and by several nodes at once.
        """
        files = await asyncio.to_thread(lambda: sorted(folder.glob("*.webp")))
        if not files:
            return 0
        uploaded = select(users.c.avatar, users.c.id).where(users.c.avatar.startswith(url))
        async with self._database.read() as connection:
            owners = {row.avatar: row.id for row in await connection.execute(uploaded)}
            stored = set((await connection.execute(select(avatars.c.name))).scalars())
        copied = 0
        for file in files:
            owner = owners.get(f"{url}{file.name}")
            if owner is None or file.stem in stored:
                continue
            try:
                await self.add(file.stem, owner, await asyncio.to_thread(file.read_bytes))
                copied += 1
            except (OSError, UserNotFound) as error:
                _log.warning("picture %s cannot be copied into the database: %s", file.name, error)
        if copied:
            _log.info(
                "pictures copied into the database: no server from this version on reads the files",
                extra={"count": copied, "folder": str(folder)},
            )
        return copied
