"""Runs `encoding.py` in a child process with limits, so that no upload can take the server's memory."""

from __future__ import annotations

import logging

from server.api.avatars import encoding
from server.common.limited_program import run_limited
from server.errors import PictureTooLarge, PictureUnreadable, Unavailable

_MAX_MEMORY = 512 * 1024 * 1024
"""Bytes of address space. The largest pictures that are allowed need less than 448 MiB."""
_MAX_CPU_S = 10
_TIMEOUT_S = 20.0
_REFUSALS = {encoding.UNREADABLE: PictureUnreadable, encoding.TOO_LARGE: PictureTooLarge}
_log = logging.getLogger(__name__)


def encode_in_child(upload: bytes) -> bytes:
    """The upload as an avatar. Blocking. Raises PictureUnreadable, PictureTooLarge, and Unavailable if no
    process can start."""
    try:
        done = run_limited(
            encoding.__file__, stdin=upload, memory=_MAX_MEMORY, cpu_s=_MAX_CPU_S, timeout_s=_TIMEOUT_S
        )
    except TimeoutError:
        raise PictureTooLarge from None
    except OSError as error:
        raise Unavailable from error
    if done.returncode == 0:
        return done.stdout
    if done.returncode in _REFUSALS:
        raise _REFUSALS[done.returncode](done.stderr.decode("utf-8", "replace"))
    if done.returncode < 0:  # ended by a signal: out of CPU time or memory, or a crash of a decoder
        _log.warning("decoding of an upload ended by signal %d", -done.returncode)
        raise PictureTooLarge
    raise RuntimeError(f"the picture decoder failed: {done.stderr.decode('utf-8', 'replace')[-2_000:]}")
