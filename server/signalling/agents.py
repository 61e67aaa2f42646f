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
from server.tutor.voice_jobs import VoiceJobs

_OK = Ok()


class AgentNamespace:
    """`table` has a handler for each event of `AGENT_EVENTS`. `token` is the service token of the workers.
    `tutor_room` gives the room that a job's token opens."""

    def __init__(
        self, dispatcher: JobDispatcher, agent_events: AgentEvents, voices: VoiceJobs, token: str
    ) -> None:
        self._token = token
        self.tutor_room = dispatcher.room_of_token
        self._lost = (dispatcher.remove_worker, voices.remove_worker)
        methods = {name: _method(name, dispatcher, agent_events, voices) for name in AGENT_EVENTS}
        self.table: dict[str, Handler] = {name: _plain(method) for name, method in methods.items()}

    def gone(self, worker_id: str) -> None:
        """Its connection was lost."""
        for remove in self._lost:
            remove(worker_id)

    def check(self, auth: Any) -> None:
        """`auth` comes from the worker and may have any shape. Raises Unauthenticated."""
        given = auth.get("token") if isinstance(auth, dict) else None
        if not isinstance(given, str) or not is_service_token(given, self._token):
            raise Unauthenticated("The token is not this server's PARLOR_AGENT_TOKEN.")


def _method(event: str, *groups: object) -> Callable[[str, Any], Outbound | None]:
    """The method with the event's name. Raises TypeError unless exactly one group has it."""
    found: list[Callable[[str, Any], Outbound | None]] = [
        getattr(g, event) for g in groups if hasattr(g, event)
    ]
    if len(found) != 1:
        raise TypeError(f"{event} has {len(found)} methods")
    return found[0]


def _plain(do: Callable[[str, Any], Outbound | None]) -> Handler:
    async def handle(connection: SocketConnection, payload: Any) -> Outbound:
        return do(connection.id, payload) or _OK

    return handle
