"""Avatars' addresses, and uploaded avatars: one a user.

`/api/avatars/g/{seed}.svg` is drawn from any seed: show people a few and let them pick.
`/api/avatars/u/{owner}-{digest}.webp` was uploaded. The name changes with the content, so caches stay right.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable
from functools import partial
from typing import Protocol

from server.api.avatars.cache import AvatarCache
from server.api.avatars.child import encode_in_child
from server.api.built_files import BuiltFile
from server.common.fair_queue import FairQueue, QueueFull
from server.errors import Unavailable
from server.rooms.model import Claim

GENERATED = re.compile(r"/api/avatars/g/([A-Za-z0-9_-]{1,64})\.svg")
UPLOADED = "/api/avatars/u/"
_UPLOADED = re.compile(rf"{UPLOADED}([0-9a-f]{{16}}-[0-9a-f]{{32}})\.webp")
_MAX_WAITING = 8
"""Pictures. Decoding shares the machine with the media thread, so one child process runs at a time."""

_TRUSTED_S = 5.0
"""A picture in memory is answered for so long without a look at the store: the route needs no sign-in, and
browsers hold a picture for longer."""
_MAX_TRUSTED = 10_000


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
    def __init__(self, store: AvatarStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._stored_at: dict[str, float] = {}
        self._decoders = FairQueue("avatar", _MAX_WAITING)
        self.cache = AvatarCache()

    async def aclose(self) -> None:
        await self._decoders.aclose()

    async def save(self, claim: Claim, upload: bytes) -> str:
        """Re-encode and store the picture of the claim's user; returns its path. Raises InvalidRequest, and
        Unavailable when many wait."""
        try:
            image = await self._decoders.run(claim, partial(encode_in_child, upload))
        except QueueFull:
            raise Unavailable("Many pictures are waiting to be stored. Try again in a moment.") from None
        name = f"{_owner_tag(claim.user_id)}-{hashlib.sha256(image).hexdigest()[:32]}"
        await self._store.add(name, claim.user_id, image)
        return _path(name)

    async def remove_others(self, user_id: str, keep: str) -> None:
        """Delete the user's uploads except the one at the path `keep`."""
        await self._store.remove_others(user_id, _name(keep) or "")
        begin = UPLOADED + _owner_tag(user_id)
        self._stored_at = {path: at for path, at in self._stored_at.items() if not path.startswith(begin)}

    async def load(self, path: str) -> BuiltFile | None:
        """An uploaded avatar. One that another node has removed is answered for up to _TRUSTED_S."""
        name = _name(path)
        if name is None:
            return None
        held = self.cache.get(path)
        if held is not None:
            asked_at = self._clock()
            if asked_at - self._stored_at.get(path, float("-inf")) < _TRUSTED_S:
                return held
            if await self._store.has(name):
                self._trust(path, asked_at)
                return held
        self.cache.forget(path)
        self._stored_at.pop(path, None)
        image = await self._store.get(name)
        return self.cache.put(path, "image/webp", image) if image is not None else None

    def _trust(self, path: str, at: float) -> None:
        if len(self._stored_at) >= _MAX_TRUSTED:
            self._stored_at.clear()
        self._stored_at[path] = at

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
