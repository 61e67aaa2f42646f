"""The way into the room of an event, which is opened when the first person comes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from server.errors import Conflict, EventNotFound, NotHost, Unavailable
from server.protocol.schedule import EnteredEvent
from server.rooms.model import Claim
from server.schedule.doors import require_open
from server.schedule.model import Event, Occurrence, Place
from server.schedule.news import News
from server.schedule.ports import EventRooms, ScheduleStore

_TRIES = 3
"""Somebody else may open the room at the same time, and it may end at once."""
_log = logging.getLogger(__name__)


class Entrance:
    """`clock` is seconds since the epoch."""

    def __init__(
        self, store: ScheduleStore, rooms: EventRooms, news: News, clock: Callable[[], float]
    ) -> None:
        self._store = store
        self._rooms = rooms
        self._news = news
        self._clock = clock

    async def enter(self, event: Event, occurrence_id: str, claim: Claim) -> EnteredEvent:
        """The room of the occurrence. A room that has ended, as after a long absence of everybody, is
        replaced while the occurrence lasts. `claim`: of the person who enters. Raises EventNotFound,
        EventNotOpen, EventOver, TooManyRooms, TooManyRoomsFromNetwork, Unavailable."""
        for _ in range(_TRIES):
            occurrence = await self._occurrence(event, occurrence_id)
            invite = None
            if occurrence.room_id is not None:
                invite = await self._store.find_room(occurrence.room_id)
            require_open(event, occurrence, self._clock(), has_room=invite is not None)
            if occurrence.room_id is not None and invite is not None:
                return EnteredEvent(room_id=occurrence.room_id, invite=invite or None)
            await self._open(event, occurrence, claim)
        raise Unavailable

    async def call(self, user_id: str, event: Event, occurrence_id: str) -> None:
        """The host tells everybody with a place that it starts. Raises EventNotFound, NotHost, EventNotOpen,
        EventOver, Conflict, Unavailable."""
        if event.host_id != user_id:
            raise NotHost
        occurrence = await self._occurrence(event, occurrence_id)
        require_open(event, occurrence, self._clock(), has_room=False)
        if not await self._store.call(occurrence.id, self._clock()):
            raise Conflict("You have told everybody already.")
        await self._news.starts(event, occurrence, await self._going(occurrence.id))
        self._news.changed(event)

    async def places_changed(self, event: Event, occurrence: Occurrence) -> None:
        """The open room holds seats for others now. Raises Unavailable."""
        if occurrence.room_id is not None:
            reserved = [event.host_id, *await self._going(occurrence.id)]
            self._rooms.reserve(occurrence.room_id, reserved)

    async def _open(self, event: Event, occurrence: Occurrence, claim: Claim) -> None:
        reserved = [event.host_id, *await self._going(occurrence.id)]
        room_id = await self._rooms.open(event, occurrence, reserved, claim)
        if await self._store.set_room(occurrence.id, occurrence.room_id, room_id):
            _log.info("room of an event opened", extra={"room_id": room_id})
        else:
            await self._rooms.discard(room_id)

    async def _occurrence(self, event: Event, occurrence_id: str) -> Occurrence:
        for occurrence in await self._store.occurrences_of(event.id):
            if occurrence.id == occurrence_id:
                return occurrence
        raise EventNotFound

    async def _going(self, occurrence_id: str) -> Sequence[str]:
        people = await self._store.people_of(occurrence_id)
        return [person.user_id for person in people if person.place is Place.GOING]
