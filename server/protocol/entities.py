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
    "ListedPerson",
    "ListedRoom",
    "Participant",
    "ParticipantKind",
    "Presence",
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


class Presence(StrEnum):
    """The part of a person's presence that friends see: nothing; that they are online; also in which public
    room."""

    NOBODY = "nobody"
    ONLINE = "online"
    ROOM = "room"


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
    audio. `time_zone`: null until the client has sent it. `zone_is_chosen`: it does not follow the device.
    `is_hidden`: strangers do not see the profile. `accepted_rules`: the house rules, without which nobody
    enters a room with others. `also_speaks`: beside the native language. `presence`: what the user lets
    friends see.
    """

    id: Id
    name: str
    native_language: LanguageTag | None
    learning_level: Level | None
    country: CountryCode | None
    avatar_url: AvatarPath
    keep_my_audio: bool
    time_zone: TimeZone | None
    zone_is_chosen: bool
    is_hidden: bool
    accepted_rules: bool
    created_at: Timestamp
    about: str
    also_speaks: list[LanguageTag]
    practises: list[LanguageTag]
    presence: Presence


class Participant(Outbound):
    """`id` names the seat and exists as long as it does; `user_id` names the person and outlives the seat.

    `is_speaking` is never true of a muted participant. `hand_raised_at` orders the raised hands; null while
    the hand is down. `heard_by_tutor`: a tutor in the room receives their voice. `is_hidden`: their profile
    is hidden, so languages, level and country are null and there is no card of theirs. `is_blocked`: the
    receiver has blocked this person, whose name, picture and profile are left out, and who always looks
    muted.
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
    is_hidden: bool
    is_blocked: bool = False


class RoomEvent(Outbound):
    """The event that takes place in a room. `waiting_room`: its host lets people in one by one. `is_open`:
    people come in without waiting. Until then they wait in front of the room, from ten minutes before the
    start."""

    event_id: Id
    occurrence_id: Id
    starts_at: Timestamp
    ends_at: Timestamp
    waiting_room: bool
    is_open: bool


class Room(Outbound):
    """`host_id` is a user id. `participant_count` counts people, not the tutor. `participants` are in the
    order in which they joined. `tutor` is null in a room without one, `event` in one
    of no event. `knock_to_enter`: the host lets new
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
    cohost_ids: list[Id]
    chat_open: bool
    links_allowed: bool
    tutor_allowed: bool
    event: RoomEvent | None
    created_at: Timestamp


class ListedPerson(Outbound):
    """Somebody in a room of the list. `user_id`: null from a server of an earlier version."""

    id: Id
    kind: ParticipantKind
    name: str
    avatar_url: AvatarPath
    user_id: Id | None = None


class ListedRoom(Outbound):
    """A public room as lists show it. `participants`: the first three who do not hide their profile, without
    people whom the reader has blocked, and who have blocked the reader; `seat_count`: how many there are,
    with the tutor. The others as in `Room`, which GET /api/rooms/{id} returns."""

    id: Id
    name: str
    topic: str
    level: Level
    type: RoomType
    language: LanguageTag
    is_locked: bool
    knock_to_enter: bool
    max_participants: int
    participant_count: int
    participants: list[ListedPerson]
    seat_count: int
    tags: list[str]
    created_at: Timestamp


class RoomNode(Outbound):
    """The server that has a room. Its Socket.IO is at `{url}/socket.io/`; `url` may be a path of the page's
    origin. After it was lost, GET /api/rooms/{id}/node?not={nodeId} names the server to go to."""

    node_id: Id
    url: str
