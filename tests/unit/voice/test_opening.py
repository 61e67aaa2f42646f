"""A client that never says who it is does not keep its place."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiohttp import WSMessage, WSMsgType

from server.protocol.voice.base import VoiceProtocol
from server.rooms.model import UNKNOWN_ORIGIN
from server.voice import opening
from server.voice.admission import Refused
from server.voice.pipe import Inflow
from server.voice.settings import LIMITS


class OnlyPings:
    """A client's socket: one ping, and then silence."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self._pings = [WSMessage(WSMsgType.TEXT, '{"action":"ping"}', None)]

    async def receive(self) -> WSMessage:
        if not self._pings:
            await asyncio.get_running_loop().create_future()
        return self._pings.pop()

    async def send_str(self, text: str) -> None:
        self.sent.append(text)


async def test_a_tutors_client_that_sends_no_init_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "INIT_WITHIN_S", 0.05)
    socket = OnlyPings()
    request = SimpleNamespace(query={}, match_info={})
    admission = SimpleNamespace(needs_token=lambda _request: False)
    limits = Inflow(LIMITS[VoiceProtocol.TUTOR], 1.0)
    async with asyncio.timeout(5):
        with pytest.raises(Refused, match="init"):
            await opening.open_session(
                VoiceProtocol.TUTOR,
                cast("Any", request),
                cast("Any", socket),
                cast("Any", admission),
                limits,
                UNKNOWN_ORIGIN,
            )
    assert len(socket.sent) == 1
    assert "pong" in socket.sent[0]
