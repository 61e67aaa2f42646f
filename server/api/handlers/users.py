"""Users: sign-in, one's own profile, and avatars."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from aiohttp import web

from server.api.avatars.drawing import draw
from server.api.avatars.uploads import GENERATED, generated_path
from server.api.built_files import BuiltFile, file_answer
from server.api.clients import client_ip
from server.api.routing import ApiCall, read_body
from server.api.services import Services
from server.auth import TokenClaims
from server.common.addresses import limit_key
from server.errors import InvalidRequest, NotFound, ProfileGone
from server.protocol.entities import User as WireUser
from server.protocol.field_errors import wrong_field
from server.protocol.rest import GuestRequest, Session, UserPatch
from server.rooms.model import User
from server.rooms.views import user_view

MAX_UPLOAD_BYTES = 5 * 1024 * 1024
_FIELDS = {
    "name": "name",
    "native_language": "native_language",
    "learning_level": "level",
    "country": "country",
    "avatar_url": "avatar",
    "keep_my_audio": "keep_audio",
    "time_zone": "time_zone",
}


async def sign_in(services: Services, call: ApiCall[GuestRequest]) -> Session:
    guest = call.input
    user_id = secrets.token_hex(12)
    if guest.avatar_url and not GENERATED.fullmatch(guest.avatar_url):
        raise _wrong("avatarUrl", "must be the path of a generated avatar")
    user = User(
        id=user_id,
        name=guest.name,
        avatar=guest.avatar_url or generated_path(user_id),
        created_at=services.clock(),
        native_language=guest.native_language,
        level=guest.learning_level.value if guest.learning_level else None,
        country=guest.country,
    )
    await services.users.add_user(user)
    return _session(services, user, await services.sessions.open(user_id))


async def renew(services: Services, call: ApiCall[None]) -> Session:
    """Also for an expired token, so that people who come back late still have their profile and history."""
    user = await require_user(services, call.user_id)
    await services.users.seen(user.id, services.clock())
    return _session(services, user, services.sessions.token(_claims(call)))


async def sign_out(services: Services, call: ApiCall[None]) -> web.Response:
    await services.sessions.end(_claims(call))
    return web.Response(status=204)


async def get_me(services: Services, call: ApiCall[None]) -> WireUser:
    return user_view(await require_user(services, call.user_id))


async def patch_me(services: Services, call: ApiCall[UserPatch]) -> WireUser:
    given = call.input.model_dump(mode="json", exclude_unset=True)
    changes = {_FIELDS[name]: value for name, value in given.items()}
    for field, member in (("name", "name"), ("keep_audio", "keepMyAudio")):
        if changes.get(field, "") is None:
            raise _wrong(member, "must not be null")
    if "avatar" in changes:
        changes["avatar"] = await _allowed_avatar(services, call.user_id, changes["avatar"])
    edited = await _edit(services, call.user_id, lambda user: replace(user, **changes))
    if changes.get("keep_audio") is False:  # also if it was False: an earlier request may have failed
        await services.conversations.delete_recordings(call.user_id)
    return edited


async def put_avatar(services: Services, call: ApiCall[None]) -> WireUser:
    upload = await read_body(call.request, MAX_UPLOAD_BYTES)
    address = limit_key(client_ip(call.request, services.trusted_proxies))
    async with services.profile_locks[call.user_id]:
        await require_user(services, call.user_id)
        path = await services.avatars.save(call.user_id, upload, address)
        return await _apply(services, call.user_id, lambda user: replace(user, avatar=path))


async def delete_avatar(services: Services, call: ApiCall[None]) -> WireUser:
    path = generated_path(call.user_id)
    return await _edit(services, call.user_id, lambda user: replace(user, avatar=path))


async def generated(services: Services, call: ApiCall[None]) -> web.StreamResponse:
    """Needs no token, as an <img> sends none. The same holds for `uploaded`."""
    match = GENERATED.fullmatch(call.request.path)
    if not match:
        raise NotFound
    pictures, path = services.avatars.cache, call.request.path
    picture = pictures.get(path) or pictures.put(path, "image/svg+xml", draw(match[1]).encode())
    return _picture(picture, call.request)


async def uploaded(services: Services, call: ApiCall[None]) -> web.StreamResponse:
    picture = await services.avatars.load(call.request.path)
    if picture is None:
        raise NotFound
    return _picture(picture, call.request)


def _picture(picture: BuiltFile, request: web.Request) -> web.Response:
    response = file_answer(picture, request, "public, max-age=31536000, immutable")
    # A picture that is opened as a page may load and run nothing.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


async def require_user(services: Services, user_id: str) -> User:
    """The profile. Raises ProfileGone if it was deleted."""
    user = await services.users.get_user(user_id)
    if user is None:
        raise ProfileGone
    return user


async def _edit(services: Services, user_id: str, change: Callable[[User], User]) -> WireUser:
    # Two edits at once would each overwrite the other's change.
    async with services.profile_locks[user_id]:
        return await _apply(services, user_id, change)


async def _apply(services: Services, user_id: str, change: Callable[[User], User]) -> WireUser:
    before = await require_user(services, user_id)
    after = change(before)
    if after != before:
        await services.users.update_user(after)
        services.user_changed(after)
    if after.avatar != before.avatar:
        await services.avatars.remove_others(user_id, keep=after.avatar)
    return user_view(after)


async def _allowed_avatar(services: Services, user_id: str, path: Any) -> str:
    """The avatar's path, None for the generated one. Raises InvalidRequest."""
    if path is None:
        return generated_path(user_id)
    if GENERATED.fullmatch(path) or await services.avatars.owns(user_id, path):
        return str(path)
    raise _wrong("avatarUrl", "must be the path of a generated avatar or of your own upload")


def _session(services: Services, user: User, token: str) -> Session:
    return Session(token=token, expires_in=services.sessions.token_ttl_s, user=user_view(user))


def _claims(call: ApiCall[None]) -> TokenClaims:
    if call.claims is None:
        raise TypeError("the route declares no auth")
    return call.claims


def _wrong(member: str, message: str) -> InvalidRequest:
    return InvalidRequest(errors=[wrong_field(member, message)])
