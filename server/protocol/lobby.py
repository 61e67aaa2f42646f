"""Namespace `/lobby`: changes of the list of rooms, and who is online. It takes no client events."""

from __future__ import annotations

from server.protocol.base import AvatarPath, CountryCode, Id, Outbound
from server.protocol.entities import Room
from server.protocol.levels import Level


class OnlineUser(Outbound):
    id: Id
    name: str
    avatar_url: AvatarPath
    learning_level: Level | None
    country: CountryCode | None


class RoomAdded(Outbound):
    """`search_text` is the room's name, topic and tags, folded for a search: see `RoomPage`."""

    room: Room
    search_text: str


class RoomChanged(Outbound):
    """Sent as `room_updated`. `search_text` as in `room_added`."""

    room: Room
    search_text: str


class RoomGone(Outbound):
    """Sent as `room_removed`: the room has closed or is no longer listed."""

    room_id: Id


class Online(Outbound):
    """`count` is the number of people online; `users` are the newest of them, at most 24."""

    count: int
    users: list[OnlineUser]


class LobbyDraining(Outbound):
    """Sent as `server_draining`: the server is about to restart; reconnect shortly."""


LOBBY_EVENTS: dict[str, type[Outbound]] = {
    "room_added": RoomAdded,
    "room_updated": RoomChanged,
    "room_removed": RoomGone,
    "online": Online,
    "server_draining": LobbyDraining,
}
