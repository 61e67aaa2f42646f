"""Namespace `/lobby`: changes in the list of rooms, and who is online. The server tells, clients listen."""

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
    room: Room


class RoomChanged(Outbound):
    """Sent as `room_updated`."""

    room: Room


class RoomGone(Outbound):
    """Sent as `room_removed`: closed, or not listed any more."""

    room_id: Id


class Online(Outbound):
    """`count` is of everyone; `users` are the newest of them, at most 24."""

    count: int
    users: list[OnlineUser]


class LobbyDraining(Outbound):
    """Sent as `server_draining`: this server restarts; connect again in a moment."""


LOBBY_EVENTS: dict[str, type[Outbound]] = {
    "room_added": RoomAdded,
    "room_updated": RoomChanged,
    "room_removed": RoomGone,
    "online": Online,
    "server_draining": LobbyDraining,
}
