"""The store of events, and what the schedule needs of other parts: interfaces that they implement."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from server.notices.model import Channel, StoredNotice
from server.rooms.model import Claim
from server.schedule.model import MAX_OPEN_EVENTS, Edit, Event, Host, Listing, Occurrence, Place, Registered


@dataclass(frozen=True, slots=True)
class Affected:
    """A person with a place at an occurrence, or who waits for one, and what changed for them: it is `gone`,
    or was at `was_at`; neither: they have moved up from the waitlist."""

    user_id: str
    occurrence_id: str
    was_at: float | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class LeftEvent:
    """An event that a deleted person hosted, or had a place at: its occurrences to come that were theirs, and
    what changed for others."""

    event: Event
    occurrences: Sequence[Occurrence]
    affected: Sequence[Affected]


@dataclass(frozen=True, slots=True)
class Filter:
    """`mine`: what the reader hosts, has a place at or waits for; otherwise what is public. Empty `levels`
    and a `language` of None: all."""

    levels: tuple[str, ...] = ()
    language: str | None = None
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """Reminders that were claimed. `count` includes those that were dropped: they came too late, or the host
    is banned."""

    count: int
    notices: Sequence[StoredNotice]


@dataclass(frozen=True, slots=True)
class Pause:
    """An event that people with a place are to be told of: it is hidden as its host is banned (`is_hidden`),
    or it is shown again."""

    event_id: str
    is_hidden: bool


class ScheduleStore(Protocol):
    """All methods raise Unavailable."""

    async def add(self, event: Event, occurrences: Sequence[Occurrence], most: int) -> None:
        """Raises TooManyEvents if the host has `most` that are not over, or has MAX_STORED_TIMES,
        UserNotFound."""
        ...

    async def find(self, event_id: str, now: float) -> tuple[Event, Host] | None:
        """None also while its host is banned."""
        ...

    async def are_apart(self, user_id: str, other_id: str) -> bool:
        """Whether one of the two has blocked the other."""
        ...

    async def occurrences_of(self, event_id: str) -> Sequence[Occurrence]:
        """All of them, soonest first."""
        ...

    async def save(
        self, before: Event, edit: Edit, now: float, most: int = MAX_OPEN_EVENTS
    ) -> Sequence[Affected]:
        """Store a change of `before`. Returns whom it concerns. Raises Conflict if the event was changed
        meanwhile. A change that adds an event or a time raises TooManyEvents if its host has more than `most`
        then that are not over, or more than MAX_STORED_TIMES; UserNotFound."""
        ...

    async def list_coming(
        self,
        wanted: Filter,
        user_id: str,
        now: float,
        limit: int,
        after: tuple[float, str] | None = None,
    ) -> Sequence[Listing]:
        """Occurrences that are not over, soonest first, without those of hosts who are banned, who
        blocked the user, or whom the user blocked. `user_id` is empty for somebody who has not signed in.
        `after`: start and id of the last one of the page before."""
        ...

    async def listings_of(self, event_id: str, user_id: str, now: float, limit: int) -> Sequence[Listing]:
        """Occurrences of an event that are not over, cancelled ones too, soonest first."""
        ...

    async def calendar_of(
        self, user_id: str, since: float, limit: int, *, shown_at: float
    ) -> Sequence[Listing]:
        """List what the user hosts, has a place at or waits for, that ends after `since`, cancelled ones too.
        Without events of hosts who are banned at `shown_at`."""
        ...

    async def register(
        self, user_id: str, occurrence_ids: Sequence[str], places: int, now: float
    ) -> Sequence[tuple[str, Place]]:
        """Nothing changes where the user has a place or waits already. Raises EventFull if that is so of the
        first one, TooManyPlaces, UserNotFound."""
        ...

    async def unregister(
        self, user_id: str, occurrence_ids: Collection[str], places: int, now: float
    ) -> Sequence[Affected]:
        """Returns who has moved up."""
        ...

    async def places_with(
        self, user_id: str, host_id: str, now: float
    ) -> Sequence[tuple[Event, Sequence[Occurrence]]]:
        """The host's events at which the user has a place or waits for one, each with those of its times that
        are not over, cancelled ones too; also while the host is banned."""
        ...

    async def people_of(self, occurrence_id: str) -> Sequence[Registered]:
        """List those with a place first, then those who wait, each in their order."""
        ...

    async def is_registered(self, user_id: str, event_id: str) -> bool: ...

    async def set_room(self, occurrence_id: str, before: str | None, room_id: str) -> bool:
        """False if another room was opened meanwhile."""
        ...

    async def find_room(self, room_id: str) -> str | None:
        """The invite of an open room of any server, empty for a public one; None if there is no such room."""
        ...

    async def call(self, occurrence_id: str, now: float) -> bool:
        """Note that the host says that it starts. False if that was so before."""
        ...

    async def first_reminder(self) -> float | None:
        """When the next one is due."""
        ...

    async def take_reminders(self, now: float, limit: int, channels: Collection[Channel]) -> Due:
        """Claim what is due, and store its notices, in one transaction. None about events whose host is
        banned."""
        ...

    async def list_pauses(self, since: float, now: float, limit: int) -> Sequence[Pause]:
        """Of bans that were decided since `since`, and of all that are over."""
        ...

    async def take_pause(
        self, pause: Pause, now: float, channels: Collection[Channel], until: float
    ) -> Sequence[StoredNotice]:
        """Claim it, and store a notice for each person with a place at a time to come, or who waits for one,
        in one transaction. Nothing if another server has claimed it."""
        ...

    async def events_after(self, now: float, after_id: str, limit: int) -> Sequence[Event]:
        """Events with occurrences to come, by their ids."""
        ...

    async def delete_old(self, before: float) -> None:
        """Delete events that ended before then."""
        ...

    async def set_feed(self, user_id: str, digest: str, now: float) -> None:
        """The one before becomes void. Raises UserNotFound."""
        ...

    async def feed_of(self, user_id: str) -> float | None:
        """When the address of the user's calendar was made."""
        ...

    async def delete_feed(self, user_id: str) -> None: ...

    async def owner_of_feed(self, digest: str) -> str | None: ...


class EventRooms(Protocol):
    """The rooms in which events take place."""

    async def open(
        self, event: Event, occurrence: Occurrence, reserved: Collection[str], claim: Claim
    ) -> str:
        """The id of a new room at this server, which holds seats for the people of `reserved`. `claim`: of
        the person who opens it. Raises TooManyRooms, TooManyRoomsFromNetwork, Unavailable."""
        ...

    async def discard(self, room_id: str) -> None:
        """Close a room that `open` has just made, because another one is used."""
        ...

    def reserve(self, room_id: str, user_ids: Collection[str]) -> None:
        """Let the room's server know for whom it holds seats now."""
        ...
