"""Our side of namespace `/rooms`: calls with acks, and events in order with their gaps noticed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import aiohttp
import socketio

from ai_agent.errors import ServerLost
from server.protocol.rooms import SERVER_EVENTS

NAMESPACE = "/rooms"
CALL_TIMEOUT_S = 10.0
Take = Callable[[str, Mapping[str, Any]], None]


class Refused(ServerLost):
    """The ack was a problem. `code` is the wire's."""

    def __init__(self, event: str, problem: Mapping[str, Any]) -> None:
        self.code = str(problem.get("code", "unknown"))
        super().__init__(f"{event} was refused: {self.code}")


class RoomSignalling:
    """One connection. `on_event` gets each event's name and members.

    A gap in their numbers comes as "gap", the end of the connection as "disconnect".
    """

    def __init__(self, url: str, token: str, on_event: Take) -> None:
        self._url = url
        self._token = token
        self._on_event = on_event
        self._http: aiohttp.ClientSession | None = None
        self._socket: socketio.AsyncClient | None = None
        self._seq: int | None = None

    async def connect(self) -> None:
        """Raises ServerLost."""
        self._http = aiohttp.ClientSession()
        socket = self._socket = socketio.AsyncClient(reconnection=False, http_session=self._http)
        socket.on("disconnect", lambda *_: self._on_event("disconnect", {}), namespace=NAMESPACE)
        for name in SERVER_EVENTS:
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

    async def call(self, event: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """The ack. Raises Refused, ServerLost."""
        if self._socket is None:
            raise ServerLost(f"{event}: not connected")
        try:
            ack = await self._socket.call(event, dict(payload), namespace=NAMESPACE, timeout=CALL_TIMEOUT_S)
        except (socketio.exceptions.SocketIOError, TimeoutError) as error:
            raise ServerLost(f"{event}: {error}") from error
        if not isinstance(ack, dict):
            raise ServerLost(f"{event}: no answer")
        if "error" in ack:
            raise Refused(event, ack["error"])
        return ack

    def counted(self, seq: int) -> None:
        """A snapshot holds all events up to this number."""
        self._seq = seq

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
            if not isinstance(data, dict):
                return
            seq = data.get("seq")
            if self._seq is not None and isinstance(seq, int):
                if seq <= self._seq:
                    return
                if seq != self._seq + 1:
                    self._on_event("gap", {})
                self._seq = seq
            self._on_event(name, data)

        return receive
