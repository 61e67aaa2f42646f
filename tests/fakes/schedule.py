"""A schedule without events."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from server.notices.model import Channel, StoredNotice
from server.schedule.model import MAX_OPEN_EVENTS, Edit, Event, Host, Listing, Occurrence, Place, Registered
from server.schedule.ports import Affected, Due, Filter, Pause


class NoEvents:
    """A ScheduleStore that keeps nothing."""

    async def add(self, event: Event, occurrences: Sequence[Occurrence], most: int) -> None:
        pass

    async def find(self, event_id: str, now: float) -> tuple[Event, Host] | None:
        return None

    async def are_apart(self, user_id: str, other_id: str) -> bool:
        return False

    async def occurrences_of(self, event_id: str) -> Sequence[Occurrence]:
        return []

    async def save(
        self, before: Event, edit: Edit, now: float, most: int = MAX_OPEN_EVENTS
    ) -> Sequence[Affected]:
        return []

    async def list_coming(
        self,
        wanted: Filter,
        user_id: str,
        now: float,
        limit: int,
        after: tuple[float, str] | None = None,
    ) -> Sequence[Listing]:
        return []

    async def listings_of(self, event_id: str, user_id: str, now: float, limit: int) -> Sequence[Listing]:
        return []

    async def calendar_of(
        self, user_id: str, since: float, limit: int, *, shown_at: float
    ) -> Sequence[Listing]:
        return []

    async def register(
        self, user_id: str, occurrence_ids: Sequence[str], places: int, now: float
    ) -> Sequence[tuple[str, Place]]:
        return []

    async def unregister(
        self, user_id: str, occurrence_ids: Collection[str], places: int, now: float
    ) -> Sequence[Affected]:
        return []

    async def places_with(
        self, user_id: str, host_id: str, now: float
    ) -> Sequence[tuple[Event, Sequence[Occurrence]]]:
        return []

    async def people_of(self, occurrence_id: str) -> Sequence[Registered]:
        return []

    async def is_registered(self, user_id: str, event_id: str) -> bool:
        return False

    async def set_room(self, occurrence_id: str, before: str | None, room_id: str) -> bool:
        return False

    async def find_room(self, room_id: str) -> str | None:
        return None

    async def call(self, occurrence_id: str, now: float) -> bool:
        return False

    async def first_reminder(self) -> float | None:
        return None

    async def take_reminders(self, now: float, limit: int, channels: Collection[Channel]) -> Due:
        return Due(0, [])

    async def list_pauses(self, since: float, now: float, limit: int) -> Sequence[Pause]:
        return []

    async def take_pause(
        self, pause: Pause, now: float, channels: Collection[Channel], until: float
    ) -> Sequence[StoredNotice]:
        return []

    async def events_after(self, now: float, after_id: str, limit: int) -> Sequence[Event]:
        return []

    async def delete_old(self, before: float) -> None:
        pass

    async def set_feed(self, user_id: str, digest: str, now: float) -> None:
        pass

    async def feed_of(self, user_id: str) -> float | None:
        return None

    async def delete_feed(self, user_id: str) -> None:
        pass

    async def owner_of_feed(self, digest: str) -> str | None:
        return None
