"""Choice of the data plane's backend: the C extension, or the Python reference."""

from __future__ import annotations

import logging

from server.errors import StartupError
from server.sfu.data_plane import Backend
from server.sfu.fastpath.forwarder import NativeForwarder, unavailable
from server.sfu.forwarding import Forwarder

_log = logging.getLogger(__name__)


def choose(forwarding: str) -> Backend:
    """`auto`: C where it can be loaded. Raises StartupError for `c` where it cannot."""
    if forwarding == "python":
        return Forwarder
    if unavailable is None:
        return NativeForwarder
    if forwarding == "c":
        raise StartupError(f"PARLOR_FORWARDING=c, but the C extension cannot be used: {unavailable}")
    _log.warning("forwarding_in_python", extra={"reason": unavailable})
    return Forwarder
