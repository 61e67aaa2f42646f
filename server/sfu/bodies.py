"""Which body of the per-packet path serves: the C extension, or the Python reference."""

from __future__ import annotations

import structlog

from server.errors import StartupError
from server.sfu.fastpath.forwarder import FastForwarder, is_built
from server.sfu.forwarding import Forwarder
from server.sfu.media_port import MakeLoop

log = structlog.get_logger(__name__)


def choose(forwarding: str) -> MakeLoop:
    """`auto`: C where it has been built. Raises StartupError for `c` where it has not."""
    if forwarding == "python":
        return Forwarder
    if is_built:
        return FastForwarder
    if forwarding == "c":
        raise StartupError("PARLOR_FORWARDING=c, but it was not built: pip install needs a C compiler")
    log.info("forwarding_in_python", why="the C extension was not built: pip install found no C compiler")
    return Forwarder
