"""The caller's own profile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from server.api.avatars.paths import GENERATED, generated_path
from server.api.route import Call
from server.api.services import Services
from server.api.validation import read_body
from server.errors import InvalidRequest, Unauthenticated
from server.protocol.entities import User as WireUser
from server.protocol.rest import UserPatch
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
}


async def require_user(services: Services, user_id: str) -> User:
    """Raises Unauthenticated if the token's profile does not exist (another database, or deleted)."""
    user = await services.users.get_user(user_id)
    if user is None:
        raise Unauthenticated("This profile no longer exists. Sign in again.")
    return user


async def get_me(services: Services, call: Call[None]) -> WireUser:
    return user_view(await require_user(services, call.user_id))


async def patch_me(services: Services, call: Call[UserPatch]) -> WireUser:
    given = call.input.model_dump(mode="json", exclude_unset=True)
    changes = {_FIELDS[name]: value for name, value in given.items()}
    for field, member in (("name", "name"), ("keep_audio", "keepMyAudio")):
        if changes.get(field, "") is None:
            raise InvalidRequest(errors=[{"path": member, "message": "can be changed but not cleared"}])
    if "avatar" in changes:
        changes["avatar"] = _allowed_avatar(services, call.user_id, changes["avatar"])
    return await _edit(services, call.user_id, lambda user: replace(user, **changes))


async def put_avatar(services: Services, call: Call[None]) -> WireUser:
    upload = await read_body(call.request, MAX_UPLOAD_BYTES)
    async with services.profile_locks[call.user_id]:
        await require_user(services, call.user_id)
        path = await services.avatars.save(call.user_id, upload)
        return await _apply(services, call.user_id, lambda user: replace(user, avatar=path))


async def delete_avatar(services: Services, call: Call[None]) -> WireUser:
    path = generated_path(call.user_id)
    return await _edit(services, call.user_id, lambda user: replace(user, avatar=path))


async def _edit(services: Services, user_id: str, change: Callable[[User], User]) -> WireUser:
    # Without the lock, concurrent edits would overwrite each other's fields.
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


def _allowed_avatar(services: Services, user_id: str, path: Any) -> str:
    """None restores the generated avatar."""
    if path is None:
        return generated_path(user_id)
    if GENERATED.fullmatch(path) or services.avatars.owns(user_id, path):
        return str(path)
    raise InvalidRequest(errors=[{"path": "avatarUrl", "message": "is not one of your avatars"}])
