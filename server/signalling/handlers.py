"""What each client event does: from the wire to the use case and back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from server.errors import Forbidden
from server.protocol import rooms as wire
from server.protocol.base import Outbound
from server.rooms.membership import JoinRequest
from server.rooms.service import RoomsService
from server.signalling.connection import Connection, Handler


class Handlers:
    """`table` has a handler for each event of `CLIENT_EVENTS`; it gets the payload that is declared there."""

    def __init__(self, rooms: RoomsService) -> None:
        self._rooms = rooms
        actions = {name: _plain(action) for name, action in rooms.actions().items()}
        self.table: dict[str, Handler] = {
            **actions,
            "join": self._join,
            "ping": self._ping,
        }

    async def _join(self, connection: Connection, payload: wire.Join) -> Outbound:
        return await self._rooms.membership.join(
            JoinRequest(
                connection_id=connection.id,
                user_id=connection.user_id,
                room_id=_room_for(connection, payload),
                resume_token=payload.resume_token,
                invite=payload.invite,
                as_tutor=connection.tutor_room is not None,
            )
        )

    async def _ping(self, _connection: Connection, _payload: wire.Empty) -> Outbound:
        return wire.Pong(time=int(self._rooms.now() * 1000))


def _room_for(connection: Connection, payload: wire.Join) -> str:
    """A tutor's token opens one room alone. Raises Forbidden."""
    if connection.tutor_room not in (None, payload.room_id):
        raise Forbidden
    return payload.room_id


def _plain(action: Callable[[str, Any], Awaitable[Outbound]]) -> Handler:
    async def handle(connection: Connection, payload: Any) -> Outbound:
        return await action(connection.id, payload)

    return handle
