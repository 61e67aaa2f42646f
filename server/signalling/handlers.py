"""The handlers of the events of `/rooms`: the rooms' actions, found by name, `join` and `knock`."""

from __future__ import annotations

from server.errors import Forbidden
from server.protocol.door import Knock, Knocking
from server.protocol.rooms import Join, Joined
from server.rooms.actions import Action
from server.rooms.membership import Joiner
from server.rooms.service import RoomsService
from server.signalling.connections import Handler, SocketConnection


def handlers(rooms: RoomsService) -> dict[str, Handler]:
    """A handler for each event of `CLIENT_EVENTS`."""

    async def join(connection: SocketConnection, payload: Join) -> Joined:
        if connection.tutor_room not in (None, payload.room_id):
            raise Forbidden
        return await rooms.membership.join(_joiner(connection), payload)

    async def knock(connection: SocketConnection, payload: Knock) -> Knocking:
        if connection.tutor_room is not None:
            raise Forbidden
        return await rooms.door.knock(_joiner(connection), payload)

    without_seat: dict[str, Handler] = {"join": join, "knock": knock}
    return without_seat | {name: _by_id(action) for name, action in rooms.actions.items()}


def _joiner(connection: SocketConnection) -> Joiner:
    is_tutor = connection.tutor_room is not None
    return Joiner(connection.id, connection.user_id, is_tutor=is_tutor, origin=connection.origin)


def _by_id(action: Action) -> Handler:
    return lambda connection, payload: action(connection.id, payload)
