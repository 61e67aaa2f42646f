"""Bodies of the REST routes, which `api/` holds; errors are `Problem` (application/problem+json)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from server.protocol.base import (
    AvatarPath,
    CountryCode,
    Id,
    Inbound,
    LanguageTag,
    Outbound,
    PersonName,
    RoomName,
    Secret,
    Tag,
    Topic,
)
from server.protocol.entities import Room, RoomType, User
from server.protocol.levels import Level, LevelInfo

MAX_PARTICIPANTS = 12


class FieldError(Outbound):
    path: str
    message: str


class Problem(Outbound):
    """RFC 9457. `code` is stable; `detail` is safe to show; `retryable`: the same call may succeed later."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    retryable: bool
    errors: list[FieldError] | None = None
    retry_after: float | None = Field(default=None, description="seconds")


class _Profile(Inbound):
    """What people may say of themselves."""

    name: PersonName | None = None
    native_language: LanguageTag | None = None
    learning_level: Annotated[Level | None, Field(strict=False)] = None
    country: CountryCode | None = None
    avatar_url: AvatarPath | None = None


class GuestRequest(_Profile):
    name: PersonName


class Session(Outbound):
    """`expires_in` is in seconds; a client renews (POST /api/auth/renew) once half of it has passed."""

    token: str
    expires_in: int
    user: User


class UserPatch(_Profile):
    """Only the members that are present change; null clears an optional one."""

    keep_my_audio: bool | None = None


class LevelList(Outbound):
    items: list[LevelInfo]


class OnlineCount(Outbound):
    """People with a page open, on all nodes."""

    count: int


class RoomQuery(Inbound):
    """Query string of GET /api/rooms. `level` may be repeated. `search` covers name, topic and tags."""

    level: Annotated[list[Level], Field(strict=False, max_length=6)] = []
    search: Annotated[str, Field(max_length=100)] = ""
    sort: Literal["participants", "newest"] = "participants"
    type: Annotated[RoomType | None, Field(strict=False)] = None
    language: LanguageTag | None = None
    limit: Annotated[int, Field(strict=False, ge=1, le=100)] = 50
    cursor: Annotated[str | None, Field(max_length=200)] = None


class RoomAccess(Inbound):
    """Query string of GET /api/rooms/{id}. An invite that was cut short is wrong, not malformed."""

    invite: Annotated[str | None, Field(max_length=200)] = None


class RoomPage(Outbound):
    items: list[Room]
    next_cursor: str | None


class CreateRoom(Inbound):
    name: RoomName
    topic: Topic = ""
    level: Annotated[Level, Field(strict=False)]
    type: Annotated[RoomType, Field(strict=False)] = RoomType.PUBLIC
    max_participants: Annotated[int, Field(ge=2, le=MAX_PARTICIPANTS)] = MAX_PARTICIPANTS
    tags: Annotated[list[Tag], Field(max_length=5)] = []
    language: LanguageTag = "en"


class CreatedRoom(Room):
    """`invite` opens a private room; null for the others."""

    invite: Secret | None


class Health(Outbound):
    status: Literal["ok", "starting", "draining"]
    node: Id
