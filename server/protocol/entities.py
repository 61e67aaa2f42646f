"""The nouns of the wire: levels, users, rooms, participants."""

from __future__ import annotations

from enum import StrEnum

from server.protocol.base import (
    AvatarPath,
    CountryCode,
    Id,
    LanguageTag,
    Outbound,
    Timestamp,
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
    """A participant's media: not there yet, flowing, or silent for 5 s (or the socket gone)."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    DISCONNECTED = "disconnected"


class User(Outbound):
    """`keep_my_audio`: they consented to the keeping of what they say to the tutor, as audio, for Play."""

    id: Id
    name: str
    native_language: LanguageTag | None
    learning_level: Level | None
    country: CountryCode | None
    avatar_url: AvatarPath
    keep_my_audio: bool
    created_at: Timestamp


class Participant(Outbound):
    """`id` names the seat and lives as long as it; `user_id` names the person and outlives it.

    `heard_by_tutor`: whether a tutor in this room gets their voice.
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
    heard_by_tutor: bool
    joined_at: Timestamp
    connection: Connection


class Room(Outbound):
    """`host_id` is a user's id; `participant_count` counts people, not the tutor.

    `tutor` is null in a room without one.
    """

    id: Id
    name: str
    topic: str
    level: Level
    type: RoomType
    language: LanguageTag
    host_id: Id
    is_locked: bool
    max_participants: int
    participant_count: int
    participants: list[Participant]
    tags: list[str]
    tutor: Tutor | None
    created_at: Timestamp
