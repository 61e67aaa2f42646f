"""The connection to one client, by way of the server: messages in and out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from ai_agent.errors import ServerLost
from ai_agent.voice_ws.outgoing import Outgoing

_CONNECT_S = 10.0
INTERRUPTED = 1012
"""Close code (IANA: service restart) of a session that the worker gave up, for example because it stops."""
_MAX_MESSAGE = 20 << 20


class Link:
    """`out`: what is sent, in order. Iterate it for what comes; ends when the client has gone."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.out = Outgoing()
        self._socket = socket

    async def send_all(self) -> None:
        """Until cancelled or the connection ends. Raises ServerLost."""
        try:
            while not self.out.is_full:
                message = await self.out.get()
                if isinstance(message, str):
                    await self._socket.send_str(message)
                else:
                    await self._socket.send_bytes(message)
        except (ConnectionError, aiohttp.ClientError) as error:
            raise ServerLost(str(error)) from error
        raise ServerLost("the client does not read")

    async def messages(self) -> AsyncIterator[str | bytes]:
        async for message in self._socket:
            if isinstance(message.data, str | bytes):
                yield message.data

    async def flush(self) -> None:
        """Send what waits."""
        try:
            while (message := await self.out.next()) is not None:
                await (
                    self._socket.send_str(message)
                    if isinstance(message, str)
                    else self._socket.send_bytes(message)
                )
        except (ConnectionError, aiohttp.ClientError):
            return

    async def close(self, code: int) -> None:
        await self._socket.close(code=code)


@asynccontextmanager
async def linked(server_url: str, token: str, job_id: str) -> AsyncIterator[Link]:
    """Raises ServerLost."""
    url = f"{server_url.rstrip('/')}/api/agents/voice/{job_id}"
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as http:
        try:
            async with asyncio.timeout(_CONNECT_S):
                socket = await http.ws_connect(url, max_msg_size=_MAX_MESSAGE, compress=0)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise ServerLost(f"no connection for a voice session: {error}") from error
        try:
            yield Link(socket)
        finally:
            await socket.close(code=INTERRUPTED)  # unless the session has closed it
