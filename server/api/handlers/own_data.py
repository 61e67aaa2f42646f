"""One's own data: a copy of all of it, and its end."""

from __future__ import annotations

from contextlib import aclosing
from datetime import UTC, datetime

from aiohttp import hdrs, web

from server.accounts.export import archive
from server.accounts.model import Purpose
from server.api.routing import ApiCall, Route
from server.api.services import Services
from server.errors import SignInRefused, Unavailable
from server.protocol import accounts as wire
from server.rooms.model import new_secret

_TICKET_TTL_S = 300.0


async def prepare_export(services: Services, call: ApiCall[None]) -> wire.ExportAddress:
    """A browser saves a file of any size only from an address, and sends no token there."""
    ticket = new_secret()
    await services.accounts.once.keep(ticket, Purpose.EXPORT, _TICKET_TTL_S, {}, user_id=call.user_id)
    return wire.ExportAddress(path=f"/api/account/export.zip?ticket={ticket}")


async def get_export(services: Services, call: ApiCall[wire.ExportTicket]) -> web.StreamResponse:
    accounts = services.accounts
    ticket = await accounts.once.take(Purpose.EXPORT, call.input.ticket)
    if ticket is None or ticket.user_id is None:
        raise SignInRefused
    day = datetime.fromtimestamp(services.clock(), UTC).date()
    response = web.StreamResponse(
        headers={
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="parlor-{day}.zip"',
            hdrs.CACHE_CONTROL: "private, no-store",
        }
    )
    response.content_type = "application/zip"
    pieces = archive(accounts.exports, services.conversations.find_recording, ticket.user_id)
    async with aclosing(pieces):
        first = await anext(pieces)  # before the head of the answer, which promises success
        await response.prepare(call.request)
        await response.write(first)
        try:
            async for piece in pieces:
                await response.write(piece)
        except Unavailable:  # the client sees an answer that ends too early
            if call.request.transport is not None:
                call.request.transport.abort()
    return response


async def delete_account(services: Services, call: ApiCall[None]) -> web.Response:
    """One transaction; connections, with their seats and knocks, end after it, and others are notified then.
    If it fails nothing has changed: the person is still signed in and can ask again. Of the profile that is
    gone nothing can be stored any more."""
    deleted = await services.accounts.store.delete_user(call.user_id, services.clock())
    services.sessions.ended(call.user_id, deleted.sessions)
    services.user_deleted(call.user_id)
    services.knowledge.purge.ask()
    await services.conversations.remove_recordings(deleted.messages)
    await services.schedule.person_left(call.user_id, deleted.events)  # last, since it may fail
    return web.Response(status=204)


ROUTES: tuple[Route, ...] = (
    Route(
        method="POST",
        path="/api/account/export",
        handler=prepare_export,
        summary="Get an address of a ZIP file with all your data.",
        response=wire.ExportAddress,
        accepts_banned=True,
        cost=20,
    ),
    Route(
        method="GET",
        path="/api/account/export.zip",
        handler=get_export,
        summary="Get all data of the person whose ticket it is, as a ZIP file. A ticket works once.",
        query=wire.ExportTicket,
        media="application/zip",
        auth=False,
        is_sign_in=True,
        errors=(SignInRefused, Unavailable),
    ),
    Route(
        method="DELETE",
        path="/api/account",
        handler=delete_account,
        summary="Delete your profile with all that is stored of you, at once and for good.",
        status=204,
        accepts_banned=True,
        cost=20,
    ),
)
