"""The namespace `/agents`: authentication of workers, and the handlers of their events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from server.auth import is_service_token
from server.errors import Unauthenticated
from server.protocol.agents import AGENT_EVENTS
from server.protocol.base import Outbound
from server.protocol.rooms import Ok
from server.signalling.connections import Handler, SocketConnection
from server.tutor.agent_events import AgentEvents
from server.tutor.dispatcher import JobDispatcher

_OK = Ok()


class AgentNamespace:
    """`table` has a handler for each event of `AGENT_EVENTS`. `token` is the service token of the workers.
    `tutor_room` gives the room that a job's token opens."""

    def __init__(self, dispatcher: JobDispatcher, agent_events: AgentEvents, token: str) -> None:
        self._token = token
        self.tutor_room = dispatcher.room_of_token
        self.gone = dispatcher.remove_worker
        methods = {name: _method(name, dispatcher, agent_events) for name in AGENT_EVENTS}
        self.table: dict[str, Handler] = {name: _plain(method) for name, method in methods.items()}

    def check(self, auth: Any) -> None:
        """`auth` comes from the worker and may have any shape. Raises Unauthenticated."""
        given = auth.get("token") if isinstance(auth, dict) else None
        if not isinstance(given, str) or not is_service_token(given, self._token):
            raise Unauthenticated("The token is not this server's PARLOR_AGENT_TOKEN.")


def _method(event: str, *groups: object) -> Callable[[str, Any], None]:
    """The method with the event's name. Raises TypeError unless exactly one group has it."""
    found: list[Callable[[str, Any], None]] = [getattr(g, event) for g in groups if hasattr(g, event)]
    if len(found) != 1:
        raise TypeError(f"{event} has {len(found)} methods")
    return found[0]


def _plain(do: Callable[[str, Any], None]) -> Handler:
    async def handle(connection: SocketConnection, payload: Any) -> Outbound:
        do(connection.id, payload)
        return _OK

    return handle
