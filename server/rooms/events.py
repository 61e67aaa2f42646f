"""Rooms for events: opened when the first person comes, and told for whom they hold seats."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from server.errors import Unavailable
from server.protocol.rest import CreateRoom
from server.protocol.rooms import ClosedReason
from server.rooms.beginning import set_reserved
from server.rooms.directory import Directory, new_room
from server.rooms.effects import Effects
from server.rooms.membership import Membership
from server.rooms.model import Claim, EventSeats
from server.rooms.ports import Bus, WallClock
from server.rooms.room import Room
from server.rooms.runtime import OpenRooms

SEATS_TOPIC = "rooms.seats"
"""On the bus: `room_id`, and `user_ids` for whom the room's server holds seats."""


class EventRooms:
    def __init__(
        self,
        rooms: OpenRooms,
        effects: Effects,
        membership: Membership,
        directory: Directory,
        bus: Bus,
        wall_clock: WallClock,
    ) -> None:
        self._rooms = rooms
        self._effects = effects
        self._membership = membership
        self._directory = directory
        self._bus = bus
        self._wall_clock = wall_clock
        self._unsubscribe = bus.subscribe(SEATS_TOPIC, self._receive)

    def close(self) -> None:
        self._unsubscribe()

    async def open(self, wanted: CreateRoom, seats: EventSeats, claim: Claim) -> str:
        """The id of a new room. `claim`: of the person who opens it. Raises TooManyRooms,
        TooManyRoomsFromNetwork, Unavailable."""
        if self._rooms.is_draining:
            raise Unavailable
        info = replace(new_room(seats.host_id, wanted, self._wall_clock()), event=seats)
        await self._directory.open_for_event(info, claim)
        return info.id

    async def discard(self, room_id: str) -> None:
        """Close a room that nobody uses."""
        opened = self._rooms.find(room_id)
        if opened is not None:
            await opened.mailbox.run(self._membership.close, opened.room, ClosedReason.EMPTY)

    def reserve(self, room_id: str, user_ids: Collection[str]) -> None:
        """At whichever server has the room."""
        self._bus.publish(SEATS_TOPIC, {"room_id": room_id, "user_ids": list(user_ids)})

    def _receive(self, payload: Mapping[str, object]) -> None:
        opened = self._rooms.find(str(payload.get("room_id", "")))
        user_ids = payload.get("user_ids")
        if opened is not None and isinstance(user_ids, list):
            opened.mailbox.post(self._reserve, opened.room, [str(user_id) for user_id in user_ids])

    async def _reserve(self, room: Room, user_ids: Collection[str]) -> None:
        changes = set_reserved(room, user_ids, self._wall_clock())
        await self._effects.commit(room, changes, required=False)
