"""The library's sockets measure the ping timeout by a monotonic clock."""

from __future__ import annotations

import time

import pytest
from engineio.async_socket import AsyncSocket

from server.signalling.connections import Connections
from server.signalling.options import SignallingOptions


async def test_a_step_of_the_wall_clock_disconnects_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    socket = AsyncSocket(Connections(SignallingOptions()).server.eio, "sid")
    step = time.time() + 3600
    monkeypatch.setattr(time, "time", lambda: step)
    assert await socket.check_ping_timeout()
