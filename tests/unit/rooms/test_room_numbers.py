from __future__ import annotations

import itertools

from server.protocol.entities import ParticipantKind, RoomType
from server.protocol.rooms import LeftReason
from server.rooms.model import RoomInfo
from server.rooms.room import Room
from server.rooms.seating import remove_member, seat_for, take_seat
from tests.fakes.rooms_world import a_user

INFO = RoomInfo("r", "Coffee", "", "B1", RoomType.PUBLIC, "en", 12, (), "ann", 0.0)


def test_a_freed_number_is_not_given_to_the_next_publisher() -> None:
    room = Room.opened(INFO, now=0.0, grace=30.0)
    given = []
    for turn in range(600):
        user = a_user(f"u{turn}")
        member = seat_for(room, user, ParticipantKind.PERSON, None, None, now=0.0, wall_now=0.0)
        given.append(member.record.number)
        take_seat(room, member, user, f"c{turn}", "digest", now=0.0)
        if turn >= 5:
            leaving = room.seat_of(f"u{turn - 5}")
            assert leaving is not None
            remove_member(room, leaving, LeftReason.LEFT, now=0.0)
        numbers = [m.record.number for m in room.members.values()]
        assert len(set(numbers)) == len(numbers)
    assert min(given) == 1
    assert max(given) == 255
    assert all(a != b for a, b in itertools.pairwise(given))
