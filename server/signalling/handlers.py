"""What each client event does: from the wire to the use case and back."""

from __future__ import annotations

from typing import Any

from server.errors import Forbidden
from server.protocol import rooms as wire
from server.protocol.base import Outbound
from server.rooms.membership import JoinRequest, Snapshot
from server.rooms.model import RoomInfo
from server.rooms.service import RoomsService
from server.signalling.connection import Connection, Handler
from server.signalling.encode import IceServersFor, offer_to_wire, slots_to_wire
from server.signalling.tutor_handlers import TutorHandlers
from server.wire import room_to_wire

_OK = wire.Ok()


class Handlers:
    """`table` has a handler for each event of `CLIENT_EVENTS`; it gets the payload that is declared there."""

    def __init__(self, rooms: RoomsService, ice_servers: IceServersFor, *, red: bool, node_id: str) -> None:
        self._rooms = rooms
        self._ice_servers = ice_servers
        self._hints = wire.MediaHints(red=red)
        self._node_id = node_id
        self.table: dict[str, Handler] = {
            "join": self._join,
            "sync": self._sync,
            "leave": self._leave,
            "answer": self._answer,
            "ice_candidate": self._ice_candidate,
            "reconnect_media": self._reconnect_media,
            "set_muted": self._set_muted,
            "set_hand": self._set_hand,
            "ping": self._ping,
            "mute_participant": self._mute_participant,
            "remove_participant": self._remove_participant,
            "transfer_host": self._transfer_host,
            "set_locked": self._set_locked,
            "close_room": self._close_room,
            "get_invite": self._get_invite,
            "renew_invite": self._renew_invite,
            **TutorHandlers(rooms).table,
        }

    async def _join(self, connection: Connection, payload: wire.Join) -> Outbound:
        joined = await self._rooms.joining.join(
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

    async def _sync(self, connection: Connection, _payload: wire.Empty) -> Outbound:
        return wire.Snapshot(**_snapshot_fields(await self._rooms.joining.sync(connection.id)))

    async def _leave(self, connection: Connection, _payload: wire.Empty) -> Outbound:
        await self._rooms.leaving.leave(connection.id)
        return _OK

    async def _answer(self, connection: Connection, payload: wire.Answer) -> Outbound:
        await self._rooms.media_link.answer(connection.id, payload.offer_id, payload.sdp)
        return _OK

    async def _ice_candidate(self, _connection: Connection, _payload: wire.IceCandidate) -> Outbound:
        return _OK

    async def _reconnect_media(self, connection: Connection, payload: wire.ReconnectMedia) -> Outbound:
        offered = await self._rooms.media_link.reconnect(connection.id, payload.mode)
        return wire.Offered(
            offer=offer_to_wire(offered.offer),
            slots=slots_to_wire(offered.slots),
            ice_servers=self._ice_servers(connection.user_id),
        )

    async def _set_muted(self, connection: Connection, payload: wire.SetMuted) -> Outbound:
        await self._rooms.own_state.set_muted(connection.id, payload.muted)
        return _OK

    async def _set_hand(self, connection: Connection, payload: wire.SetHand) -> Outbound:
        await self._rooms.own_state.set_hand(connection.id, payload.raised)
        return _OK

    async def _ping(self, _connection: Connection, _payload: wire.Empty) -> Outbound:
        return wire.Pong(time=int(self._rooms.now() * 1000))

    async def _mute_participant(self, connection: Connection, payload: wire.TargetParticipant) -> Outbound:
        await self._rooms.moderation.mute(connection.id, payload.participant_id)
        return _OK

    async def _remove_participant(self, connection: Connection, payload: wire.TargetParticipant) -> Outbound:
        await self._rooms.moderation.remove(connection.id, payload.participant_id)
        return _OK

    async def _transfer_host(self, connection: Connection, payload: wire.TargetParticipant) -> Outbound:
        await self._rooms.moderation.transfer_host(connection.id, payload.participant_id)
        return _OK

    async def _set_locked(self, connection: Connection, payload: wire.SetLocked) -> Outbound:
        await self._rooms.moderation.set_locked(connection.id, payload.locked)
        return _OK

    async def _close_room(self, connection: Connection, _payload: wire.Empty) -> Outbound:
        await self._rooms.moderation.close_room(connection.id)
        return _OK

    async def _get_invite(self, connection: Connection, _payload: wire.Empty) -> Outbound:
        return _invite(await self._rooms.moderation.invite(connection.id))

    async def _renew_invite(self, connection: Connection, _payload: wire.Empty) -> Outbound:
        return _invite(await self._rooms.moderation.renew_invite(connection.id))


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


def _invite(info: RoomInfo) -> Outbound:
    path = f"/rooms/{info.id}"
    if not info.invite:
        return wire.InviteState(invite=None, path=path)
    return wire.InviteState(invite=info.invite, path=f"{path}?invite={info.invite}")
