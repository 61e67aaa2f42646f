"""The moderators' routes. Every row says `for_moderators`: a test goes through them all."""

from __future__ import annotations

from aiohttp import web

from server.api.routing import ApiCall, Route, path_id
from server.api.services import Services
from server.errors import (
    Conflict,
    ReportClosed,
    ReportNotFound,
    SanctionNotFound,
    Unavailable,
    UserNotFound,
)
from server.protocol import moderation as wire


async def list_reports(services: Services, call: ApiCall[wire.ReportQuery]) -> wire.ReportPage:
    return await services.moderation.queue.reports(call.input)


async def get_report(services: Services, call: ApiCall[None]) -> wire.ReportDetail:
    return await services.moderation.queue.report(path_id(call, ReportNotFound))


async def dismiss_report(services: Services, call: ApiCall[wire.Dismiss]) -> web.Response:
    report_id = path_id(call, ReportNotFound)
    await services.moderation.decisions.dismiss(call.user_id, report_id, call.input.note)
    return web.Response(status=204)


async def list_sanctions(services: Services, call: ApiCall[wire.SanctionQuery]) -> wire.SanctionPage:
    return await services.moderation.queue.sanctions(call.input)


async def decide(services: Services, call: ApiCall[wire.NewSanction]) -> web.Response:
    await services.moderation.decisions.decide(call.user_id, call.input)
    return web.Response(status=204)


async def undo_sanction(services: Services, call: ApiCall[wire.Undo]) -> web.Response:
    sanction_id = path_id(call, SanctionNotFound)
    await services.moderation.decisions.undo(call.user_id, sanction_id, call.input.note)
    return web.Response(status=204)


async def list_log(services: Services, call: ApiCall[wire.LogQuery]) -> wire.LogPage:
    return await services.moderation.queue.log(call.input)


ROUTES: tuple[Route, ...] = (
    Route(
        method="GET",
        path="/api/moderation/reports",
        handler=list_reports,
        summary="Moderators: list reports, open ones oldest first, closed ones newest first.",
        query=wire.ReportQuery,
        response=wire.ReportPage,
        for_moderators=True,
        cost=2,
    ),
    Route(
        method="GET",
        path="/api/moderation/reports/{id}",
        handler=get_report,
        summary="Moderators: get a report with its lines of chat, and what was decided about the person.",
        response=wire.ReportDetail,
        for_moderators=True,
        cost=2,
        errors=(ReportNotFound,),
    ),
    Route(
        method="POST",
        path="/api/moderation/reports/{id}/dismiss",
        handler=dismiss_report,
        summary="Moderators: close a report without consequences.",
        body=wire.Dismiss,
        status=204,
        for_moderators=True,
        cost=2,
        errors=(ReportNotFound, ReportClosed, Unavailable),
    ),
    Route(
        method="GET",
        path="/api/moderation/sanctions",
        handler=list_sanctions,
        summary="Moderators: list warnings, mutes and bans, newest first.",
        query=wire.SanctionQuery,
        response=wire.SanctionPage,
        for_moderators=True,
        cost=2,
    ),
    Route(
        method="POST",
        path="/api/moderation/sanctions",
        handler=decide,
        summary="Moderators: warn, mute or ban a person. It holds on every server within seconds.",
        body=wire.NewSanction,
        status=204,
        for_moderators=True,
        cost=5,
        errors=(UserNotFound, ReportNotFound, ReportClosed, Conflict, Unavailable),
    ),
    Route(
        method="POST",
        path="/api/moderation/sanctions/{id}/undo",
        handler=undo_sanction,
        summary="Moderators: undo a warning, mute or ban.",
        body=wire.Undo,
        status=204,
        for_moderators=True,
        cost=5,
        errors=(SanctionNotFound, Unavailable),
    ),
    Route(
        method="GET",
        path="/api/moderation/log",
        handler=list_log,
        summary="Moderators: list who did what when, newest first.",
        query=wire.LogQuery,
        response=wire.LogPage,
        for_moderators=True,
        cost=2,
    ),
)
