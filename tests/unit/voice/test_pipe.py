"""How a session ends when one of its two connections ends first."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest
from aiohttp import WSMessage, WSMsgType, web

from server.protocol.voice.base import TRY_LATER, VoiceProtocol
from server.voice.admission import Refused
from server.voice.pipe import Inflow, splice
from server.voice.settings import LIMITS

SPEECH = WSMessage(WSMsgType.BINARY, b"speech", None)
CUT = WSMessage(WSMsgType.CLOSED, None, None)


class _Socket:
    """A WebSocketResponse. `takes`: what is sent to it arrives, else its connection is cut."""

    def __init__(self, *, takes: bool = True) -> None:
        self.closed = False
        self.got: list[bytes] = []
        self._takes = takes
        self._coming: asyncio.Queue[WSMessage] = asyncio.Queue()

    def comes(self, message: WSMessage) -> None:
        self._coming.put_nowait(message)

    async def receive(self) -> WSMessage:
        message = await self._coming.get()
        self.closed = self.closed or message.type in {WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.ERROR}
        return message

    def __aiter__(self) -> _Socket:
        return self

    async def __anext__(self) -> WSMessage:
        message = await self.receive()
        if message.type in {WSMsgType.CLOSE, WSMsgType.CLOSED}:
            raise StopAsyncIteration
        return message

    async def send_bytes(self, data: bytes) -> None:
        if not self._takes:
            raise ConnectionResetError
        self.got.append(data)


async def _splice(near: _Socket, far: _Socket) -> int | None:
    inflow = Inflow(LIMITS[VoiceProtocol.ECHO], 1.0)
    async with asyncio.timeout(5):
        return await splice(cast("web.WebSocketResponse", near), cast("web.WebSocketResponse", far), inflow)


async def test_the_workers_close_code_is_returned() -> None:
    near, far = _Socket(), _Socket()
    far.comes(SPEECH)
    far.comes(WSMessage(WSMsgType.CLOSE, 1011, None))
    assert await _splice(near, far) == 1011
    assert near.got == [b"speech"]


async def test_a_client_that_leaves_ends_the_session() -> None:
    near, far = _Socket(), _Socket()
    near.comes(SPEECH)
    near.comes(WSMessage(WSMsgType.CLOSE, 1000, None))
    assert await _splice(near, far) is None
    assert far.got == [b"speech"]


async def test_a_clients_connection_with_an_error_ends_the_session() -> None:
    near, far = _Socket(), _Socket()
    near.comes(WSMessage(WSMsgType.ERROR, TimeoutError("no pong"), None))
    near.comes(CUT)
    assert await _splice(near, far) is None


async def test_a_worker_that_is_cut_is_told() -> None:
    near, far = _Socket(), _Socket()
    far.comes(CUT)
    with pytest.raises(Refused) as refused:
        await _splice(near, far)
    assert refused.value.closes == TRY_LATER


async def test_a_worker_that_takes_no_speech_any_more_is_told_though_its_end_is_read_later() -> None:
    near, far = _Socket(), _Socket(takes=False)
    near.comes(SPEECH)
    asyncio.get_running_loop().call_later(0.01, far.comes, CUT)
    with pytest.raises(Refused) as refused:
        await _splice(near, far)
    assert refused.value.closes == TRY_LATER
