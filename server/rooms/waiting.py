"""Rooms of events: who waits in front of them, and for whom they hold seats. No I/O; times are wall-clock
seconds, because the start is one."""

from __future__ import annotations

from server.rooms.model import EventSeats

ALONE_S = 300.0
"""So long after the start people come in without the host, if the event allows it."""
HELD_S = 300.0
"""So long after the start seats are held for people with a place."""
WAIT_S = 4 * 3_600.0
"""Somebody who waits for a start does not knock again and again, as at the door of another room."""


def opens(event: EventSeats, wall_now: float, *, host_is_here: bool) -> bool:
    """Whether people need not wait any more. Once open, a room stays open."""
    if event.is_open:
        return True
    if wall_now < event.starts_at:
        return False
    if host_is_here:
        return not event.waiting_room
    return event.opens_alone and wall_now >= event.starts_at + ALONE_S


def held_for(event: EventSeats, wall_now: float) -> frozenset[str]:
    """Users whose seats nobody else gets."""
    return frozenset(event.reserved) if wall_now < event.starts_at + HELD_S else frozenset()
