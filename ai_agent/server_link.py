"""One Socket.IO connection of the worker to a namespace of the server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import socketio

from ai_agent.errors import ServerLost

CALL_TIMEOUT_S = 10.0
CLOSE_WITHIN_S = 1.0
"""A frozen server does not answer. A worker has seats and a connection there, and 9 s for its own end."""
Take = Callable[[str, Mapping[str, Any]], None]
"""An event's name and fields."""


class ServerLink:
    """Does not reconnect by itself. `on_lost` is called when the connection has ended, by either side."""

    def __init__(
        self, namespace: str, events: Iterable[str], on_event: Take, on_lost: Callable[[], None]
    ) -> None:
        self._namespace = namespace
        self._events = tuple(events)
        self._on_event = on_event
        self._on_lost = on_lost
        self._http: aiohttp.ClientSession | None = None
        self._socket: socketio.AsyncClient | None = None

    @property
    def is_open(self) -> bool:
        return self._socket is not None

    async def connect(self, url: str, token: str) -> None:
        """`url`: a server's address, or the base of one of several (`https://host/n/n1`). Raises
        ServerLost."""
        base = urlsplit(url)
        namespace = self._namespace
        self._http = aiohttp.ClientSession()
        socket = self._socket = socketio.AsyncClient(
            reconnection=False,
            http_session=self._http,
            websocket_extra_options={"timeout": aiohttp.ClientWSTimeout(ws_close=CLOSE_WITHIN_S)},
        )
        socket.on("disconnect", lambda *_: self._on_lost(), namespace=namespace)
        for name in self._events:
            socket.on(name, self._receiver(name), namespace=namespace)
        before = _cancellations()
        try:
            await socket.connect(
                f"{base.scheme}://{base.netloc}",
                socketio_path=f"{base.path.strip('/')}/socket.io".lstrip("/"),
                auth={"token": token},
                namespaces=[namespace],
                transports=["websocket"],
                wait_timeout=CALL_TIMEOUT_S,
            )
        except (socketio.exceptions.ConnectionError, aiohttp.ClientError, TimeoutError) as error:
            raise ServerLost(f"no connection to {namespace}: {error}") from error
        _raise_if_cancelled_since(before)

    async def call(self, event: str, data: dict[str, Any]) -> dict[str, Any]:
        """Returns the ack, which may be a problem. Raises ServerLost."""
        if self._socket is None:
            raise ServerLost(f"{event}: not connected")
        before = _cancellations()
        try:
            ack = await self._socket.call(event, data, namespace=self._namespace, timeout=CALL_TIMEOUT_S)
        except (socketio.exceptions.SocketIOError, TimeoutError) as error:
            raise ServerLost(f"{event}: {error}") from error
        _raise_if_cancelled_since(before)
        if not isinstance(ack, dict):
            raise ServerLost(f"{event}: no answer")
        return ack

    async def emit(self, event: str, data: dict[str, Any], on_ack: Callable[..., None]) -> None:
        """Raises ServerLost."""
        if self._socket is None:
            raise ServerLost(f"{event}: not connected")
        try:
            await self._socket.emit(event, data, namespace=self._namespace, callback=on_ack)
        except socketio.exceptions.SocketIOError as error:
            raise ServerLost(str(error)) from error

    async def aclose(self) -> None:
        """Idempotent."""
        socket, self._socket = self._socket, None
        if socket is not None:
            await socket.shutdown()
        if self._http is not None:
            await self._http.close()
            self._http = None

    def _receiver(self, name: str) -> Callable[[Any], None]:
        def receive(data: Any) -> None:
            if isinstance(data, dict):
                self._on_event(name, data)

        return receive


def _cancellations() -> int:
    task = asyncio.current_task()
    return task.cancelling() if task is not None else 0


def _raise_if_cancelled_since(before: int) -> None:
    """The Socket.IO client waits with `asyncio.wait_for`, which until Python 3.12 drops a cancellation that
    comes together with the result."""
    if _cancellations() > before:
        raise asyncio.CancelledError
