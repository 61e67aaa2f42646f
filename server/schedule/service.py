"""Events: planned, changed, listed, and the places in them."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable, Sequence

from server.common.cursors import cursor_of, position_in
from server.errors import AccountRequired, EventNotFound, EventOver, InvalidRequest, NotHost, ParlorError
from server.protocol import schedule as wire
from server.protocol.entities import RoomType
from server.rooms.model import digest, new_secret
from server.rooms.ports import CleanText, as_it_is
from server.rooms.views import timestamp
from server.schedule.changing import cancelled, changed
from server.schedule.entrance import Entrance
from server.schedule.ical import Site, event_file, feed
from server.schedule.model import MAX_OPEN_EVENTS, Edit, Event, Host, Occurrence, Status
from server.schedule.news import News
from server.schedule.planning import cleaned, new_event, new_words, plan_of
from server.schedule.ports import Filter, LeftEvent, ScheduleStore
from server.schedule.views import event_view, listed_view, people_view

SHOWN = 60
"""Occurrences on an event's page."""
_FEED_MOST = 500
_FEED_PAST_S = 30 * 86_400.0
"""Time for which a calendar keeps what is over."""
_log = logging.getLogger(__name__)

RequireWords = Callable[[str], Awaitable[None]]


async def _anybody(_user_id: str) -> None:
    pass


