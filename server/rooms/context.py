"""What the use cases share: the open rooms and the ports, and a few small steps that all of them take."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import TypeVar

from server.errors import ParlorError, Unavailable
from server.protocol.rooms import Offer, RoomUpdated, SeqEvent, Slots
from server.rooms.lobby import Lobby
from server.rooms.model import Seat
from server.rooms.ports import Clock, EventSink, IceServers, Media, PeerSpec, RoomsSettings, RoomStore
from server.rooms.room import Member, Room
from server.rooms.runtime import OpenRooms
from server.rooms.tutor_port import NoTutors, Tutors
from server.rooms.views import slot_states

T = TypeVar("T")
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Context:
    store: RoomStore
    media: Media
    event_sink: EventSink
    lobby: Lobby
    clock: Clock
    settings: RoomsSettings
    ice_servers: IceServers
    tutors: Tutors = field(default_factory=NoTutors)
    rooms: OpenRooms = field(default_factory=OpenRooms)
    is_draining: bool = False

    async def saved(self, write: Awaitable[None]) -> None:
        """Wait for a write, but not for ever. Raises Unavailable."""
        try:
            async with asyncio.timeout(self.settings.store_timeout_s):
                await write
        except TimeoutError:
            raise Unavailable from None

    async def saved_if_possible(
        self, write: Awaitable[None], room_id: str, participant_id: str | None = None
    ) -> bool:
        """For changes that follow from what has already happened and cannot be refused any more. False, and a
        line in the log, where the store refused."""
        try:
            await self.saved(write)
        except ParlorError as error:
            whose = {"room_id": room_id, "participant_id": participant_id}
            _log.error("a change of a room was not stored: %s", error.code, extra=whose)
            return False
        return True

    async def store_seat(self, member: Member, seat: Seat) -> None:
        """Within the room's mailbox. Raises Unavailable; then what the store holds is unknown, and the sweep
        writes the seat as it is until the store takes it."""
        member.unstored_since = self.clock()
        await self.saved(self.store.save_seat(seat))
        member.unstored_since = None

    async def store_room(self, room: Room) -> None:
        """As `store_seat`, for what the room itself keeps and has already taken effect."""
        room.unstored_since = self.clock()
        await self.saved(self.store.save_room(room.info))
        room.unstored_since = None

    async def forget_seat(self, room: Room, seat_id: str) -> None:
        """As `store_room`: who gave up a seat must not find it again after a restart."""
        room.left_behind[seat_id] = self.clock()
        await self.saved(self.store.delete_seat(room.id, seat_id))
        room.left_behind.pop(seat_id, None)

    async def open_media(self, room: Room, member: Member) -> Offer:
        """A new media connection for the seat. Raises Unavailable."""
        return await self.media.open(
            PeerSpec(
                room_id=room.id,
                participant_id=member.id,
                number=member.seat.number,
                slots=room.slot_count,
                is_muted=member.seat.is_muted,
                always_forwarded=not member.is_person,
            )
        )

    def broadcast(self, room: Room, event: SeqEvent, *, exclude: Member | None = None) -> None:
        """Everyone in the room whose socket is there."""
        self.event_sink.send(
            [m.connection_id for m in room.members.values() if m.connection_id and m is not exclude], event
        )

    def send_to(self, member: Member, event: SeqEvent) -> None:
        if member.connection_id is not None:
            self.event_sink.send([member.connection_id], event)

    def reassign_slots(self, room: Room, *, skip: Member | None = None) -> None:
        """After somebody came or went. `skip` learns of its slots another way."""
        for member in room.reassign():
            self.media.assign(member.id, member.slots)
            if member is not skip:
                self.send_to(member, Slots(slots=slot_states(member.slots)))

    async def settle_host(self, room: Room) -> None:
        """Give the room a new host if it needs one, and say so."""
        if room.succeed(self.clock()):
            self.broadcast(room, RoomUpdated(room=room.view()))
            await self.saved_if_possible(self.store.save_room(room.info), room.id)
