from __future__ import annotations

import itertools
from dataclasses import replace

from server.protocol.entities import ParticipantKind, RoomType
from server.rooms.model import RoomInfo, SeatRecord
from server.rooms.room import Member, Room, empty_slots
from tests.fakes.rooms_world import a_user

INFO = RoomInfo("r", "Coffee", "", "B1", RoomType.PUBLIC, "en", 12, (), "ann", 0.0)
SEAT = SeatRecord("s", "r", "u", ParticipantKind.PERSON, 1, "", True, 0.0)


def test_a_freed_number_is_not_given_to_the_next_publisher() -> None:
    room = Room.opened(INFO, now=0.0, grace=30.0)
    given = []
    for turn in range(600):
        number = room.next_number()
        given.append(number)
        member = Member(replace(SEAT, id=f"s{turn}", number=number), a_user(f"u{turn}"), empty_slots(12))
        room.admit(member)
        if turn >= 5:
            room.dismiss(room.members[f"s{turn - 5}"], now=0.0)
        numbers = [m.record.number for m in room.members.values()]
        assert len(set(numbers)) == len(numbers)
    assert min(given) == 1
    assert max(given) == 255
    assert all(a != b for a, b in itertools.pairwise(given))
