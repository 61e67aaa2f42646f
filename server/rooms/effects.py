"""Carries out what rooms decide: events, media, the list of rooms, the store."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from server.protocol.entities import RoomType
from server.rooms.changes import (
    AssignSlots,
    Change,
    Changes,
    CloseMedia,
    ConnectionReleased,
    Dirty,
    KnockEnded,
    KnockStarted,
    ListingChanged,
    RoomEnded,
    SeatEnded,
    SeatTaken,
    Send,
    SetMediaMuted,
    dirty_records,
)
from server.rooms.lobby import Lobby
from server.rooms.members import Member
from server.rooms.persistence import Persistence
from server.rooms.ports import Clock, EventSink, Media
from server.rooms.room import Room
from server.rooms.runtime import OpenRooms


class Effects:
    def __init__(
        self,
        rooms: OpenRooms,
        media: Media,
        event_sink: EventSink,
        lobby: Lobby,
        persistence: Persistence,
        clock: Clock,
    ) -> None:
        self._rooms = rooms
        self._media = media
        self._event_sink = event_sink
        self._lobby = lobby
        self._persistence = persistence
        self._clock = clock

    def apply(self, room: Room, changes: Sequence[Change]) -> None:
        """Carry out the changes in their order. Records become dirty; nothing is written yet."""
        for change in changes:
            self._apply(room, change)

    def silence_handed_over(
        self, user_id: str, is_meant: Callable[[Member], bool] = lambda _member: True
    ) -> None:
        """Drop what the person still says here in rooms that another server has: what they see and may do is
        that server's. `is_meant`: of a seat of theirs."""
        for room in self._rooms.handed_over():
            member = room.seat_of(user_id)
            if member is not None and room.info.type is not RoomType.AI and is_meant(member):
                self._media.set_muted(member.id, True, at_once=True)

    async def commit(self, room: Room, changes: Changes, *, required: bool = True) -> None:
        """Apply the changes and store the records that they made dirty.

        Raises Unavailable if `required`: the changes still hold and are stored later.
        """
        self.apply(room, changes)
        await self._persistence.flush(room, dirty_records(changes), required=required)

    def _apply(self, room: Room, change: Change) -> None:
        match change:
            case Send():
                for seen in room.as_seen(change):
                    self._event_sink.send(seen.connection_ids, seen.event)
            case AssignSlots(participant_id, slots):
                self._media.assign(participant_id, slots)
            case SetMediaMuted(participant_id, muted, at_once):
                self._media.set_muted(participant_id, muted, at_once=at_once)
            case CloseMedia(participant_id):
                self._media.close(participant_id)
            case SeatTaken() | ConnectionReleased() | SeatEnded() | KnockStarted() | KnockEnded():
                self._rooms.update(room, change)
            case ListingChanged():
                self._lobby.changed(room, self._clock())
            case RoomEnded():
                self._rooms.close(room)
                self._lobby.gone(room.id)
            case Dirty(record):
                self._persistence.mark_dirty(room, record)
