"""Events, their occurrences and places as values, as they are stored.

Times are seconds since the epoch, except local starts: those are times in the event's zone, without seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from server.protocol.entities import RoomType
from server.schedule.recurrence import Rule

MAX_OPEN_EVENTS = 20
"""Of one host, that are not over."""
MAX_STORED_TIMES = 10_000
"""Of one host: those that are over or cancelled too, which are kept for 90 days and more. Twenty daily events
of a year have 7,320."""
MAX_PLACES = 200
"""Of one person, at occurrences that are not over."""
MAX_WAITING = 100
"""People on the waitlist of one occurrence."""


class Status(StrEnum):
    OPEN = "open"
    CANCELLED = "cancelled"


class Place(StrEnum):
    """The place of a registration."""

    GOING = "going"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Plan:
    """The settings of a host for an event. `seats` counts the people in the room, with the host.
    `waiting_room`: the host lets people in one by one. `opens_alone`: people come in five minutes after the
    start even without the host."""

    name: str
    topic: str
    level: str
    type: RoomType
    language: str
    tags: tuple[str, ...]
    seats: int
    waiting_room: bool
    opens_alone: bool
    start: datetime
    zone: str
    minutes: int
    rule: Rule | None = None

    @property
    def places(self) -> int:
        """For people who register: the host has a seat anyway."""
        return self.seats - 1


@dataclass(frozen=True, slots=True)
class Event:
    """`sequence` grows with each change of time (RFC 5545). `invite` opens a private event."""

    id: str
    host_id: str
    plan: Plan
    created_at: float
    changed_at: float
    invite: str = ""
    sequence: int = 0
    status: Status = Status.OPEN


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time at which an event takes place. `planned`: its local start by the rule, which names it among
    the event's; `start`: its local start, another one if it was moved alone. `name` and `topic` are its own,
    None for the event's. `room_id`: the room that was opened for it last. `called_at`: when the host said
    that it starts."""

    id: str
    event_id: str
    planned: datetime
    start: datetime
    starts_at: float
    ends_at: float
    changed_at: float
    name: str | None = None
    topic: str | None = None
    status: Status = Status.OPEN
    sequence: int = 0
    room_id: str | None = None
    called_at: float | None = None


@dataclass(frozen=True, slots=True)
class Host:
    id: str
    name: str
    avatar: str


@dataclass(frozen=True, slots=True)
class Listing:
    """An occurrence as lists show it, to one reader: `mine` is the place that they have, `ahead` how many
    wait before them."""

    event: Event
    occurrence: Occurrence
    host: Host
    going: int
    waiting: int
    mine: Place | None = None
    ahead: int = 0


@dataclass(frozen=True, slots=True)
class Registered:
    """A person who has a place at an occurrence, or waits for one."""

    user_id: str
    name: str
    avatar: str
    place: Place
    at: float


@dataclass(frozen=True, slots=True)
class Edit:
    """A new state of some events and their occurrences. `gone`: ids of occurrences that do not take place any
    more. `moved`: the former start of each that has another time now."""

    events: tuple[Event, ...]
    occurrences: tuple[Occurrence, ...]
    gone: tuple[str, ...] = ()
    moved: dict[str, float] = field(default_factory=dict)
