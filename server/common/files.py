"""Files that are written whole or not at all, and that no other user of the machine can read."""

from __future__ import annotations

import logging
import os
import secrets
import stat
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_log = logging.getLogger(__name__)


def keep_new_files_private() -> None:
    """For the whole process and its children: new files get mode 0600 at most, folders 0700."""
    os.umask(_OTHERS)


def make_private(folder: Path, *kept: str) -> None:
    """Create the folder for this user alone, and take the rights of others from what matches `kept` in it
    (globs; `**/*` is all). What belongs to another user stays as it is, and is logged."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in (folder, *(path for pattern in kept for path in folder.glob(pattern))):
        try:
            mode = path.lstat().st_mode
            if mode & _OTHERS and not stat.S_ISLNK(mode):
                path.chmod(stat.S_IMODE(mode) & ~_OTHERS)
        except FileNotFoundError:
            continue
        except OSError as error:
            _log.warning("others may be able to read %s: %s", path, error.strerror)
            return


def write_atomically(path: Path, data: bytes) -> None:
    """Write a temporary file beside `path` and rename it. The temporary file's name begins with a dot."""
    fresh = path.parent / f".{secrets.token_hex(8)}"
    try:
        fresh.write_bytes(data)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
