"""Tells people about events: people with places by notices, open pages by an event of the lobby."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from server.notices.model import Language, ReachChange
from server.notices.service import Notices
from server.protocol.entities import RoomType
from server.protocol.lobby import EventsChanged
from server.protocol.notices import EventBody, EventCancelled, EventMoved, EventPlace, EventStarting
from server.rooms.ports import Bus, LobbySink
from server.schedule.model import Event, Occurrence
from server.schedule.ports import Affected

EVENTS_TOPIC = "events.changed"
"""On the bus: `ids` of events that pages should ask for again."""
_MOST = 50
"""Ids in one message. With more, pages ask for all that they show: an empty list says so."""


class News:
    """`flush` publishes what has changed since the last call: call it at least once a second. `clock` is
    seconds since the epoch."""

    def __init__(self, notices: Notices, bus: Bus, lobby: LobbySink, clock: Callable[[], float]) -> None:
        self._notices = notices
        self._bus = bus
        self._lobby = lobby
        self._clock = clock
        self._changed: dict[str, None] = {}
        self._unsubscribe = bus.subscribe(EVENTS_TOPIC, self._receive)

    def close(self) -> None:
        self._unsubscribe()

    def changed(self, event: Event) -> None:
        """Pages that show the event ask for it again. Nobody is told the ids of private ones."""
        if event.plan.type is not RoomType.PRIVATE:
            self._changed[event.id] = None

    def flush(self) -> None:
        if not self._changed:
            return
        ids = list(self._changed) if len(self._changed) <= _MOST else []
        self._changed.clear()
        self._bus.publish(EVENTS_TOPIC, {"ids": ids})

    async def tell(
        self, event: Event, occurrences: Mapping[str, Occurrence], affected: Sequence[Affected]
    ) -> None:
        """One notice to each person, about the first occurrence that changes for them: somebody with places
        at a whole series is not told once for each. Raises Unavailable."""
        first: dict[str, Affected] = {}
        for one in sorted(affected, key=lambda a: occurrences[a.occurrence_id].starts_at):
            if occurrences[one.occurrence_id].ends_at > self._clock():
                first.setdefault(one.user_id, one)
        people: defaultdict[tuple[str, float | None, bool], list[str]] = defaultdict(list)
        for one in first.values():
            people[one.occurrence_id, one.was_at, one.gone].append(one.user_id)
        for (occurrence_id, was_at, gone), user_ids in people.items():
            body = _body(event, occurrences[occurrence_id], was_at, gone=gone)
            await self._notices.notify_all(user_ids, body)

    async def starts(self, event: Event, occurrence: Occurrence, user_ids: Sequence[str]) -> None:
        """The host says that it starts. Raises Unavailable."""
        body = EventStarting(**_about(event, occurrence))
        await self._notices.notify_all(user_ids, body, key=f"starting:{occurrence.id}", useful_s=1_800.0)

    async def speaks(self, user_id: str, language: Language) -> None:
        """Raises UserNotFound, Unavailable."""
        await self._notices.store.set_reach(user_id, ReachChange(language=language))

    def _receive(self, payload: Mapping[str, object]) -> None:
        ids = payload.get("ids")
        if isinstance(ids, list):
            self._lobby.send(EventsChanged(event_ids=[str(i) for i in ids]))


def _body(event: Event, occurrence: Occurrence, was_at: float | None, *, gone: bool) -> EventBody:
    about = _about(event, occurrence)
    if gone:
        return EventCancelled(**about)
    if was_at is not None:
        return EventMoved(**about, was_at=_instant(was_at))
    return EventPlace(**about)


def _about(event: Event, occurrence: Occurrence) -> dict[str, object]:
    return {
        "event_id": event.id,
        "occurrence_id": occurrence.id,
        "name": occurrence.name or event.plan.name,
        "starts_at": _instant(occurrence.starts_at),
    }


def _instant(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
