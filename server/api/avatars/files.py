"""Uploaded avatars as files: one a person, named by owner and content, so that caches never go stale."""

from __future__ import annotations

import asyncio
import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from server.api.avatars.encoding import encode_avatar
from server.api.avatars.paths import UPLOADED, owner_tag, upload_name, uploaded_path
from server.errors import Unavailable

_AT_ONCE = 1  # a decoder shares the machine with the media loop
_MAX_WAITING = 8


class AvatarFiles:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="avatar")
        self._waiting = 0

    async def aclose(self) -> None:
        await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)

    async def save(self, user_id: str, upload: bytes) -> str:
        """Re-encode and keep; returns the path. Raises InvalidRequest, and Unavailable when many wait."""
        if self._waiting >= _MAX_WAITING:
            raise Unavailable("Many pictures are being uploaded right now. Try again in a moment.")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, self._save, user_id, upload)
        finally:
            self._waiting -= 1

    async def remove_others(self, user_id: str, keep: str) -> None:
        """Delete the user's uploads but the one at the path `keep`."""
        await asyncio.get_running_loop().run_in_executor(self._pool, self._remove_others, user_id, keep)

    async def remove_all(self, user_id: str) -> None:
        await self.remove_others(user_id, keep="")

    def find(self, path: str) -> Path | None:
        """The file behind an avatar's path, where there is one."""
        match = UPLOADED.fullmatch(path)
        file = self._folder / f"{match[1]}.webp" if match else None
        return file if file and file.is_file() else None

    def owns(self, user_id: str, path: str) -> bool:
        match = UPLOADED.fullmatch(path)
        return bool(match and match[1].startswith(owner_tag(user_id)) and self.find(path))

    def _save(self, user_id: str, upload: bytes) -> str:
        image = encode_avatar(upload)
        name = upload_name(user_id, image)
        self._folder.mkdir(parents=True, exist_ok=True)
        fresh = self._folder / f".{secrets.token_hex(8)}"
        try:
            fresh.write_bytes(image)
            os.replace(fresh, self._folder / f"{name}.webp")  # noqa: PTH105 - whole or not at all
        finally:
            fresh.unlink(missing_ok=True)
        return uploaded_path(name)

    def _remove_others(self, user_id: str, keep: str) -> None:
        for file in self._folder.glob(f"{owner_tag(user_id)}-*.webp"):
            if uploaded_path(file.stem) != keep:
                with suppress(OSError):
                    file.unlink()
