"""People as messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from server.people.model import Card, Page, Person
from server.people.ports import Online
from server.protocol import people
from server.protocol.entities import ListedRoom, Presence
from server.protocol.levels import Level
from server.rooms.views import timestamp

Rooms = Mapping[str, ListedRoom]
"""The public rooms of all servers, by their ids."""


class PeopleViews:
    """`online`: the people who let friends see that they are online."""

    def __init__(self, online: Callable[[], Online], rooms: Callable[[], Rooms]) -> None:
        self._online = online
        self._rooms = rooms

    def page(self, page: Page[Person]) -> people.PeoplePage:
        online = self._online()
        rooms = self._rooms() if any(p.is_friend and p.id in online for p in page.items) else {}
        return people.PeoplePage(
            items=[_listed(person, online, rooms) for person in page.items], next_cursor=page.next_cursor
        )

    def card(self, card: Card, reader_id: str) -> people.PersonCard:
        """Of a hidden profile no more than name and picture, but to its owner."""
        user, online = card.user, self._online()
        hides = user.is_hidden and user.id != reader_id
        sees = card.is_friend and user.presence is not Presence.NOBODY
        return people.PersonCard(
            id=user.id,
            name=user.name,
            avatar_url=user.avatar,
            about="" if hides else user.about,
            native_language=None if hides else user.native_language,
            also_speaks=[] if hides else list(user.also_speaks),
            practises=[] if hides else list(user.practises),
            learning_level=None if hides or user.level is None else Level(user.level),
            country=None if hides else user.country,
            member_since=timestamp(user.created_at),
            you_follow=card.you_follow,
            follows_you=card.follows_you,
            note=card.note,
            met_at=None if card.met_at is None else timestamp(card.met_at),
            is_online=sees and user.id in online,
            room=_room(online.get(user.id), self._rooms())
            if sees and user.presence is Presence.ROOM
            else None,
        )


def _listed(person: Person, online: Online, rooms: Rooms) -> people.ListedUser:
    sees = person.is_friend and person.presence is not Presence.NOBODY
    is_shown = sees and person.presence is Presence.ROOM
    return people.ListedUser(
        id=person.id,
        name=person.name,
        avatar_url=person.avatar,
        since=timestamp(person.at),
        learning_level=None if person.level is None else Level(person.level),
        country=person.country,
        you_follow=person.you_follow,
        follows_you=person.follows_you,
        note=person.note,
        room_name=person.room_name,
        is_online=sees and person.id in online,
        room=_room(online.get(person.id), rooms) if is_shown else None,
    )


def _room(room_id: str | None, rooms: Rooms) -> people.FriendRoom | None:
    """None also for a room that has just closed."""
    room = rooms.get(room_id) if room_id is not None else None
    if room is None:
        return None
    return people.FriendRoom(
        id=room.id,
        name=room.name,
        language=room.language,
        level=room.level,
        is_locked=room.is_locked,
        knock_to_enter=room.knock_to_enter,
        is_full=room.participant_count >= room.max_participants,
    )
