"""Avatars in memory, as they are answered."""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict

from server.api.built_files import IDENTITY, BuiltFile

_MAX_BYTES = 16 * 1024 * 1024


class AvatarCache:
    """Pictures by the path of their URL, under which they never change. The least recently used go first."""

    def __init__(self, max_bytes: int = _MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._held: OrderedDict[str, BuiltFile] = OrderedDict()

    def get(self, path: str) -> BuiltFile | None:
        found = self._held.get(path)
        if found is not None:
            self._held.move_to_end(path)
        return found

    def put(self, path: str, content_type: str, content: bytes) -> BuiltFile:
        """Returns what is held. Drawings are compressed; an uploaded WebP is so already."""
        forms = {IDENTITY: content}
        if content_type == "image/svg+xml":
            forms["gzip"] = gzip.compress(content, mtime=0)
        picture = BuiltFile(content_type, hashlib.sha256(content).hexdigest()[:32], forms)
        self.forget(path)
        self._held[path] = picture
        self._bytes += _size(picture)
        while self._bytes > self._max_bytes:
            _, oldest = self._held.popitem(last=False)
            self._bytes -= _size(oldest)
        return picture

    def forget(self, path: str) -> None:
        picture = self._held.pop(path, None)
        if picture is not None:
            self._bytes -= _size(picture)


def _size(picture: BuiltFile) -> int:
    return sum(map(len, picture.forms.values()))
