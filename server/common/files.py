"""Files that are written whole or not at all."""

from __future__ import annotations

import secrets
from pathlib import Path


def write_atomically(path: Path, data: bytes) -> None:
    """Write a temporary file beside `path` and rename it. The temporary file's name begins with a dot."""
    fresh = path.parent / f".{secrets.token_hex(8)}"
    try:
        fresh.write_bytes(data)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
