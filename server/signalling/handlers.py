"""The handlers of the events of `/rooms`: the rooms' actions, found by name, `join` and `knock`."""

from __future__ import annotations

from typing import Any

from server.errors import Forbidden, Unauthenticated
from server.protocol.base import Outbound
from server.protocol.door import Knock, Knocking
from server.protocol.rooms import Join, Joined
from server.rooms.actions import Action
from server.rooms.membership import Joiner
from server.rooms.service import RoomsService
from server.signalling.connections import Handler, SocketConnection


def handlers(rooms: RoomsService) -> dict[str, Handler]:
    """A handler for each event of `CLIENT_EVENTS`. A tutor whose token is void may only leave."""

    async def join(connection: SocketConnection, payload: Join) -> Joined:
        _require_token(connection)
        if connection.tutor_room not in (None, payload.room_id):
            raise Forbidden
        return await rooms.membership.join(_joiner(connection), payload)

    async def knock(connection: SocketConnection, payload: Knock) -> Knocking:
        if connection.tutor_room is not None:
            raise Forbidden
        return await rooms.door.knock(_joiner(connection), payload)

    without_seat: dict[str, Handler] = {"join": join, "knock": knock}
    leave = rooms.actions["leave"]
    return {
        **without_seat,
        **{name: _by_id(action) for name, action in rooms.actions.items()},
        "leave": lambda connection, payload: leave(connection.id, payload),
    }


def _joiner(connection: SocketConnection) -> Joiner:
    is_tutor = connection.tutor_room is not None
    return Joiner(
        connection.id,
        connection.user_id,
        is_tutor=is_tutor,
        origin=connection.origin,
        may_join=connection.may_act,
    )


def _by_id(action: Action) -> Handler:
    async def handle(connection: SocketConnection, payload: Any) -> Outbound:
        _require_token(connection)
        return await action(connection.id, payload)

    return handle


def _require_token(connection: SocketConnection) -> None:
    """Raises Unauthenticated."""
    if not connection.may_act():
        raise Unauthenticated("The token of this job is not valid any more.")
