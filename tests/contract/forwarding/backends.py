"""The backends of the data plane: the Python reference, and the C extension where it is available."""

from __future__ import annotations

from server.sfu.data_plane import Backend
from server.sfu.fastpath.forwarder import NativeForwarder, unavailable
from server.sfu.forwarding import Forwarder

BACKENDS: list[Backend] = [Forwarder, NativeForwarder] if unavailable is None else [Forwarder]
"""Each test here runs against every backend of the data plane."""
