"""Reports on people, and what moderators have decided about oneself."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from server.api.routing import ApiCall, Route, path_id
from server.api.services import Services
from server.errors import (
    Conflict,
    NotJoined,
    RoomElsewhere,
    RoomNotFound,
    SanctionNotFound,
    TooManyReports,
    Unavailable,
    UserNotFound,
)
from server.protocol import moderation as wire


async def report(services: Services, call: ApiCall[wire.NewReport]) -> wire.ReportTaken:
    await _check_limit(services, call)
    await services.moderation.reports.from_profile(call.user_id, call.input)
    return wire.ReportTaken()


async def report_from_room(services: Services, call: ApiCall[wire.RoomReport]) -> wire.ReportTaken:
    """Only people in the room: otherwise anybody with its address could show its chat to moderators."""
    room_id = path_id(call, RoomNotFound)
    await services.rooms.require_here(room_id)
    name = services.rooms.name_for(room_id, call.user_id)
    await _check_limit(services, call)
    await services.moderation.reports.from_room(call.user_id, call.input, room_id, name)
    return wire.ReportTaken()


async def get_standing(services: Services, call: ApiCall[None]) -> wire.Standing:
    return await services.moderation.standings.view(call.user_id)


async def acknowledge(services: Services, call: ApiCall[None]) -> web.Response:
    await services.moderation.standings.acknowledge(call.user_id, path_id(call, SanctionNotFound))
    return web.Response(status=204)


async def object_to_ban(services: Services, call: ApiCall[wire.Objection]) -> web.Response:
    await services.moderation.standings.object(call.user_id, call.input.words)
    return web.Response(status=204)


async def get_privacy(services: Services, _call: ApiCall[None]) -> wire.PrivacyFacts:
    return services.privacy


async def _check_limit(services: Services, call: ApiCall[Any]) -> None:
    await services.limits.check_report(call.user_id, services.address_of(call.request))


ROUTES: tuple[Route, ...] = (
    Route(
        method="GET",
        path="/api/privacy",
        handler=get_privacy,
        summary="Get for how long this server keeps what.",
        response=wire.PrivacyFacts,
        auth=False,
    ),
    Route(
        method="POST",
        path="/api/reports",
        handler=report,
        summary="Report a person to the moderators, from their profile card. The person learns nothing.",
        body=wire.NewReport,
        response=wire.ReportTaken,
        status=201,
        cost=5,
        errors=(Conflict, UserNotFound, TooManyReports, Unavailable),
    ),
    Route(
        method="POST",
        path="/api/rooms/{id}/reports",
        of_room=True,
        handler=report_from_room,
        summary="Report a person from a room in which you have a seat, with the last lines of its text chat.",
        body=wire.RoomReport,
        response=wire.ReportTaken,
        status=201,
        cost=5,
        errors=(RoomNotFound, RoomElsewhere, NotJoined, Conflict, UserNotFound, TooManyReports, Unavailable),
    ),
    Route(
        method="GET",
        path="/api/users/me/standing",
        handler=get_standing,
        summary="Get what moderators have decided about you: warnings to acknowledge, the end of a mute.",
        response=wire.Standing,
    ),
    Route(
        method="POST",
        path="/api/users/me/warnings/{id}/acknowledge",
        handler=acknowledge,
        summary="Acknowledge a moderator's warning, without which you cannot join a room with others.",
        status=204,
        cost=2,
        errors=(SanctionNotFound,),
    ),
    Route(
        method="POST",
        path="/api/users/me/objection",
        handler=object_to_ban,
        summary="Object to your ban, once. A moderator reads it.",
        body=wire.Objection,
        status=204,
        accepts_banned=True,
        cost=10,
        errors=(Conflict, Unavailable),
    ),
)
