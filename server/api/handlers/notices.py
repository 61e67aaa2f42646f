"""Notices to oneself: the list, what was read, and how one wants to be reached."""

from __future__ import annotations

import base64
from typing import Any

from aiohttp import web

from server.accounts.model import EMAIL
from server.api.routing import ApiCall, Route
from server.api.services import Services
from server.errors import InvalidRequest, PushNotOffered, SessionEnded, Unavailable, UserNotFound
from server.notices.model import ReachChange
from server.notices.views import quiet_of, quiet_view
from server.protocol import notices as wire
from server.push.model import Target
from server.rooms.model import digest


async def list_notices(services: Services, call: ApiCall[wire.NoticeQuery]) -> wire.NoticePage:
    return await services.notices.page(call.user_id, call.input)


async def read_notices(services: Services, call: ApiCall[wire.ReadNotices]) -> web.Response:
    await services.notices.mark_read(call.user_id, call.input.ids)
    return web.Response(status=204)


async def delete_notices(services: Services, call: ApiCall[None]) -> web.Response:
    await services.notices.delete_all(call.user_id)
    return web.Response(status=204)


async def get_settings(services: Services, call: ApiCall[None]) -> wire.NoticeSettings:
    return await _settings(services, call)


async def change_settings(
    services: Services, call: ApiCall[wire.NoticeSettingsChange]
) -> wire.NoticeSettings:
    change = call.input
    wanted = ReachChange(
        mail=change.mail,
        language=change.language,
        topics=change.topics,
        quiet=quiet_of(change.quiet),
        sets_quiet="quiet" in change.model_fields_set,
    )
    await services.notices.store.set_reach(call.user_id, wanted)
    return await _settings(services, call)


async def subscribe(services: Services, call: ApiCall[wire.PushSubscribe]) -> wire.NoticeSettings:
    wanted = call.input
    target = Target(wanted.endpoint, _bytes(wanted.public_key), _bytes(wanted.auth))
    await services.push.subscribe(call.user_id, _session(call), target)
    await services.notices.store.set_reach(call.user_id, ReachChange(language=wanted.language))
    return await _settings(services, call)


async def unsubscribe(services: Services, call: ApiCall[None]) -> web.Response:
    await services.push.unsubscribe(_session(call))
    return web.Response(status=204)


async def _settings(services: Services, call: ApiCall[Any]) -> wire.NoticeSettings:
    identities = await services.accounts.store.identities_of(call.user_id)
    has_address = any(identity.issuer == EMAIL for identity in identities)
    chosen = await services.notices.store.settings_of(call.user_id)
    devices = await services.push.sessions_of(call.user_id)
    return wire.NoticeSettings(
        mail=chosen.mail,
        can_mail=services.accounts.mail is not None and has_address,
        push_key=await services.push.public_key(),
        push_here=_session(call) in devices,
        push_devices=len(devices),
        topics=list(chosen.topics),
        quiet=quiet_view(chosen.quiet),
        time_zone=chosen.time_zone,
    )


def _session(call: ApiCall[Any]) -> str:
    return digest(call.claims.session_id) if call.claims else ""


def _bytes(text: str) -> bytes:
    """Of base64url, whose shape is checked. Browsers write no padding."""
    return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))


ROUTES: tuple[Route, ...] = (
    Route(
        method="GET",
        path="/api/notices",
        handler=list_notices,
        summary="List your notices, newest first, in pages.",
        query=wire.NoticeQuery,
        response=wire.NoticePage,
        errors=(Unavailable,),
    ),
    Route(
        method="POST",
        path="/api/notices/read",
        handler=read_notices,
        summary="Mark notices as read: all, or these.",
        body=wire.ReadNotices,
        status=204,
        errors=(Unavailable,),
    ),
    Route(
        method="DELETE",
        path="/api/notices",
        handler=delete_notices,
        summary="Delete all your notices.",
        status=204,
        cost=2,
        errors=(Unavailable,),
    ),
    Route(
        method="GET",
        path="/api/notices/settings",
        handler=get_settings,
        summary="Get how you are told what happens while no page is open.",
        response=wire.NoticeSettings,
        errors=(Unavailable,),
    ),
    Route(
        method="PATCH",
        path="/api/notices/settings",
        handler=change_settings,
        summary="Change how you are told what happens while no page is open.",
        body=wire.NoticeSettingsChange,
        response=wire.NoticeSettings,
        cost=2,
        errors=(UserNotFound, Unavailable),
    ),
    Route(
        method="POST",
        path="/api/push/subscription",
        handler=subscribe,
        summary="Have messages sent to this device (Web Push).",
        body=wire.PushSubscribe,
        response=wire.NoticeSettings,
        cost=5,
        errors=(PushNotOffered, InvalidRequest, SessionEnded, UserNotFound, Unavailable),
    ),
    Route(
        method="DELETE",
        path="/api/push/subscription",
        handler=unsubscribe,
        summary="Have no messages sent to this device.",
        status=204,
        errors=(Unavailable,),
    ),
)
