"""A room whose event begins: seats that are held, and the people who wait for the start. No I/O; changes as
in `room`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from server.rooms.admission import must_knock
from server.rooms.changes import ROOM, Changes, Dirty, ListingChanged
from server.rooms.knocking import let_in
from server.rooms.room import Room
from server.rooms.waiting import held_for, opens


def settle_event(room: Room, now: float, wall_now: float) -> Changes:
    """Hold seats as long as they are held, and let in those who wait when the event begins. Call it often."""
    event = room.info.event
    if event is None:
        return []
    room.held = held_for(event, wall_now)
    host_is_here = any(m.user.id == event.host_id and m.connection_id is not None for m in room.people)
    if event.is_open or not opens(event, wall_now, host_is_here=host_is_here):
        return []
    changes = room.change(replace(room.info, event=replace(event, is_open=True)))
    if room.empty_since is not None:  # those who are let in now need a moment to come
        room.empty_since = now
    admitted = [k for k in room.knocks.waiting if not must_knock(room, k.user, k.origin)]
    return [*changes, *let_in(room, admitted)]


def set_reserved(room: Room, user_ids: Collection[str], wall_now: float) -> Changes:
    """Seats are held for other people now."""
    event = room.info.event
    if event is None or set(event.reserved) == set(user_ids):
        return []
    event = replace(event, reserved=tuple(user_ids))
    room.info = replace(room.info, event=event)
    room.held = held_for(event, wall_now)
    return [Dirty(ROOM), ListingChanged()]


def admit_all(room: Room) -> Changes:
    """Let in everybody who waits, as long as there are seats, in their order."""
    free = room.info.max_participants - len(room.people)
    return let_in(room, room.knocks.waiting[:free])
