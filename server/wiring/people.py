"""Constructs what people are to each other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from server.notices.service import Notices
from server.people.blocks import Blocks
from server.people.changes import PeopleChanges
from server.people.follows import Follows
from server.people.hidden import HiddenPeople
from server.people.invitations import Invitations
from server.people.lists import Lists
from server.people.meetings import Company, Meetings
from server.people.ports import Online
from server.people.presence import FriendPresence
from server.people.service import People
from server.people.views import PeopleViews
from server.protocol.entities import Presence, RoomType
from server.rooms.effects import Effects
from server.rooms.inviting import Inviting
from server.rooms.lobby import Lobby
from server.rooms.ports import Bus
from server.rooms.runtime import OpenRooms
from server.shared_runs import SharedRuns
from server.signalling.connections import Connections
from server.storage import (
    Database,
    SqlBlockStore,
    SqlFollowStore,
    SqlMeetingStore,
    SqlPeopleStore,
    SqlUserStore,
)


def people_of(  # noqa: PLR0913 - one argument for each collaborator
    database: Database,
    bus: Bus,
    *,
    connections: Connections,
    lobby: Lobby,
    online: Callable[[], Sequence[str]],
    rooms: OpenRooms,
    effects: Effects,
    notices: Notices,
    runs: SharedRuns,
    node_id: str,
    clock: Callable[[], float],
    met: Callable[[str], None],
) -> People:
    """`online`: people with a connection here who let friends see it. The lists of rooms that people look at
    follow what they do to each other."""
    blocks, follows, users = SqlBlockStore(database), SqlFollowStore(database), SqlUserStore(database)
    changes = PeopleChanges(bus, connections.pages.show_people)
    presence = FriendPresence(
        bus, node_id, lambda: _shown_to_friends(online(), rooms), follows, changes, time.monotonic
    )
    people = People(
        blocks=Blocks(blocks, bus, clock, changes.publish),
        hidden=HiddenPeople(blocks, bus),
        follows=Follows(follows, users, notices.notify, changes, clock),
        lists=Lists(SqlPeopleStore(database), follows, presence.all, clock),
        meetings=Meetings(
            SqlMeetingStore(database),
            lambda: _companies(rooms),
            changes,
            runs.run,
            time.monotonic,
            clock,
            met=met,
        ),
        invitations=Invitations(
            follows, users, Inviting(rooms, effects, time.monotonic), notices.notify, clock
        ),
        presence=presence,
        changes=changes,
        views=PeopleViews(presence.all, lambda: {one.room.id: one.room for one in lobby.rooms}),
    )

    def changed(one: str, other: str) -> None:
        connections.lobby.show_again(one, lobby.rooms_with({other}))
        connections.lobby.show_again(other, lobby.rooms_with({one}))

    connections.lobby.hidden = people.hidden.all
    people.hidden.changed = changed
    return people


def _shown_to_friends(online: Sequence[str], rooms: OpenRooms) -> Online:
    """Of private rooms and of those to practise alone friends do not learn that somebody is in one."""
    shown: dict[str, str | None] = dict.fromkeys(online)
    for opened in rooms.all():
        is_public = opened.room.info.type is RoomType.PUBLIC
        for member in opened.room.people:
            presence = member.user.presence
            if is_public and presence is Presence.ROOM:
                shown[member.user.id] = opened.room.id
            elif presence is not Presence.NOBODY:
                shown.setdefault(member.user.id, None)
    return shown


def _companies(rooms: OpenRooms) -> Iterator[Company]:
    for opened in rooms.all():
        room = opened.room
        if room.info.type is not RoomType.AI:
            yield Company(room.id, room.info.name, [m.user for m in room.people], room.apart)
