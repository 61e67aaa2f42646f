"""Rooms at a set time: events, places in them, the way in, calendars."""

from __future__ import annotations

from aiohttp import hdrs, web

from server.api.routing import ApiCall, Route, path_id, reply
from server.api.services import Services
from server.errors import (
    AccountRequired,
    Conflict,
    EventFull,
    EventNotFound,
    EventNotOpen,
    EventOver,
    MutedByModerator,
    NotHost,
    TooManyEvents,
    TooManyPlaces,
    TooManyRooms,
    TooManyRoomsFromNetwork,
    Unavailable,
    UserNotFound,
)
from server.protocol import schedule as wire

CALENDAR = "text/calendar"
_LISTED_S = 300
"""Time for which a calendar program may use a file without asking again."""


async def list_events(services: Services, call: ApiCall[wire.EventQuery]) -> wire.EventPage:
    return await services.schedule.page(call.user_id, call.input)


async def create_event(services: Services, call: ApiCall[wire.CreateEvent]) -> web.Response:
    created = await services.schedule.create(call.user_id, call.input)
    return reply(created, 201, {"Location": f"/api/events/{created.id}"})


async def get_event(services: Services, call: ApiCall[wire.EventAccess]) -> wire.EventView:
    return await services.schedule.view(call.user_id, path_id(call, EventNotFound), call.input.invite)


async def change_event(services: Services, call: ApiCall[wire.ChangeEvent]) -> wire.EventView:
    return await services.schedule.change(call.user_id, path_id(call, EventNotFound), call.input)


async def cancel_event(services: Services, call: ApiCall[wire.CancelEvent]) -> web.Response:
    await services.schedule.cancel(call.user_id, path_id(call, EventNotFound), call.input)
    return web.Response(status=204)


async def register(services: Services, call: ApiCall[wire.TakePlace]) -> wire.EventView:
    return await services.schedule.register(call.user_id, path_id(call, EventNotFound), call.input)


async def unregister(services: Services, call: ApiCall[wire.GiveUpPlace]) -> web.Response:
    await services.schedule.unregister(call.user_id, path_id(call, EventNotFound), call.input)
    return web.Response(status=204)


async def list_people(services: Services, call: ApiCall[wire.OccurrenceQuery]) -> wire.RegisteredPeople:
    event_id = path_id(call, EventNotFound)
    return await services.schedule.people(call.user_id, event_id, call.input.occurrence)


async def remove_person(services: Services, call: ApiCall[wire.OccurrenceQuery]) -> web.Response:
    event_id, person = path_id(call, EventNotFound), path_id(call, UserNotFound, "user")
    await services.schedule.remove_person(call.user_id, event_id, call.input.occurrence, person)
    return web.Response(status=204)


async def enter_event(services: Services, call: ApiCall[wire.EnterEvent]) -> wire.EnteredEvent:
    event_id = path_id(call, EventNotFound)
    event, _host = await services.schedule.find(call.user_id, event_id, call.input.invite)
    claim = services.devices.claim_of(call.request, call.user_id)
    return await services.schedule.entrance.enter(event, call.input.occurrence_id, claim)


async def call_event(services: Services, call: ApiCall[wire.OccurrenceChoice]) -> web.Response:
    event, _host = await services.schedule.find(call.user_id, path_id(call, EventNotFound))
    await services.schedule.entrance.call(call.user_id, event, call.input.occurrence_id)
    return web.Response(status=204)


async def get_event_file(services: Services, call: ApiCall[wire.EventAccess]) -> web.Response:
    """A browser saves it from an address, where it sends no token: a private event needs its invite."""
    event_id = path_id(call, EventNotFound)
    file = await services.schedule.file("", event_id, call.input.invite)
    return _calendar(file, f'attachment; filename="parlor-{event_id}.ics"')


async def get_feed(services: Services, call: ApiCall[None]) -> wire.CalendarFeed:
    return await services.schedule.feed_of(call.user_id)


async def make_feed(services: Services, call: ApiCall[None]) -> wire.NewCalendarFeed:
    return await services.schedule.new_feed(call.user_id)


async def delete_feed(services: Services, call: ApiCall[None]) -> web.Response:
    await services.schedule.store.delete_feed(call.user_id)
    return web.Response(status=204)


async def read_feed(services: Services, call: ApiCall[None]) -> web.Response:
    return _calendar(await services.schedule.feed(path_id(call, EventNotFound, "secret")), "inline")


def _calendar(body: bytes, disposition: str) -> web.Response:
    headers = {hdrs.CONTENT_DISPOSITION: disposition, hdrs.CACHE_CONTROL: f"private, max-age={_LISTED_S}"}
    return web.Response(body=body, content_type=CALENDAR, charset="utf-8", headers=headers)


