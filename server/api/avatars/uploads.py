"""Avatars' addresses, and uploaded avatars: one a user.

`/api/avatars/g/{seed}.svg` is drawn from any seed: show people a few and let them pick.
`/api/avatars/u/{owner}-{digest}.webp` was uploaded. The name changes with the content, so caches stay right.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from server.api.avatars.cache import AvatarCache
from server.api.avatars.child import encode_in_child
from server.api.built_files import BuiltFile
from server.errors import Unavailable

GENERATED = re.compile(r"/api/avatars/g/([A-Za-z0-9_-]{1,64})\.svg")
UPLOADED = "/api/avatars/u/"
_UPLOADED = re.compile(rf"{UPLOADED}([0-9a-f]{{16}}-[0-9a-f]{{32}})\.webp")
_THREADS = 1
"""Decoding shares the machine with the media thread, so one child process runs at a time."""
_MAX_WAITING = 8
_MAX_WAITING_OF_ADDRESS = 4
"""A picture may take seconds: one client with many accounts must not fill the queue with such ones."""


def generated_path(seed: str) -> str:
    return f"/api/avatars/g/{seed}.svg"


class AvatarStore(Protocol):
    """Pictures by name; a name has the digest of its picture. All methods raise Unavailable."""

    async def add(self, name: str, user_id: str, image: bytes) -> None:
        """Raises UserNotFound."""
        ...

    async def has(self, name: str) -> bool: ...

    async def get(self, name: str) -> bytes | None: ...

    async def remove_others(self, user_id: str, keep: str) -> None:
        """Delete the user's pictures except the one of this name."""
        ...


class Avatars:
    def __init__(self, store: AvatarStore) -> None:
        self._store = store
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
            image = await asyncio.get_running_loop().run_in_executor(self._pool, encode_in_child, upload)
        finally:
            self._waiting[address] -= 1
            self._waiting += Counter()  # forgets those at 0
        name = f"{_owner_tag(user_id)}-{hashlib.sha256(image).hexdigest()[:32]}"
        await self._store.add(name, user_id, image)
        return _path(name)

    async def remove_others(self, user_id: str, keep: str) -> None:
        """Delete the user's uploads except the one at the path `keep`."""
        await self._store.remove_others(user_id, _name(keep) or "")

    async def load(self, path: str) -> BuiltFile | None:
        """An uploaded avatar. The store counts, not memory: another node may have removed it."""
        name = _name(path)
        held = self.cache.get(path)
        if name is not None and held is not None and await self._store.has(name):
            return held
        self.cache.forget(path)
        image = await self._store.get(name) if name is not None else None
        return self.cache.put(path, "image/webp", image) if image is not None else None

    async def owns(self, user_id: str, path: str) -> bool:
        name = _name(path)
        return name is not None and name.startswith(_owner_tag(user_id)) and await self._store.has(name)


def _name(path: str) -> str | None:
    """None if it is not the path of an upload."""
    match = _UPLOADED.fullmatch(path)
    return match[1] if match else None


def _path(name: str) -> str:
    return f"{UPLOADED}{name}.webp"


def _owner_tag(user_id: str) -> str:
    """Begins the names of a user's uploads, so that a profile cannot name the picture of another."""
    return hashlib.sha256(user_id.encode()).hexdigest()[:16]
