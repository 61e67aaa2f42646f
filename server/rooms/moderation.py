"""What the host may do. Each raises NotJoined and NotHost; those with a target ParticipantNotFound too."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from server.errors import Conflict, ParticipantNotFound
from server.rooms.closing import Closing
from server.rooms.context import Context
from server.rooms.events import ClosedReason, LeftReason, RoomUpdated
from server.rooms.leaving import Leaving
from server.rooms.model import RoomInfo, RoomType
from server.rooms.open_rooms import OpenRoom
from server.rooms.own_state import OwnState
from server.rooms.permissions import require_host
from server.rooms.room import Member, Room
from server.rooms.tokens import new_secret
from server.rooms.tutoring import Tutoring

T = TypeVar("T")


class Moderation:
    def __init__(
        self, context: Context, own_state: OwnState, leaving: Leaving, closing: Closing, tutoring: Tutoring
    ) -> None:
        self._context = context
        self._own_state = own_state
        self._leaving = leaving
        self._closing = closing
        self._tutoring = tutoring

    async def mute(self, connection_id: str, participant_id: str) -> None:
        """There is no counterpart: nobody unmutes another person."""

        async def turn(room: Room) -> None:
            target = _member(room, participant_id)
            if not target.is_person:
                await self._tutoring.mute(room)
                return
            await self._own_state.mute(room, target, at_once=True, by_host=True)

        await self._as_host(connection_id, turn)

    async def remove(self, connection_id: str, participant_id: str) -> None:
        """For the life of the room; a tutor can be asked for again. Raises Conflict for the host's seat."""

        async def turn(room: Room) -> None:
            target = _member(room, participant_id)
            if not target.is_person:
                await self._tutoring.dismiss_from(room)
                return
            if target.user.id == room.info.host_id:
                raise Conflict("You cannot remove yourself. Leave the room instead.")
            room.info = replace(room.info, banned=room.info.banned | {target.user.id})
            await self._leaving.dismiss(room, target, LeftReason.REMOVED)
            await self._context.saved(self._context.store.save_room(room.info))

        await self._as_host(connection_id, turn)

    async def transfer_host(self, connection_id: str, participant_id: str) -> None:
        async def turn(room: Room) -> None:
            target = _member(room, participant_id)
            if not target.is_person:
                raise ParticipantNotFound
            await self._change(room, replace(room.info, host_id=target.user.id))

        await self._as_host(connection_id, turn)

    async def set_locked(self, connection_id: str, locked: bool) -> None:
        async def turn(room: Room) -> None:
            await self._change(room, replace(room.info, is_locked=locked))

        await self._as_host(connection_id, turn)

    async def close_room(self, connection_id: str) -> None:
        async def turn(room: Room) -> None:
            await self._closing.close(room, ClosedReason.CLOSED_BY_HOST)

        await self._as_host(connection_id, turn)

    async def invite(self, connection_id: str) -> RoomInfo:
        """Empty `invite` unless the room is private."""

        async def turn(room: Room) -> RoomInfo:
            return room.info

        return await self._as_host(connection_id, turn)

    async def renew_invite(self, connection_id: str) -> RoomInfo:
        """The old one stops working at once. Does nothing to a room that is not private."""

        async def turn(room: Room) -> RoomInfo:
            if room.info.type is RoomType.PRIVATE:
                room.info = replace(room.info, invite=new_secret())
                await self._context.saved(self._context.store.save_room(room.info))
            return room.info

        return await self._as_host(connection_id, turn)

    async def _as_host(self, connection_id: str, operation: Callable[[Room], Awaitable[T]]) -> T:
        async def turn(opened: OpenRoom, member: Member) -> T:
            require_host(opened.room.info, member.user.id)
            return await operation(opened.room)

        return await self._context.in_turn(connection_id, turn)

    async def _change(self, room: Room, info: RoomInfo) -> None:
        if info == room.info:
            return
        room.info = info
        self._context.tell(room, RoomUpdated(room.view()))
        self._context.lobby.changed(room, self._context.clock())
        await self._context.saved(self._context.store.save_room(info))


def _member(room: Room, participant_id: str) -> Member:
    try:
        return room.members[participant_id]
    except KeyError:
        raise ParticipantNotFound from None
