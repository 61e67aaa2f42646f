"""Users, rooms and participants."""

from __future__ import annotations

from enum import StrEnum

from server.protocol.base import (
    AvatarPath,
    CountryCode,
    Id,
    LanguageTag,
    Outbound,
    Timestamp,
    TimeZone,
)
from server.protocol.levels import LEVELS, Level, LevelInfo
from server.protocol.tutor import Tutor

__all__ = [
    "LEVELS",
    "Connection",
    "Level",
    "LevelInfo",
    "Participant",
    "ParticipantKind",
    "Room",
    "RoomType",
    "User",
]


class RoomType(StrEnum):
    PUBLIC = "public"
    PRIVATE = "private"
    AI = "ai"


class ParticipantKind(StrEnum):
    PERSON = "person"
    TUTOR = "tutor"


class Connection(StrEnum):
    """A participant's media: not yet connected, connected, or silent for 5 s or without a socket.

    `leaving`: the page closed. Unless it joins again within 5 s, as after a reload, the participant has left.
    """

    CONNECTING = "connecting"
    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    LEAVING = "leaving"


class User(Outbound):
    """One's own profile. `keep_my_audio`: the user consents to the storage of their turns with the tutor as
    audio. `time_zone`: null until the client has sent it.
    """

    id: Id
    name: str
    native_language: LanguageTag | None
    learning_level: Level | None
    country: CountryCode | None
    avatar_url: AvatarPath
    keep_my_audio: bool
    time_zone: TimeZone | None
    created_at: Timestamp


class Participant(Outbound):
    """`id` names the seat and exists as long as it does; `user_id` names the person and outlives the seat.

    `is_speaking` is never true of a muted participant. `hand_raised_at` orders the raised hands; null while
    the hand is down. `heard_by_tutor`: a tutor in the room receives their
    voice.
    """

    id: Id
    user_id: Id
    kind: ParticipantKind
    name: str
    avatar_url: AvatarPath
    native_language: LanguageTag | None
    learning_level: Level | None
    country: CountryCode | None
    is_muted: bool
    is_speaking: bool
    hand_raised: bool
    hand_raised_at: Timestamp | None
    heard_by_tutor: bool
    joined_at: Timestamp
    connection: Connection


class Room(Outbound):
    """`host_id` is a user id. `participant_count` counts people, not the tutor. `participants` are in the
    order in which they joined. `tutor` is null in a room without one. `knock_to_enter`: the host lets new
    people in one by one.
    """

    id: Id
    name: str
    topic: str
    level: Level
    type: RoomType
    language: LanguageTag
    host_id: Id
    is_locked: bool
    knock_to_enter: bool
    max_participants: int
    participant_count: int
    participants: list[Participant]
    tags: list[str]
    tutor: Tutor | None
    created_at: Timestamp


class RoomNode(Outbound):
    """The server that has a room. Its Socket.IO is at `{url}/socket.io/`; `url` may be a path of the page's
    origin. After it was lost, GET /api/rooms/{id}/node?not={nodeId} names the server to go to."""

    node_id: Id
    url: str
