"""Changes outside a room that its decisions require, as values. `effects.Effects` carries them out in
order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from server.protocol.rooms import SeqEvent
from server.rooms.model import SlotTable

ROOM = ""
"""Names the room's own record in the store, beside the records of its seats, which have the seats' ids."""
CHAT = "chat"
"""Names the lines of the room's chat that are not stored yet. No seat has this id: theirs are longer."""


@dataclass(frozen=True, slots=True)
class Send:
    """An event to these connections."""

    connection_ids: tuple[str, ...]
    event: SeqEvent


@dataclass(frozen=True, slots=True)
class AssignSlots:
    """The publishers that the SFU forwards to this participant."""

    participant_id: str
    slots: SlotTable


@dataclass(frozen=True, slots=True)
class SetMediaMuted:
    """The SFU drops or forwards the participant's packets. `at_once`: without the 150 ms for a last word."""

    participant_id: str
    muted: bool
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class CloseMedia:
    participant_id: str


@dataclass(frozen=True, slots=True)
class SeatTaken:
    """From now on this connection belongs to the participant."""

    participant_id: str
    connection_id: str


@dataclass(frozen=True, slots=True)
class ConnectionReleased:
    """The connection has no seat any more."""

    connection_id: str


@dataclass(frozen=True, slots=True)
class KnockStarted:
    """The connection waits at the room's door."""

    connection_id: str


@dataclass(frozen=True, slots=True)
class KnockEnded:
    connection_id: str


@dataclass(frozen=True, slots=True)
class SeatEnded:
    participant_id: str


@dataclass(frozen=True, slots=True)
class ListingChanged:
    """The room looks different in the list of rooms."""


@dataclass(frozen=True, slots=True)
class RoomEnded:
    pass


@dataclass(frozen=True, slots=True)
class Dirty:
    """The store does not hold this record as it is now: `ROOM`, `CHAT`, or that of the seat with this id."""

    record: str


IndexChange = SeatTaken | ConnectionReleased | SeatEnded | KnockStarted | KnockEnded
Change = Send | AssignSlots | SetMediaMuted | CloseMedia | IndexChange | ListingChanged | RoomEnded | Dirty
Changes = list[Change]


def dirty_records(changes: Iterable[Change]) -> list[str]:
    return [change.record for change in changes if isinstance(change, Dirty)]
