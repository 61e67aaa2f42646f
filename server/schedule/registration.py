"""Decides who has a place at an occurrence, and who waits for one."""

from __future__ import annotations

from collections.abc import Sequence

from server.errors import EventFull
from server.schedule.model import MAX_WAITING, Place


def place_for(going: int, waiting: int, places: int) -> Place:
    """Return what one more person gets. Nobody passes those who wait. Raises EventFull."""
    if going < places and not waiting:
        return Place.GOING
    if waiting >= MAX_WAITING:
        raise EventFull
    return Place.WAITING


def moved_up(going: int, waiting: Sequence[str], places: int) -> Sequence[str]:
    """Return the people of the waitlist who have a place now, longest waiting first."""
    return waiting[: max(0, places - going)]
