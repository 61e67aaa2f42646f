"""What each client event does: from the wire to the use case and back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from server.errors import Forbidden
from server.protocol import rooms as wire
from server.protocol.base import Outbound
from server.rooms.membership import JoinRequest, Snapshot
from server.rooms.service import RoomsService
from server.signalling.connection import Connection, Handler
from server.signalling.encode import IceServersFor, offer_to_wire, slots_to_wire
from server.wire import room_to_wire


class Handlers:
    """`table` has a handler for each event of `CLIENT_EVENTS`; it gets the payload that is declared there."""

    def __init__(self, rooms: RoomsService, ice_servers: IceServersFor, *, red: bool, node_id: str) -> None:
        self._rooms = rooms
        self._ice_servers = ice_servers
        self._hints = wire.MediaHints(red=red)
        self._node_id = node_id
        actions = {name: _plain(action) for name, action in rooms.actions().items()}
        self.table: dict[str, Handler] = {
            **actions,
            "join": self._join,
            "sync": self._sync,
            "reconnect_media": self._reconnect_media,
            "ping": self._ping,
        }

    async def _join(self, connection: Connection, payload: wire.Join) -> Outbound:
        joined = await self._rooms.membership.join(
            JoinRequest(
                connection_id=connection.id,
                user_id=connection.user_id,
                room_id=_room_for(connection, payload),
                resume_token=payload.resume_token,
                invite=payload.invite,
                as_tutor=connection.tutor_room is not None,
            )
        )
        return wire.Joined(
            **_snapshot_fields(joined.snapshot),
            resume_token=joined.resume_token,
            ice_servers=self._ice_servers(connection.user_id),
            offer=offer_to_wire(joined.offer),
            media=self._hints,
            node_id=self._node_id,
        )

    async def _sync(self, connection: Connection, payload: wire.Empty) -> Outbound:
        return wire.Snapshot(**_snapshot_fields(await self._rooms.membership.sync(connection.id, payload)))

    async def _reconnect_media(self, connection: Connection, payload: wire.ReconnectMedia) -> Outbound:
        offered = await self._rooms.media.reconnect_media(connection.id, payload)
        return wire.Offered(
            offer=offer_to_wire(offered.offer),
            slots=slots_to_wire(offered.slots),
            ice_servers=self._ice_servers(connection.user_id),
        )

    async def _ping(self, _connection: Connection, _payload: wire.Empty) -> Outbound:
        return wire.Pong(time=int(self._rooms.now() * 1000))


def _snapshot_fields(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "participant_id": snapshot.participant_id,
        "seq": snapshot.seq,
        "room": room_to_wire(snapshot.room),
        "slots": slots_to_wire(snapshot.slots),
    }


def _room_for(connection: Connection, payload: wire.Join) -> str:
    """A tutor's token opens one room alone. Raises Forbidden."""
    if connection.tutor_room not in (None, payload.room_id):
        raise Forbidden
    return payload.room_id


def _plain(action: Callable[[str, Any], Awaitable[Outbound]]) -> Handler:
    async def handle(connection: Connection, payload: Any) -> Outbound:
        return await action(connection.id, payload)

    return handle
