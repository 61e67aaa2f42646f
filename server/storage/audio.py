"""The audio of messages, as files in a folder: Ogg Opus, named by the message."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from server.common.files import write_atomically
from server.errors import Unavailable

FRESH_S = 3_600.0
"""The store may not have noted a file that was written less than this ago."""
PIECE = 64 * 1024
OWNER_NAME = ".database"
"""Says in a place for recordings whose they are: another database would take them for left behind."""
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class AudioFile:
    """A Recording."""

    path: Path
    size: int

    async def read(self, start: int, end: int) -> AsyncGenerator[bytes, None]:
        for at in range(start, end, PIECE):
            try:
                yield await asyncio.to_thread(self._read, at, min(PIECE, end - at))
            except OSError as error:  # it was deleted meanwhile
                raise Unavailable from error

    def _read(self, at: int, count: int) -> bytes:
        with self.path.open("rb") as file:
            file.seek(at)
            return file.read(count)


class AudioFiles:
    """The AudioStore port. Nodes must share the folder. `database`: a name of the one that knows the
    recordings."""

    def __init__(self, folder: Path, database: str = "") -> None:
        self._folder, self._database = folder, database

    async def save(self, message_id: str, audio: bytes) -> None:
        """Raises Unavailable if the file cannot be written."""
        try:
            await asyncio.to_thread(self._save, self._folder / object_name(message_id), audio)
        except OSError as error:
            raise Unavailable from error

    async def remove(self, message_ids: Collection[str]) -> None:
        await asyncio.to_thread(self._remove, list(message_ids))

    async def find(self, message_id: str) -> AudioFile | None:
        path = self._folder / object_name(message_id)
        try:
            return AudioFile(path, (await asyncio.to_thread(path.stat)).st_size)
        except OSError:
            return None

    async def list_settled(self) -> Sequence[str]:
        return await asyncio.to_thread(self._list_settled, time.time() - FRESH_S)

    async def claim(self, *, is_known: bool) -> bool:
        try:
            return await asyncio.to_thread(self._claim, is_known)
        except OSError as error:
            raise Unavailable from error

    def _claim(self, is_known: bool) -> bool:
        path = self._folder / OWNER_NAME
        if is_known and not path.exists():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomically(path, self._database.encode())
        return path.exists() and path.read_text() == self._database

    def _list_settled(self, before: float) -> list[str]:
        found = []
        for path in self._folder.glob("*/*"):
            with suppress(OSError):
                if path.stat().st_mtime > before:
                    continue
                if (message_id := message_id_of(f"{path.parent.name}/{path.name}")) is not None:
                    found.append(message_id)
                elif path.name.startswith("."):  # left by a crash during a write
                    path.unlink()
        return found

    def _save(self, path: Path, audio: bytes) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(path, audio)

    def _remove(self, message_ids: list[str]) -> None:
        for message_id in message_ids:
            with suppress(OSError):
                (self._folder / object_name(message_id)).unlink(missing_ok=True)


def object_name(message_id: str) -> str:
    """Folders are named by the id's first two letters: one with a hundred thousand files is slow to list.

    Raises ValueError if it is not an id.
    """
    if not _NAME.fullmatch(message_id):
        raise ValueError(f"{message_id!r} is not a message id")
    return f"{message_id[:2].lower()}/{message_id}.ogg"


def message_id_of(name: str) -> str | None:
    """The inverse of `object_name`. None if it is not the name of a recording: others may use the place."""
    stem = PurePosixPath(name).stem
    return stem if _NAME.fullmatch(stem) and object_name(stem) == name else None
