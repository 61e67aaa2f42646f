"""Users: sign-in, one's own profile, and avatars."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from aiohttp import hdrs, web

from server.accounts.device_names import device_name
from server.api.avatars.drawing import draw
from server.api.avatars.encoding import MEDIA_TYPES
from server.api.avatars.uploads import GENERATED, generated_path
from server.api.built_files import BuiltFile, file_answer
from server.api.routing import ApiCall, Route
from server.api.services import Services
from server.auth import TokenClaims
from server.errors import (
    Banned,
    InvalidRequest,
    MutedByModerator,
    NotFound,
    PayloadTooLarge,
    PictureTooLarge,
    PictureUnreadable,
    ProfileGone,
    TooManySignUps,
    Unavailable,
)
from server.protocol.entities import Presence
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
    "zone_is_chosen": "zone_is_chosen",
    "is_hidden": "is_hidden",
    "about": "about",
    "also_speaks": "also_speaks",
    "practises": "practises",
    "presence": "presence",
}
_NEVER_NULL = (
    ("name", "name"),
    ("keep_audio", "keepMyAudio"),
    ("is_hidden", "isHidden"),
    ("zone_is_chosen", "zoneIsChosen"),
    ("about", "about"),
    ("presence", "presence"),
)


async def sign_in(services: Services, call: ApiCall[GuestRequest]) -> Session:
    guest, origin = call.input, services.devices.origin_of(call.request)
    await services.sessions.require_new(origin)
    user_id = secrets.token_hex(12)
    if guest.avatar_url and not GENERATED.fullmatch(guest.avatar_url):
        raise _wrong("avatarUrl", "must be the path of a generated avatar")
    user = User(
        id=user_id,
        name=services.clean_text(guest.name, "name"),
        avatar=guest.avatar_url or generated_path(user_id),
        created_at=services.clock(),
        native_language=guest.native_language,
        level=guest.learning_level.value if guest.learning_level else None,
        country=guest.country,
        practises=tuple(dict.fromkeys(guest.practises)),
    )
    await services.users.add_user(user)
    device = device_name(call.request.headers.get(hdrs.USER_AGENT, ""))
    return _session(services, user, await services.sessions.open(user_id, device, origin))


async def renew(services: Services, call: ApiCall[None]) -> Session:
    """Also for an expired token, so that people who come back late still have their profile and history."""
    user = await require_user(services, call.user_id)
    await services.users.seen(user.id, services.clock())
    return _session(services, user, services.sessions.token(claims_of(call)))


async def sign_out(services: Services, call: ApiCall[None]) -> web.Response:
    await services.sessions.end(claims_of(call))
    return web.Response(status=204)


async def get_me(services: Services, call: ApiCall[None]) -> WireUser:
    user = await require_user(services, call.user_id)
    with suppress(Unavailable):  # a store that only reads can still answer
        await services.sessions.seen(claims_of(call), services.devices.origin_of(call.request))
    return user_view(user)


async def patch_me(services: Services, call: ApiCall[UserPatch]) -> WireUser:
    given = call.input.model_dump(mode="json", exclude_unset=True)
    changes = {_FIELDS[name]: value for name, value in given.items()}
    for field, member in _NEVER_NULL:
        if changes.get(field, "") is None:
            raise _wrong(member, "must not be null")
    await _clean_words(services, call.user_id, changes)
    for languages in ("also_speaks", "practises"):
        if languages in changes:
            changes[languages] = tuple(dict.fromkeys(changes[languages]))
    if "presence" in changes:
        changes["presence"] = Presence(changes["presence"])
    if "avatar" in changes:
        changes["avatar"] = await _allowed_avatar(services, call.user_id, changes["avatar"])
    edited = await _edit(services, call.user_id, lambda user: _patched(user, changes))
    if changes.get("keep_audio") is False:  # also if it was False: an earlier request may have failed
        await services.conversations.delete_recordings(call.user_id)
    return edited


async def _clean_words(services: Services, user_id: str, changes: dict[str, Any]) -> None:
    """Texts of the profile as strangers may see them. Raises InvalidRequest, MutedByModerator if one is
    new."""
    given = [name for name in ("name", "about") if name in changes]
    if not given:
        return
    before = await require_user(services, user_id)
    for name in given:
        changes[name] = services.clean_text(changes[name], name)
    if any(changes[name] != getattr(before, name) for name in given):
        await services.moderation.standings.require_words(user_id)


def _patched(user: User, changes: dict[str, Any]) -> User:
    """A device that reports its zone does not take the place of one that the person chose."""
    if user.zone_is_chosen and "zone_is_chosen" not in changes:
        changes = {name: value for name, value in changes.items() if name != "time_zone"}
    return replace(user, **changes)


async def accept_rules(services: Services, call: ApiCall[None]) -> WireUser:
    """Once: a later call keeps the time of the first."""
    now = services.clock()
    return await _edit(
        services, call.user_id, lambda user: replace(user, rules_accepted_at=user.rules_accepted_at or now)
    )


async def put_avatar(services: Services, call: ApiCall[None]) -> WireUser:
    claim = services.devices.claim_of(call.request, call.user_id)
    async with (
        services.uploads.body(call.request, claim, MAX_UPLOAD_BYTES) as upload,
        services.profile_locks[call.user_id],
    ):
        await require_user(services, call.user_id)
        path = await services.avatars.save(claim, upload)
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


def claims_of(call: ApiCall[Any]) -> TokenClaims:
    if call.claims is None:
        raise TypeError("the route declares no auth")
    return call.claims


def _wrong(member: str, message: str) -> InvalidRequest:
    return InvalidRequest(errors=[wrong_field(member, message)])


ROUTES: tuple[Route, ...] = (
    Route(
        method="POST",
        path="/api/auth/guest",
        handler=sign_in,
        summary="Sign in as a guest, with a name.",
        body=GuestRequest,
        response=Session,
        auth=False,
        opens_session=True,
        errors=(TooManySignUps, Banned),
    ),
    Route(
        method="POST",
        path="/api/auth/renew",
        handler=renew,
        summary="Get a new token for the same session, also after the old one expired. Call it after half of"
        " the old one's lifetime.",
        response=Session,
        accepts_expired=True,
        cost=2,
    ),
    Route(
        method="POST",
        path="/api/auth/sign-out",
        handler=sign_out,
        summary="End the session: its tokens become void, its connections and seats end.",
        status=204,
        accepts_expired=True,
        cost=2,
    ),
    Route(
        method="GET",
        path="/api/users/me",
        handler=get_me,
        summary="Get your own profile.",
        response=WireUser,
    ),
    Route(
        method="PATCH",
        path="/api/users/me",
        handler=patch_me,
        summary="Change the members that are present; null clears one, or restores the generated avatar.",
        body=UserPatch,
        response=WireUser,
        cost=2,
        errors=(MutedByModerator,),
    ),
    Route(
        method="POST",
        path="/api/users/me/rules",
        handler=accept_rules,
        summary="Accept the house rules, without which nobody enters a room with others.",
        response=WireUser,
        cost=2,
    ),
    Route(
        method="PUT",
        path="/api/users/me/avatar",
        handler=put_avatar,
        summary="Upload an avatar of at most 5 MB; its first frame is cropped to a square of 256 pixels.",
        upload=MEDIA_TYPES,
        response=WireUser,
        cost=10,
        errors=(PayloadTooLarge, PictureUnreadable, PictureTooLarge, Unavailable),
    ),
    Route(
        method="DELETE",
        path="/api/users/me/avatar",
        handler=delete_avatar,
        summary="Restore the generated avatar.",
        response=WireUser,
        cost=2,
    ),
    Route(
        method="GET",
        path="/api/avatars/g/{seed}.svg",
        handler=generated,
        summary="Get the avatar generated from a seed (1 to 64 of A-Z a-z 0-9 _ -). It never changes.",
        media="image/svg+xml",
        auth=False,
        is_picture=True,
        errors=(NotFound,),
    ),
    Route(
        method="GET",
        path="/api/avatars/u/{name}.webp",
        handler=uploaded,
        summary="Get an uploaded avatar.",
        media="image/webp",
        auth=False,
        is_picture=True,
        errors=(NotFound,),
    ),
)
