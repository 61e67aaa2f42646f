"""A room and its decisions alone: no store, no loop, no ports."""

from __future__ import annotations

from dataclasses import replace

from server.protocol.entities import ParticipantKind, RoomType
from server.protocol.rooms import SeqEvent
from server.rooms.changes import Changes, Send
from server.rooms.members import Member
from server.rooms.model import RoomInfo
from server.rooms.room import Room
from server.rooms.seating import seat_for, take_seat
from tests.fakes.rooms_world import a_user

INFO = RoomInfo("r", "Coffee", "", "B1", RoomType.PUBLIC, "en", 3, (), "ann", 0.0)
GRACE = 30.0


def a_room(**fields: object) -> Room:
    return Room.opened(replace(INFO, **fields), now=0.0, grace=GRACE)  # type: ignore[arg-type]


def join(
    room: Room, user_id: str, *, kind: ParticipantKind = ParticipantKind.PERSON, now: float = 0.0
) -> tuple[Member, Changes]:
    """Through the connection `c-USER`."""
    user = a_user(user_id)
    member = seat_for(room, user, kind, room.info.invite, None, now=now, wall_now=now)
    return member, take_seat(room, member, user, f"c-{user_id}", f"digest-{user_id}", now)


def sent(changes: Changes, kind: type[SeqEvent]) -> list[tuple[str, ...]]:
    """The connections that get each event of that kind."""
    return [c.connection_ids for c in changes if isinstance(c, Send) and type(c.event) is kind]
