"""Namespace `/lobby`: changes of the list of rooms, and who is online. It takes no client events."""

from __future__ import annotations

from server.protocol.base import AvatarPath, CountryCode, Id, Outbound
from server.protocol.entities import ListedRoom
from server.protocol.levels import Level
from server.protocol.notices import NoticesPart


class OnlineUser(Outbound):
    id: Id
    name: str
    avatar_url: AvatarPath
    learning_level: Level | None
    country: CountryCode | None


class RoomAdded(Outbound):
    """`search_text` is the room's name, topic and tags, folded for a search: see `RoomPage`."""

    room: ListedRoom
    search_text: str


class RoomChanged(Outbound):
    """Sent as `room_updated`. `search_text` as in `room_added`."""

    room: ListedRoom
    search_text: str


class RoomGone(Outbound):
    """Sent as `room_removed`: the room has closed or is no longer listed."""

    room_id: Id


class Online(Outbound):
    """`count` is the number of people online; `users` are the newest of them, at most 24."""

    count: int
    users: list[OnlineUser]


class LobbyNotices(Outbound, NoticesPart):
    """Sent as `notices`, to the pages of one person."""


class LobbyStanding(Outbound):
    """Sent as `standing_changed`, to the pages of one person: see GET /api/users/me/standing."""


class PeopleChanged(Outbound):
    """Sent as `people_changed`, to the pages of one person: their lists of people, or who of their friends is
    online. See GET /api/people/{list}."""


class EventsChanged(Outbound):
    """Sent as `events_changed`: rooms at a set time whose time, places or state changed. Empty: any."""

    event_ids: list[Id]


class LobbyDraining(Outbound):
    """Sent as `server_draining`: the server is about to restart; reconnect shortly."""


LOBBY_EVENTS: dict[str, type[Outbound]] = {
    "room_added": RoomAdded,
    "room_updated": RoomChanged,
    "room_removed": RoomGone,
    "online": Online,
    "events_changed": EventsChanged,
    "notices": LobbyNotices,
    "standing_changed": LobbyStanding,
    "people_changed": PeopleChanged,
    "server_draining": LobbyDraining,
}