class Schedule:
    """`clock` is seconds since the epoch. `is_guest`: whether nothing keeps the user's profile. `page`: the
    server's address, without a slash at its end. `require_words`: raises for somebody whose words others must
    not see now."""

    def __init__(
        self,
        store: ScheduleStore,
        entrance: Entrance,
        news: News,
        is_guest: Callable[[str], Awaitable[bool]],
        clock: Callable[[], float],
        *,
        page: str,
        clean_text: CleanText = as_it_is,
        require_words: RequireWords = _anybody,
    ) -> None:
        self.store = store
        self.entrance = entrance
        self._news = news
        self._is_guest = is_guest
        self._clock = clock
        self._site = Site(page)
        self._clean_text = clean_text
        self._require_words = require_words

    # Coming events

    async def page(self, user_id: str, query: wire.EventQuery) -> wire.EventPage:
        """Raises InvalidRequest for a cursor of another list, Unavailable."""
        wanted = Filter(tuple(level.value for level in query.level), query.language, query.mine)
        after = _after(query.cursor) if query.cursor else None
        found = await self.store.list_coming(wanted, user_id, self._clock(), query.limit + 1, after)
        shown = found[: query.limit]
        last = shown[-1].occurrence if len(found) > len(shown) else None
        return wire.EventPage(
            items=[listed_view(listing, user_id) for listing in shown],
            next_cursor=cursor_of(last.starts_at, last.id) if last else None,
        )

    async def view(self, user_id: str, event_id: str, invite: str | None) -> wire.EventView:
        """Raises EventNotFound, Unavailable."""
        event, host = await self.find(user_id, event_id, invite)
        listings = await self.store.listings_of(event.id, user_id, self._clock(), SHOWN)
        return event_view(event, host, listings, user_id)

    async def find(self, user_id: str, event_id: str, invite: str | None = None) -> tuple[Event, Host]:
        """An event that the user may see; `user_id` is empty for somebody who has not signed in. Raises
        EventNotFound, Unavailable."""
        found = await self.store.find(event_id, self._clock())
        if found is None:
            raise EventNotFound
        event, host = found
        if user_id and await self.store.are_apart(user_id, event.host_id):
            raise EventNotFound
        if event.plan.type is not RoomType.PRIVATE or event.host_id == user_id:
            return event, host
        if invite is not None and hmac.compare_digest(invite.encode(), event.invite.encode()):
            return event, host
        if user_id and await self.store.is_registered(user_id, event_id):
            return event, host
        raise EventNotFound

    # The host

    async def create(self, user_id: str, wanted: wire.CreateEvent) -> wire.EventView:
        """Raises AccountRequired, MutedByModerator, InvalidRequest, TooManyEvents, UserNotFound,
        Unavailable."""
        await self._require_account(user_id)
        await self._require_words(user_id)
        event, occurrences = new_event(user_id, plan_of(cleaned(wanted, self._clean_text)), self._clock())
        await self.store.add(event, occurrences, MAX_OPEN_EVENTS)
        self._news.changed(event)
        return await self.view(user_id, event.id, None)

    async def change(self, user_id: str, event_id: str, change: wire.ChangeEvent) -> wire.EventView:
        """Returns the event that has the changed occurrences now. Raises EventNotFound, NotHost,
        MutedByModerator for new words, EventOver, InvalidRequest, TooManyEvents, Conflict, Unavailable."""
        event, occurrences = await self._own(user_id, event_id)
        if new_words(event, occurrences, change):
            await self._require_words(user_id)
        edit = changed(event, occurrences, cleaned(change, self._clean_text), self._clock())
        await self._save(event, occurrences, edit)
        return await self.view(user_id, edit.events[-1].id, None)

    async def cancel(self, user_id: str, event_id: str, query: wire.CancelEvent) -> None:
        """Raises EventNotFound, NotHost, EventOver, Conflict, Unavailable."""
        event, occurrences = await self._own(user_id, event_id)
        edit = cancelled(event, occurrences, query.scope, query.occurrence, self._clock())
        await self._save(event, occurrences, edit)

    async def person_left(self, user_id: str, left: Sequence[LeftEvent]) -> None:
        """A profile was deleted: notify those whose event is cancelled, and those who got a place. What
        cannot be sent is logged, since the profile is gone already."""
        for one in left:
            try:
                await self._news.tell(one.event, {o.id: o for o in one.occurrences}, one.affected)
                if one.event.host_id == user_id:
                    self._news.changed(one.event)
                else:
                    await self._places_changed(one.event, one.occurrences)
            except ParlorError as error:
                extra = {"code": error.code, "event_id": one.event.id}
                _log.warning("people not notified of an event that somebody left", extra=extra)

    async def people(self, user_id: str, event_id: str, occurrence_id: str) -> wire.RegisteredPeople:
        """Raises EventNotFound, NotHost, Unavailable."""
        _event, occurrences = await self._own(user_id, event_id)
        occurrence = _one(occurrences, occurrence_id)
        return people_view(await self.store.people_of(occurrence.id))

    async def remove_person(self, user_id: str, event_id: str, occurrence_id: str, person: str) -> None:
        """The host takes the person's place away. Raises EventNotFound, NotHost, Unavailable."""
        event, occurrences = await self._own(user_id, event_id)
        await self._give_up(event, [_one(occurrences, occurrence_id)], person)

    # Places

    async def register(self, user_id: str, event_id: str, wanted: wire.TakePlace) -> wire.EventView:
        """Raises AccountRequired, EventNotFound, EventOver, EventFull, TooManyPlaces, UserNotFound, Conflict,
        Unavailable."""
        event, _host = await self.find(user_id, event_id, wanted.invite)
        await self._require_account(user_id)
        if event.host_id == user_id:
            raise InvalidRequest("The host has a seat anyway.", errors=[])
        now = self._clock()
        chosen = await self._chosen(event, wanted.occurrence_id, following=wanted.following)
        coming = [o for o in chosen if o.status is Status.OPEN and o.ends_at > now]
        if event.status is not Status.OPEN or not coming:
            raise EventOver
        ids = [occurrence.id for occurrence in coming]
        await self.store.register(user_id, ids, event.plan.places, now)
        if wanted.language is not None:
            await self._news.speaks(user_id, wanted.language)
        await self._places_changed(event, coming)
        return await self.view(user_id, event_id, wanted.invite)

    async def unregister(self, user_id: str, event_id: str, query: wire.GiveUpPlace) -> None:
        """Nothing for somebody without a place. Raises EventNotFound, Unavailable."""
        event, _host = await self.find(user_id, event_id)
        chosen = await self._chosen(event, query.occurrence, following=query.following)
        await self._give_up(event, chosen, user_id)

    async def part(self, one_id: str, other_id: str) -> None:
        """One of the two has blocked the other: neither keeps a place at what the other hosts, which they
        cannot find any more. Raises Unavailable."""
        now = self._clock()
        for user_id, host_id in ((one_id, other_id), (other_id, one_id)):
            for event, occurrences in await self.store.places_with(user_id, host_id, now):
                await self._give_up(event, occurrences, user_id)

    # Calendars

    async def file(self, user_id: str, event_id: str, invite: str | None) -> bytes:
        """Raises EventNotFound, Unavailable."""
        event, _host = await self.find(user_id, event_id, invite)
        occurrences = await self.store.occurrences_of(event_id)
        return event_file(event, occurrences, self._site, self._clock())

    async def feed_of(self, user_id: str) -> wire.CalendarFeed:
        made = await self.store.feed_of(user_id)
        return wire.CalendarFeed(created_at=None if made is None else timestamp(made))

    async def new_feed(self, user_id: str) -> wire.NewCalendarFeed:
        """Raises AccountRequired, UserNotFound, Unavailable."""
        await self._require_account(user_id)
        secret = new_secret()
        await self.store.set_feed(user_id, digest(secret), self._clock())
        return wire.NewCalendarFeed(path=f"/api/calendar/{secret}.ics")

    async def feed(self, secret: str) -> bytes:
        """Raises EventNotFound, Unavailable."""
        owner = await self.store.owner_of_feed(digest(secret))
        if owner is None:
            raise EventNotFound
        since = self._clock() - _FEED_PAST_S
        listings = await self.store.calendar_of(owner, since, _FEED_MOST, shown_at=self._clock())
        return feed(listings, self._site, owner)

    # Parts

    async def _own(self, user_id: str, event_id: str) -> tuple[Event, Sequence[Occurrence]]:
        """Raises EventNotFound, NotHost."""
        event, _host = await self.find(user_id, event_id)
        if event.host_id != user_id:
            raise NotHost
        return event, await self.store.occurrences_of(event_id)

    async def _chosen(self, event: Event, occurrence_id: str, *, following: bool) -> Sequence[Occurrence]:
        """Raises EventNotFound."""
        occurrences = await self.store.occurrences_of(event.id)
        first = _one(occurrences, occurrence_id)
        return [o for o in occurrences if o.starts_at >= first.starts_at] if following else [first]

    async def _save(self, event: Event, occurrences: Sequence[Occurrence], edit: Edit) -> None:
        affected = await self.store.save(event, edit, self._clock())
        known = {o.id: o for o in (*occurrences, *edit.occurrences)}
        await self._news.tell(edit.events[-1], known, affected)
        for changed_event in edit.events:
            self._news.changed(changed_event)

    async def _give_up(self, event: Event, chosen: Sequence[Occurrence], user_id: str) -> None:
        ids = [occurrence.id for occurrence in chosen]
        affected = await self.store.unregister(user_id, ids, event.plan.places, self._clock())
        await self._news.tell(event, {o.id: o for o in chosen}, affected)
        await self._places_changed(event, chosen)

    async def _places_changed(self, event: Event, chosen: Sequence[Occurrence]) -> None:
        self._news.changed(event)
        for occurrence in chosen:
            await self.entrance.places_changed(event, occurrence)

    async def _require_account(self, user_id: str) -> None:
        if await self._is_guest(user_id):
            raise AccountRequired


def _one(occurrences: Sequence[Occurrence], occurrence_id: str) -> Occurrence:
    for occurrence in occurrences:
        if occurrence.id == occurrence_id:
            return occurrence
    raise EventNotFound


def _after(cursor: str) -> tuple[float, str]:
    """Raises InvalidRequest."""
    try:
        return position_in(cursor)
    except ValueError:
        raise InvalidRequest("This cursor is not of this list.", errors=[]) from None
