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


class Level(StrEnum):
    """CEFR levels, easiest first."""

    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"
    C2 = "C2"


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


class LevelInfo(Outbound):
    """`color` is a Mantine palette name."""

    id: Level
    name: str
    description: str
    color: str


LEVELS: tuple[LevelInfo, ...] = (
    LevelInfo(id=Level.A1, name="Beginner", description="Basic phrases, introductions", color="green"),
    LevelInfo(
        id=Level.A2, name="Elementary", description="Routine tasks, simple conversations", color="lime"
    ),
    LevelInfo(id=Level.B1, name="Intermediate", description="Travel, work, opinions", color="yellow"),
    LevelInfo(
        id=Level.B2,
        name="Upper-intermediate",
        description="Abstract topics, technical discussions",
        color="orange",
    ),
    LevelInfo(id=Level.C1, name="Advanced", description="Complex ideas, implicit meanings", color="red"),
    LevelInfo(id=Level.C2, name="Proficient", description="Near-native fluency", color="grape"),
)


class User(Outbound):
    id: Id
    name: str
    native_language: LanguageTag | None
    learning_level: Level | None
    country: CountryCode | None
    avatar_url: AvatarPath
    created_at: Timestamp


class Participant(Outbound):
    """`id` names the seat and lives as long as it; `user_id` names the person and outlives it."""

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
    joined_at: Timestamp
    connection: Connection


class Room(Outbound):
    """`host_id` is a user's id; `participant_count` counts people, not the tutor."""

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
    created_at: Timestamp
