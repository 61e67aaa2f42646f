"""The list of rooms and of people online, without people from whom their reader is kept apart. Pure.

Counts stay as they are: somebody is there, and the reader does not see who.
"""

from __future__ import annotations

from collections.abc import Collection

from server.protocol.base import Outbound
from server.protocol.entities import ListedRoom
from server.protocol.lobby import Online, RoomAdded, RoomChanged


def named_in(event: Outbound) -> frozenset[str]:
    """The users whom an event of `/lobby` shows."""
    match event:
        case RoomAdded() | RoomChanged():
            return frozenset(p.user_id for p in event.room.participants if p.user_id)
        case Online():
            return frozenset(user.id for user in event.users)
        case _:
            return frozenset()


def lobby_event_without(event: Outbound, hidden: Collection[str]) -> Outbound:
    match event:
        case RoomAdded() | RoomChanged():
            return event.model_copy(update={"room": listed_without(event.room, hidden)})
        case Online():
            return Online(count=event.count, users=[u for u in event.users if u.id not in hidden])
        case _:
            return event


def listed_without(room: ListedRoom, hidden: Collection[str]) -> ListedRoom:
    if not any(p.user_id in hidden for p in room.participants):
        return room
    shown = [p for p in room.participants if p.user_id not in hidden]
    return room.model_copy(update={"participants": shown})
