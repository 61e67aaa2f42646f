"""The client side of namespace `/rooms`: calls with acks, and events in order, with gaps detected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ai_agent.errors import ServerLost
from ai_agent.server_link import ServerLink, Take
from server.protocol.rooms import SERVER_EVENTS

NAMESPACE = "/rooms"


class Refused(ServerLost):
    """The ack was an error. `code`: the wire's."""

    def __init__(self, event: str, problem: Mapping[str, Any]) -> None:
        self.code = str(problem.get("code", "unknown"))
        super().__init__(f"{event} was refused: {self.code}")


class RoomSignalling:
    """One connection. `on_event` gets each event's name and members, "gap" for a gap in the events' numbers,
    and "disconnect" for the end of the connection.
    """

    def __init__(self, url: str, token: str, on_event: Take) -> None:
        self._url = url
        self._token = token
        self._on_event = on_event
        self._link = ServerLink(NAMESPACE, SERVER_EVENTS, self._take, lambda: on_event("disconnect", {}))
        self._seq: int | None = None

    async def connect(self) -> None:
        """Raises ServerLost."""
        await self._link.connect(self._url, self._token)

    async def call(self, event: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """The ack. Raises Refused, ServerLost."""
        ack = await self._link.call(event, dict(payload))
        if "error" in ack:
            raise Refused(event, ack["error"])
        return ack

    def set_seq(self, seq: int) -> None:
        """A snapshot holds all events up to this number."""
        self._seq = seq

    async def aclose(self) -> None:
        """Idempotent."""
        await self._link.aclose()

    def _take(self, name: str, data: Mapping[str, Any]) -> None:
        seq = data.get("seq")
        if self._seq is not None and isinstance(seq, int):
            if seq <= self._seq:
                return
            if seq != self._seq + 1:
                self._on_event("gap", {})
            self._seq = seq
        self._on_event(name, data)
