"""Uploaded pictures. They are small, and every node needs all of them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from server.errors import UserNotFound
from server.storage.audio import FRESH_S
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
        """Move the pictures that an earlier version kept as files into the database: those that profiles
        name. `url`: the beginning of a picture's address. Returns how many were new.

        A file is deleted once the database has its picture: otherwise it would outlive its owner's profile.
        Files that no profile names are those of deleted profiles, or another database's: they are deleted
        where this database knows one of the others, and logged elsewhere. May be called again after a stop,
        and by several nodes at once.
        """
        files = await asyncio.to_thread(lambda: sorted(folder.glob("*.webp")))
        if not files:
            return 0
        uploaded = select(users.c.avatar, users.c.id).where(users.c.avatar.startswith(url))
        async with self._database.read() as connection:
            owners = {row.avatar: row.id for row in await connection.execute(uploaded)}
            stored = set((await connection.execute(select(avatars.c.name))).scalars())
        copied, unknown = 0, []
        for file in files:
            owner = owners.get(f"{url}{file.name}")
            try:
                if owner is None and file.stem not in stored:
                    unknown.append(file)
                    continue
                if owner is not None and file.stem not in stored:
                    await self.add(file.stem, owner, await asyncio.to_thread(file.read_bytes))
                    copied += 1
                await asyncio.to_thread(file.unlink, missing_ok=True)
            except FileNotFoundError:  # another node has moved it
                continue
            except (OSError, UserNotFound) as error:
                _log.warning("picture %s cannot be moved into the database: %s", file.name, error)
        if copied:
            _log.info("pictures moved into the database", extra={"count": copied, "folder": str(folder)})
        await _remove_unknown(unknown, folder, is_ours=len(unknown) < len(files))
        return copied


async def _remove_unknown(files: Sequence[Path], folder: Path, *, is_ours: bool) -> None:
    if not files:
        return
    if not is_ours:
        _log.warning(
            "%d pictures in %s belong to no profile of this database and are left alone: "
            "delete the folder if no other database uses it",
            len(files),
            folder,
        )
        return
    removed = await asyncio.to_thread(_remove_settled, files, time.time() - FRESH_S)
    _log.info("pictures without a profile deleted", extra={"count": removed, "folder": str(folder)})


def _remove_settled(files: Sequence[Path], before: float) -> int:
    """A server of an earlier version may have written a younger file, whose profile names it in a moment."""
    count = 0
    for file in files:
        with suppress(OSError):
            if file.stat().st_mtime <= before:
                file.unlink()
                count += 1
    return count
