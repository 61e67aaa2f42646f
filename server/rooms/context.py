"""What the use cases share: the open rooms and the ports, and a few small steps that all of them take."""

from __future__ import annotations

from dataclasses import dataclass, field

from server.protocol.rooms import Offer, RoomUpdated, SeqEvent, Slots
from server.rooms.lobby import Lobby
from server.rooms.persistence import ROOM, Persistence
from server.rooms.ports import Clock, EventSink, IceServers, Media, PeerSpec, RoomsSettings
from server.rooms.room import Member, Room
from server.rooms.runtime import OpenRooms
from server.rooms.tutor_port import NoTutors, Tutors
from server.rooms.views import slot_states


@dataclass(slots=True)
class Context:
    persistence: Persistence
    media: Media
    event_sink: EventSink
    lobby: Lobby
    clock: Clock
    settings: RoomsSettings
    ice_servers: IceServers
    tutors: Tutors = field(default_factory=NoTutors)
    rooms: OpenRooms = field(default_factory=OpenRooms)
    is_draining: bool = False

    async def store(self, room: Room, record: str) -> None:
        """Store what has already taken effect. Raises Unavailable; it is then stored later."""
        self.persistence.mark_dirty(room, record)
        await self.persistence.flush(room, [record], required=True)

    async def open_media(self, room: Room, member: Member) -> Offer:
        """A new media connection for the seat. Raises Unavailable."""
        return await self.media.open(
            PeerSpec(
                room_id=room.id,
                participant_id=member.id,
                number=member.record.number,
                slots=room.slot_count,
                is_muted=member.record.is_muted,
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

    def settle_host(self, room: Room) -> None:
        """Give the room a new host if it needs one, and tell everyone. The caller stores it."""
        if room.succeed(self.clock()):
            self.broadcast(room, RoomUpdated(room=room.view()))
            self.persistence.mark_dirty(room, ROOM)
