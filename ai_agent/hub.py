"""The worker's connection to namespace `/agents`: what it says, in order and bounded, and what it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp
import socketio
import structlog

from ai_agent.errors import ServerLost
from server.protocol.agents import WORKER_EVENTS
from server.protocol.base import Inbound

NAMESPACE = "/agents"
CALL_TIMEOUT_S = 10.0
MAX_WAITING = 2_000
MAX_IN_FLIGHT = 256
"""Messages that the server has not acked. Beyond, the rest waits here, where it is bounded."""

_log = structlog.get_logger(__name__)
Take = Callable[[str, Mapping[str, Any]], None]


class Hub:
    """One connection: `connect`, then `serve` until it is lost. `on_event` gets events and their members."""

    def __init__(self, url: str, token: str, on_event: Take) -> None:
        self._url = url
        self._token = token
        self._on_event = on_event
        self._http: aiohttp.ClientSession | None = None
        self._socket: socketio.AsyncClient | None = None
        self._waiting: asyncio.Queue[tuple[str, dict[str, Any]]] = asyncio.Queue(MAX_WAITING)
        self._in_flight = asyncio.Semaphore(MAX_IN_FLIGHT)
        self._lost = asyncio.Event()

    async def connect(self) -> None:
        """Raises ServerLost."""
        self._http = aiohttp.ClientSession()
        socket = self._socket = socketio.AsyncClient(reconnection=False, http_session=self._http)
        socket.on("disconnect", lambda *_: self._lost.set(), namespace=NAMESPACE)
        for name in WORKER_EVENTS:
            socket.on(name, self._receiver(name), namespace=NAMESPACE)
        try:
            await socket.connect(
                self._url,
                auth={"token": self._token},
                namespaces=[NAMESPACE],
                transports=["websocket"],
                wait_timeout=CALL_TIMEOUT_S,
            )
        except (socketio.exceptions.ConnectionError, aiohttp.ClientError, TimeoutError) as error:
            raise ServerLost(f"no connection to {NAMESPACE}: {error}") from error

    async def call(self, event: str, message: Inbound) -> None:
        """Said at once, and answered. Raises ServerLost."""
        if self._socket is None:
            raise ServerLost(f"{event}: not connected")
        try:
            ack = await self._socket.call(event, _wire(message), namespace=NAMESPACE, timeout=CALL_TIMEOUT_S)
        except (socketio.exceptions.SocketIOError, TimeoutError) as error:
            raise ServerLost(f"{event}: {error}") from error
        if not isinstance(ack, dict) or "error" in ack:
            raise ServerLost(f"{event} was refused: {_code(ack)}")

    def say(self, event: str, message: Inbound) -> None:
        """In its turn; lost with the connection. Never blocks or raises."""
        try:
            self._waiting.put_nowait((event, _wire(message)))
        except asyncio.QueueFull:
            _log.warning("the server does not keep up, a message is dropped", event_name=event)

    async def serve(self) -> None:
        """Sends what is said, until the connection is lost. Raises ServerLost."""
        sender = asyncio.create_task(self._send_all(), name="hub")
        lost = asyncio.create_task(self._lost.wait())
        try:
            await asyncio.wait({sender, lost}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sender.cancel()
            lost.cancel()
            await asyncio.wait({sender, lost})
        raise ServerLost("the connection to the server was lost")

    async def aclose(self) -> None:
        """Idempotent."""
        socket, self._socket = self._socket, None
        if socket is not None:
            await socket.shutdown()
        if self._http is not None:
            await self._http.close()
            self._http = None

    async def flush(self, within_s: float) -> None:
        """Until all that was said is sent, or the time is over."""
        try:
            async with asyncio.timeout(within_s):
                while self._socket is not None and not self._waiting.empty():
                    await self._send_next(self._socket)
        except (TimeoutError, ServerLost):
            return

    async def _send_all(self) -> None:
        while self._socket is not None:
            await self._send_next(self._socket)

    async def _send_next(self, socket: socketio.AsyncClient) -> None:
        event, data = await self._waiting.get()
        await self._in_flight.acquire()
        try:
            await socket.emit(event, data, namespace=NAMESPACE, callback=self._acked(event))
        except socketio.exceptions.SocketIOError as error:
            raise ServerLost(str(error)) from error

    def _acked(self, event: str) -> Callable[..., None]:
        def acked(ack: object = None) -> None:
            self._in_flight.release()
            if isinstance(ack, dict) and "error" in ack:
                _log.warning("the server refused a message", event_name=event, code=_code(ack))

        return acked

    def _receiver(self, name: str) -> Callable[[Any], None]:
        def receive(data: Any) -> None:
            if isinstance(data, dict):
                self._on_event(name, data)

        return receive


def _wire(message: Inbound) -> dict[str, Any]:
    return message.model_dump(mode="json", by_alias=True)


def _code(ack: object) -> str:
    problem = ack.get("error") if isinstance(ack, dict) else None
    return str(problem.get("code")) if isinstance(problem, dict) else "no answer"
