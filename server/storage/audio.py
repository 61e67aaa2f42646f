"""The audio of messages, as files: Ogg Opus, named by the message."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path

from server.common.files import write_atomically
from server.errors import Unavailable

_FRESH_S = 3_600.0
"""The store may not have noted a file that was written less than this ago."""
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


class AudioFiles:
    """The AudioStore port. Nodes must share the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def save(self, message_id: str, audio: bytes) -> None:
        """Raises Unavailable if the file cannot be written."""
        try:
            await asyncio.to_thread(self._save, self._path(message_id), audio)
        except OSError as error:
            raise Unavailable from error

    async def remove(self, message_ids: Collection[str]) -> None:
        await asyncio.to_thread(self._remove, list(message_ids))

    def find(self, message_id: str) -> Path | None:
        path = self._path(message_id)
        return path if path.is_file() else None

    async def list_settled(self) -> Sequence[str]:
        return await asyncio.to_thread(self._list_settled, time.time() - _FRESH_S)

    def _list_settled(self, before: float) -> list[str]:
        found = []
        for path in self._folder.glob("*/*"):
            with suppress(OSError):
                if path.stat().st_mtime > before:
                    continue
                if path.suffix == ".ogg":
                    found.append(path.stem)
                elif path.name.startswith("."):  # left by a crash during a write
                    path.unlink()
        return found

    def _save(self, path: Path, audio: bytes) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(path, audio)

    def _remove(self, message_ids: list[str]) -> None:
        for message_id in message_ids:
            with suppress(OSError):
                self._path(message_id).unlink(missing_ok=True)

    def _path(self, message_id: str) -> Path:
        """Folders are named by the id's first two letters: one with a hundred thousand files is slow to
        list."""
        if not _NAME.fullmatch(message_id):
            raise ValueError(f"{message_id!r} is not a message id")
        return self._folder / message_id[:2].lower() / f"{message_id}.ogg"
