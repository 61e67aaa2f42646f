"""A proxy on the loopback that swallows WebSockets and passes everything else on, as some companies' do."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from types import TracebackType
from typing import Literal
from urllib.parse import urlsplit

Swallows = Literal["the upgrade", "the messages"]
"""`the upgrade`: it is never answered. `the messages`: it is accepted, and then nothing comes through."""

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3


class UpgradeSwallower:
    """`async with UpgradeSwallower(server.url, "the upgrade") as proxy`: `proxy.url`, `proxy.swallowed`."""

    def __init__(self, upstream: str, swallows: Swallows) -> None:
        self._upstream = urlsplit(upstream)
        self._swallows = swallows
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.url = ""
        self.swallowed = 0

    async def __aenter__(self) -> UpgradeSwallower:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            # Browsers open a connection of its own for each WebSocket, so only the first request matters.
            head = await reader.readuntil(b"\r\n\r\n")
            if b"upgrade: websocket" in head.lower():
                await self._swallow(head, reader, writer)
            else:
                await self._pass_on(head, reader, writer)
        except (OSError, EOFError, ExceptionGroup):
            pass  # either side has hung up
        finally:
            writer.transport.abort()

    async def _swallow(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.swallowed += 1
        if self._swallows == "the messages":
            writer.write(_accepted(head))
        while await reader.read(1 << 16):
            pass

    async def _pass_on(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection(self._upstream.hostname, self._upstream.port)
        to_server.write(head)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_copy(reader, to_server))
                group.create_task(_copy(from_server, writer))
        finally:
            to_server.transport.abort()


def _accepted(head: bytes) -> bytes:
    fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
    key = next(value for name, value in fields.items() if name.lower() == b"sec-websocket-key")
    proof = base64.b64encode(hashlib.sha1(key + _GUID).digest())
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + proof + b"\r\n\r\n"
    )


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(1 << 16):
        writer.write(data)
        await writer.drain()
    writer.close()
