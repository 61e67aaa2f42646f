"""Runs `reading.py` in a child process with limits, so that no document can take the server's memory."""

from __future__ import annotations

import json
import logging

from server.common.limited_program import run_limited
from server.errors import DocumentTooLarge, DocumentUnreadable, Unavailable
from server.knowledge import reading
from server.knowledge.model import NewPassage

_MAX_MEMORY = 768 * 1024 * 1024
_MAX_CPU_S = 40
_TIMEOUT_S = 60.0
_REFUSALS = {reading.UNREADABLE: DocumentUnreadable, reading.TOO_LARGE: DocumentTooLarge}
_log = logging.getLogger(__name__)


def passages_of(data: bytes, media_type: str) -> list[NewPassage]:
    """The passages of a file. Blocking. Raises DocumentUnreadable, DocumentTooLarge, and Unavailable if no
    process can start."""
    try:
        done = run_limited(
            reading.__file__,
            media_type,
            stdin=data,
            memory=_MAX_MEMORY,
            cpu_s=_MAX_CPU_S,
            timeout_s=_TIMEOUT_S,
        )
    except TimeoutError:
        raise DocumentTooLarge from None
    except OSError as error:
        raise Unavailable from error
    if done.returncode == 0:
        return [NewPassage(heading, text) for heading, text in json.loads(done.stdout)]
    if done.returncode in _REFUSALS:
        raise _REFUSALS[done.returncode](done.stderr.decode("utf-8", "replace"))
    if done.returncode < 0:  # ended by a signal: out of CPU time or memory
        _log.warning("reading of a document ended by signal %d", -done.returncode)
        raise DocumentTooLarge
    raise RuntimeError(f"the reader of documents failed: {done.stderr.decode('utf-8', 'replace')[-2_000:]}")
