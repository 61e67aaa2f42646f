"""Opens rooms for events: an event's plan as a room."""

from __future__ import annotations

from collections.abc import Collection

from server.protocol.levels import Level
from server.protocol.rest import CreateRoom
from server.rooms.events import EventRooms as RoomsOfNode
from server.rooms.model import Claim, EventSeats
from server.schedule.model import Event, Occurrence


class EventRooms:
    """The EventRooms port, with the rooms of this server."""

    def __init__(self, rooms: RoomsOfNode) -> None:
        self._rooms = rooms

    async def open(
        self, event: Event, occurrence: Occurrence, reserved: Collection[str], claim: Claim
    ) -> str:
        plan = event.plan
        wanted = CreateRoom(
            name=occurrence.name or plan.name,
            topic=plan.topic if occurrence.topic is None else occurrence.topic,
            level=Level(plan.level),
            type=plan.type,
            max_participants=plan.seats,
            tags=list(plan.tags),
            language=plan.language,
        )
        seats = EventSeats(
            event_id=event.id,
            occurrence_id=occurrence.id,
            host_id=event.host_id,
            starts_at=occurrence.starts_at,
            ends_at=occurrence.ends_at,
            waiting_room=plan.waiting_room,
            opens_alone=plan.opens_alone,
            reserved=tuple(reserved),
        )
        return await self._rooms.open(wanted, seats, claim)

    async def discard(self, room_id: str) -> None:
        await self._rooms.discard(room_id)

    def reserve(self, room_id: str, user_ids: Collection[str]) -> None:
        self._rooms.reserve(room_id, user_ids)
