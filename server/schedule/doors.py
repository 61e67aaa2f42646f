"""When people may come to the room of an event."""

from __future__ import annotations

from server.errors import EventNotOpen, EventOver
from server.schedule.model import Event, Occurrence, Status

DOORS_S = 600.0
"""The doors open so long before the start; from then on people wait in front of the room."""


def require_open(event: Event, occurrence: Occurrence, now: float, *, has_room: bool) -> None:
    """After the end a room that is still there may be entered. Raises EventNotOpen, EventOver."""
    if Status.CANCELLED in {event.status, occurrence.status}:
        raise EventOver
    if now < occurrence.starts_at - DOORS_S:
        raise EventNotOpen
    if now >= occurrence.ends_at and not has_room:
        raise EventOver
