"""Avatars' addresses, and uploaded avatars as files: one a user.

`/api/avatars/g/{seed}.svg` is drawn from any seed: show people a few and let them pick.
`/api/avatars/u/{owner}-{digest}.webp` was uploaded. The name changes with the content, so caches stay right.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from server.api.avatars.cache import AvatarCache
from server.api.avatars.child import encode_in_child
from server.api.built_files import BuiltFile
from server.common.files import write_atomically
from server.errors import Unavailable

GENERATED = re.compile(r"/api/avatars/g/([A-Za-z0-9_-]{1,64})\.svg")
_UPLOADED = re.compile(r"/api/avatars/u/([0-9a-f]{16}-[0-9a-f]{32})\.webp")
_THREADS = 1
"""Decoding shares the machine with the media thread, so one child process runs at a time."""
_MAX_WAITING = 8
_MAX_WAITING_OF_ADDRESS = 4
"""A picture may take seconds: one client with many accounts must not fill the queue with such ones."""


def generated_path(seed: str) -> str:
    return f"/api/avatars/g/{seed}.svg"


class AvatarFiles:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="avatar")
        self._waiting: Counter[str] = Counter()
        self.cache = AvatarCache()

    async def aclose(self) -> None:
        await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)

    async def save(self, user_id: str, upload: bytes, address: str) -> str:
        """Re-encode and store; returns the path. `address`: of the client, as a key of limits. Raises
        InvalidRequest, and Unavailable when many wait."""
        if self._waiting.total() >= _MAX_WAITING or self._waiting[address] >= _MAX_WAITING_OF_ADDRESS:
            raise Unavailable("Many pictures are waiting to be stored. Try again in a moment.")
        self._waiting[address] += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, self._save, user_id, upload)
        finally:
            self._waiting[address] -= 1
            self._waiting += Counter()  # forgets those at 0

    async def remove_others(self, user_id: str, keep: str) -> None:
        """Delete the user's uploads except the one at the path `keep`."""
        await asyncio.get_running_loop().run_in_executor(self._pool, self._remove_others, user_id, keep)

    async def remove_all(self, user_id: str) -> None:
        await self.remove_others(user_id, keep="")

    def find(self, path: str) -> Path | None:
        """The file of an uploaded avatar's path, if it exists."""
        match = _UPLOADED.fullmatch(path)
        file = self._folder / f"{match[1]}.webp" if match else None
        return file if file and file.is_file() else None

    async def load(self, path: str) -> BuiltFile | None:
        """An uploaded avatar. The file counts, not memory: another node may have removed it."""
        file = self.find(path)
        if file is None:
            self.cache.forget(path)
            return None
        held = self.cache.get(path)
        if held is not None:
            return held
        try:
            content = await asyncio.to_thread(file.read_bytes)
        except FileNotFoundError:  # removed meanwhile
            return None
        return self.cache.put(path, "image/webp", content)

    def owns(self, user_id: str, path: str) -> bool:
        match = _UPLOADED.fullmatch(path)
        return bool(match and match[1].startswith(_owner_tag(user_id)) and self.find(path))

    def _save(self, user_id: str, upload: bytes) -> str:
        image = encode_in_child(upload)
        name = _upload_name(user_id, image)
        self._folder.mkdir(parents=True, exist_ok=True)
        write_atomically(self._folder / f"{name}.webp", image)
        return _uploaded_path(name)

    def _remove_others(self, user_id: str, keep: str) -> None:
        for file in self._folder.glob(f"{_owner_tag(user_id)}-*.webp"):
            if _uploaded_path(file.stem) != keep:
                with suppress(OSError):
                    file.unlink()


def _uploaded_path(name: str) -> str:
    return f"/api/avatars/u/{name}.webp"


def _upload_name(user_id: str, image: bytes) -> str:
    return f"{_owner_tag(user_id)}-{hashlib.sha256(image).hexdigest()[:32]}"


def _owner_tag(user_id: str) -> str:
    """Begins the names of a user's uploads, so that no table of owners is needed."""
    return hashlib.sha256(user_id.encode()).hexdigest()[:16]
