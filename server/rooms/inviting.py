"""Invites somebody into a room. Who may be invited by whom is decided here; telling them is
`server/people`."""

from __future__ import annotations

from dataclasses import dataclass

from server.errors import NotInvitable, NotJoined, RoomFull, RoomLocked
from server.protocol.entities import RoomType
from server.protocol.rest import Admission
from server.rooms.admission import admission
from server.rooms.bans import is_banned
from server.rooms.changes import Changes
from server.rooms.effects import Effects
from server.rooms.knocking import admit_invited
from server.rooms.ports import Clock
from server.rooms.room import Room
from server.rooms.runtime import OpenRooms


@dataclass(frozen=True, slots=True)
class RoomInvite:
    """`invite`: opens a private room; empty for others."""

    room_name: str
    invite: str


class Inviting:
    def __init__(self, rooms: OpenRooms, effects: Effects, clock: Clock) -> None:
        self._rooms = rooms
        self._effects = effects
        self._clock = clock

    async def invite(self, room_id: str, user_id: str, guest_id: str) -> RoomInvite:
        """Raises RoomNotFound, RoomElsewhere, NotJoined, NotHost, NotInvitable, RoomFull, RoomLocked,
        Unavailable."""
        opened = await self._rooms.look_up(room_id)
        return await opened.mailbox.run(self._invite, opened.room, user_id, guest_id)

    async def _invite(self, room: Room, user_id: str, guest_id: str) -> RoomInvite:
        changes = let_in(room, user_id, guest_id, self._clock())
        await self._effects.commit(room, changes)
        return RoomInvite(room.info.name, room.info.invite)


def let_in(room: Room, user_id: str, guest_id: str, now: float) -> Changes:
    """Return what changes in the room by an invitation. People whom the host or a co-host invites need not
    knock, as if they had been admitted. A lock and a full room hold for them too. The link of a private room
    is the host's to give. Pure."""
    if room.seat_of(user_id) is None:
        raise NotJoined
    if room.info.type is RoomType.AI:
        raise NotInvitable("This room is for practising alone.")
    if room.info.type is RoomType.PRIVATE:
        room.require_host(user_id)
    if room.seat_of(guest_id) is not None:
        raise NotInvitable("This person is in the room already.")
    if is_banned(room.info.bans, guest_id):
        raise NotInvitable("The host has removed this person from the room.")
    match admission(room, guest_id, now):
        case Admission.LOCKED:
            raise RoomLocked
        case Admission.FULL:
            raise RoomFull
        case Admission.KNOCK if room.is_leading(user_id):
            return admit_invited(room, guest_id)
        case _:
            return []
