"""The WebSocket of the library's aiohttp driver, with limits of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import engineio.async_drivers.aiohttp
from aiohttp import WSMsgType, web

IsFlood = Callable[[str, int], bool]
"""Counts a packet of a socket, with its size in bytes. True: there were too many."""


class PlainWebSocket(engineio.async_drivers.aiohttp.WebSocket):  # type: ignore[misc]  # no types
    """Declines permessage-deflate (RFC 7692): 100 bytes would inflate to the largest message before any
    limit, and each socket would keep the state of two compressors. Counts control frames as packets:
    otherwise a client could have any number of pings answered.

    A socket that polls has one upgrade at a time, of `upgrade_s` seconds at most, and goes on polling if that
    fails: the library lets a client hold any number of silent WebSockets open in the name of one socket.
    """

    def __init__(self, is_flood: IsFlood, upgrade_s: float, handler: Any, server: Any) -> None:
        super().__init__(handler, server)
        self._is_flood = is_flood
        self._upgrade_s = upgrade_s
        self._upgrade_by: float | None = None
        self._eio_socket = handler.__self__

    async def __call__(self, environ: dict[str, Any]) -> web.StreamResponse:
        socket = self._eio_socket
        if not socket.connected:
            return await self._run(environ)
        if socket.upgrading:
            return web.Response(status=400)
        socket.upgrading = True
        self._upgrade_by = asyncio.get_running_loop().time() + self._upgrade_s
        try:
            return await self._run(environ)
        finally:
            socket.upgrading = False

    async def _run(self, environ: dict[str, Any]) -> web.WebSocketResponse:
        self._sock = web.WebSocketResponse(
            max_msg_size=self.server.max_http_buffer_size, compress=False, autoping=False
        )
        self.environ = environ
        await self._sock.prepare(environ["aiohttp.request"])
        await self.handler(self)
        return self._sock

    async def send(self, message: str | bytes) -> None:
        """The library looks each time whether the socket's method is a coroutine function."""
        if isinstance(message, str):
            await self._sock.send_str(message)
        else:
            await self._sock.send_bytes(message)

    async def wait(self) -> str | bytes:
        """The next message. Raises OSError at the end of the connection, for a flood, and for an upgrade that
        takes too long."""
        while True:
            async with asyncio.timeout_at(self._upgrade_by if self._eio_socket.upgrading else None):
                message = await self._sock.receive()
            if message.type not in (WSMsgType.PING, WSMsgType.PONG):
                break
            if self._is_flood(self._eio_socket.sid, len(message.data)):
                raise OSError("too many control frames")
            if message.type is WSMsgType.PING:
                await self._sock.pong(message.data)
        if not isinstance(message.data, str | bytes):
            raise OSError("the connection has ended")
        return message.data
