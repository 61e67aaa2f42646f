"""Bodies and queries of the REST routes of `server/api`. Errors are `Problem` (application/problem+json)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from server.protocol.base import (
    MAX_PARTICIPANTS,
    AvatarPath,
    Chairs,
    CleanInvite,
    CountryCode,
    Id,
    Inbound,
    KnownTimeZone,
    LanguageTag,
    Outbound,
    PersonName,
    RoomName,
    Secret,
    Tag,
    Timestamp,
    Topic,
)
from server.protocol.entities import ListedRoom, Presence, Room, RoomNode, RoomType, User
from server.protocol.levels import Level, LevelInfo
from server.protocol.moderation import BanNotice
from server.protocol.people import MAX_LANGUAGES, AboutText

FieldErrorCode = Literal[
    "required",
    "unknown",
    "too_long",
    "too_short",
    "out_of_range",
    "invisible",
    "control_characters",
    "bad_words",
    "invalid",
]


class FieldError(Outbound):
    """`path` names the member, such as `tags.2`. `message` is English; clients translate the code."""

    path: str
    code: FieldErrorCode
    message: str


class Problem(Outbound):
    """RFC 9457. `code` is stable; `detail` is safe to show; `retryable` calls may succeed later."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    retryable: bool
    errors: list[FieldError] | None = None
    retry_after: float | None = Field(default=None, description="seconds")
    node: RoomNode | None = Field(default=None, description="with `room_elsewhere`, if servers share rooms")
    until: Timestamp | None = Field(default=None, description="with `muted_by_moderator`")
    ban: BanNotice | None = Field(default=None, description="with `banned`")


class _Profile(Inbound):
    """The parts of a profile that its owner can set."""

    name: PersonName | None = None
    native_language: LanguageTag | None = None
    learning_level: Annotated[Level | None, Field(strict=False)] = None
    country: CountryCode | None = None
    avatar_url: AvatarPath | None = None
    practises: Annotated[list[LanguageTag], Field(max_length=MAX_LANGUAGES)] = []


class GuestRequest(_Profile):
    name: PersonName


class Session(Outbound):
    """`expires_in` is in seconds. Renew the token (POST /api/auth/renew) after half of that time."""

    token: str
    expires_in: int
    user: User


class UserPatch(_Profile):
    """Only the members that are present are changed; null clears an optional one.

    `time_zone`: that of the device; it changes nothing once the person has chosen a zone. The days of
    progress begin at its midnight. `zone_is_chosen`: true with a zone that the person chose, false to follow
    the device again. `about`: a few sentences for the profile card.
    """

    keep_my_audio: bool | None = None
    time_zone: KnownTimeZone | None = None
    zone_is_chosen: bool | None = None
    is_hidden: bool | None = None
    about: AboutText | None = None
    also_speaks: Annotated[list[LanguageTag], Field(max_length=MAX_LANGUAGES)] = []
    presence: Annotated[Presence | None, Field(strict=False)] = None


class LevelList(Outbound):
    items: list[LevelInfo]


class OnlineCount(Outbound):
    """The number of people with an open connection to any node."""

    count: int


class RoomQuery(Inbound):
    """Query string of GET /api/rooms. `level` may be repeated. Each word of `search` must occur in the name,
    the topic or a tag."""

    level: Annotated[list[Level], Field(strict=False, max_length=6)] = []
    search: Annotated[str, Field(max_length=100)] = ""
    sort: Literal["participants", "newest"] = "participants"
    type: Annotated[RoomType | None, Field(strict=False)] = None
    language: LanguageTag | None = None
    limit: Annotated[int, Field(strict=False, ge=1, le=100)] = 50
    cursor: Annotated[str | None, Field(max_length=200)] = None


class RoomAccess(Inbound):
    """Query string of GET /api/rooms/{id}. A truncated invite is `invite_invalid`, not `invalid_request`."""

    invite: Annotated[str | None, Field(max_length=200), CleanInvite] = None


class NodeQuery(Inbound):
    """Query string of GET /api/rooms/{id}/node. `not`: the `nodeId` of a server that the client has lost."""

    lost: Annotated[Id | None, Field(alias="not")] = None


class Admission(StrEnum):
    """The result that a request for a seat would have now."""

    OPEN = "open"
    FULL = "full"
    LOCKED = "locked"
    KNOCK = "knock"


class RoomPreview(Room):
    """`node` is null unless servers share their rooms. `admission` is that of the reader: a host or somebody
    who just left is not locked out, and somebody who was admitted before need not knock. An account that must
    knock because of a ban of its address may learn so only from `join`. A reader without a seat does not see
    people who hide their profile among `participants`; `participant_count` counts them."""

    admission: Admission
    node: RoomNode | None


class ClosePage(Inbound):
    """The body of a beacon. `resume_token` is that of the page's last join."""

    resume_token: Secret


class RoomPage(Outbound):
    """`search_words` are the words of the search, folded. A room matches if its `search_text` in an event of
    `/lobby` contains each of them."""

    items: list[ListedRoom]
    next_cursor: str | None
    search_words: list[str]


class CreateRoom(Inbound):
    """`max_participants` counts people; it is 1 in a room of type `ai`, whatever is given. There
    `knock_to_enter` has no effect."""

    name: RoomName
    topic: Topic = ""
    level: Annotated[Level, Field(strict=False)]
    type: Annotated[RoomType, Field(strict=False)] = RoomType.PUBLIC
    max_participants: Chairs = MAX_PARTICIPANTS
    tags: Annotated[list[Tag], Field(max_length=5)] = []
    language: LanguageTag = "en"
    knock_to_enter: bool = False


class CreatedRoom(Room):
    """`invite` opens a private room; null for other types."""

    invite: Secret | None


class Health(Outbound):
    status: Literal["ok", "starting", "draining"]
    node: Id