ROUTES: tuple[Route, ...] = (
    Route(
        method="GET",
        path="/api/events",
        handler=list_events,
        summary="List rooms at a set time that are not over, soonest first, in pages: public ones, or yours.",
        query=wire.EventQuery,
        response=wire.EventPage,
        auth="optional",
        cost=2,
        errors=(Unavailable,),
    ),
    Route(
        method="POST",
        path="/api/events",
        handler=create_event,
        summary="Plan a room at a set time, once or repeated. It needs a profile that lasts.",
        body=wire.CreateEvent,
        response=wire.EventView,
        status=201,
        cost=10,
        errors=(AccountRequired, MutedByModerator, TooManyEvents, UserNotFound, Unavailable),
    ),
    Route(
        method="GET",
        path="/api/events/{id}.ics",
        handler=get_event_file,
        summary="Get an event as an iCalendar file.",
        query=wire.EventAccess,
        media=CALENDAR,
        auth=False,
        cost=5,
        errors=(EventNotFound, Unavailable),
    ),
    Route(
        method="GET",
        path="/api/events/{id}",
        handler=get_event,
        summary="Get an event with the times at which it takes place. A private one requires its "
        "invite, unless you host it or have a place.",
        query=wire.EventAccess,
        response=wire.EventView,
        auth="optional",
        cost=2,
        errors=(EventNotFound, Unavailable),
    ),
    Route(
        method="PATCH",
        path="/api/events/{id}",
        handler=change_event,
        summary="Host: change one time, one and all later ones, or all. People with places are told.",
        body=wire.ChangeEvent,
        response=wire.EventView,
        cost=10,
        errors=(EventNotFound, NotHost, MutedByModerator, EventOver, TooManyEvents, Conflict, Unavailable),
    ),
    Route(
        method="DELETE",
        path="/api/events/{id}",
        handler=cancel_event,
        summary="Host: cancel one time, one and all later ones, or all. People with places are told.",
        query=wire.CancelEvent,
        status=204,
        cost=5,
        errors=(EventNotFound, NotHost, EventOver, Conflict, Unavailable),
    ),
    Route(
        method="POST",
        path="/api/events/{id}/registration",
        handler=register,
        summary="Get a place, or one on the waitlist, at one time or at all from then on.",
        body=wire.TakePlace,
        response=wire.EventView,
        cost=5,
        errors=(
            AccountRequired,
            EventNotFound,
            EventOver,
            EventFull,
            TooManyPlaces,
            UserNotFound,
            Conflict,
            Unavailable,
        ),
    ),
    Route(
        method="DELETE",
        path="/api/events/{id}/registration",
        handler=unregister,
        summary="Give up your place, at one time or at all from then on. Who waits longest gets it.",
        query=wire.GiveUpPlace,
        status=204,
        cost=5,
        errors=(EventNotFound, Unavailable),
    ),
    Route(
        method="GET",
        path="/api/events/{id}/people",
        handler=list_people,
        summary="Host: list the people with a place at one time, and those who wait.",
        query=wire.OccurrenceQuery,
        response=wire.RegisteredPeople,
        cost=2,
        errors=(EventNotFound, NotHost, Unavailable),
    ),
    Route(
        method="DELETE",
        path="/api/events/{id}/people/{user}",
        handler=remove_person,
        summary="Host: take somebody's place away at one time.",
        query=wire.OccurrenceQuery,
        status=204,
        cost=2,
        errors=(EventNotFound, NotHost, UserNotFound, Unavailable),
    ),
    Route(
        method="POST",
        path="/api/events/{id}/enter",
        handler=enter_event,
        summary="Get the room of one time, from ten minutes before its start. The first person opens it.",
        body=wire.EnterEvent,
        response=wire.EnteredEvent,
        cost=5,
        errors=(
            EventNotFound,
            EventNotOpen,
            EventOver,
            TooManyRooms,
            TooManyRoomsFromNetwork,
            Unavailable,
        ),
    ),
    Route(
        method="POST",
        path="/api/events/{id}/call",
        handler=call_event,
        summary="Host: tell everybody with a place that it starts now, once.",
        body=wire.OccurrenceChoice,
        status=204,
        cost=5,
        errors=(EventNotFound, NotHost, EventNotOpen, EventOver, Conflict, Unavailable),
    ),
    Route(
        method="GET",
        path="/api/calendar",
        handler=get_feed,
        summary="Get since when your calendar has a secret address.",
        response=wire.CalendarFeed,
        errors=(Unavailable,),
    ),
    Route(
        method="POST",
        path="/api/calendar",
        handler=make_feed,
        summary="Make a secret address for your calendar, which is shown once. The one before becomes void.",
        response=wire.NewCalendarFeed,
        cost=5,
        errors=(AccountRequired, UserNotFound, Unavailable),
    ),
    Route(
        method="DELETE",
        path="/api/calendar",
        handler=delete_feed,
        summary="Make the address of your calendar void.",
        status=204,
        cost=2,
        errors=(Unavailable,),
    ),
    Route(
        method="GET",
        path="/api/calendar/{secret}.ics",
        handler=read_feed,
        summary="Get the calendar of the person whose secret address it is, for calendar programs.",
        media=CALENDAR,
        auth=False,
        cost=2,
        errors=(EventNotFound, Unavailable),
    ),
)
