"""Signing in as a guest, and staying so."""

from __future__ import annotations

import secrets

from server.api.avatars.paths import GENERATED, generated_path
from server.api.handlers.profile import require_user
from server.api.route import Call
from server.api.services import Services
from server.errors import InvalidRequest
from server.protocol.rest import GuestRequest, Session
from server.rooms.model import User
from server.rooms.views import user_view


async def sign_in(services: Services, call: Call[GuestRequest]) -> Session:
    guest = call.input
    user_id = secrets.token_hex(12)
    if guest.avatar_url and not GENERATED.fullmatch(guest.avatar_url):
        raise InvalidRequest(errors=[{"path": "avatarUrl", "message": "is not a generated avatar"}])
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
    return _session(services, user)


async def renew(services: Services, call: Call[None]) -> Session:
    user = await require_user(services, call.user_id)
    await services.users.seen(user.id, services.clock())
    return _session(services, user)


def _session(services: Services, user: User) -> Session:
    token = services.auth.issue(user.id, services.clock())
    return Session(token=token, expires_in=services.auth.ttl_s, user=user_view(user))
