"""`admission.py` lets people in or refuses them a seat."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.errors import InviteInvalid, RemovedFromRoom, RoomFull, RoomLocked
from server.protocol.entities import ParticipantKind, RoomType
from server.protocol.rest import Admission
from server.protocol.rooms import LeftReason
from server.rooms.admission import admission, set_locked
from server.rooms.model import Ban
from server.rooms.seating import remove_member, seat_for
from tests.fakes.room_alone import a_room, join
from tests.fakes.rooms_world import a_user


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"is_locked": True}, RoomLocked),
        ({"max_participants": 1}, RoomFull),
        ({"type": RoomType.PRIVATE, "invite": "x" * 24}, InviteInvalid),
        ({"bans": (Ban("b", "ben", "Ben", 0.0),)}, RemovedFromRoom),
    ],
)
def test_a_new_person_may_be_refused(fields: dict[str, object], error: type[Exception]) -> None:
    room = a_room(**fields)
    join(room, "ann")
    with pytest.raises(error):
        seat_for(room, a_user("ben"), ParticipantKind.PERSON, None, None, now=0.0, wall_now=0.0)


def test_somebody_who_left_a_locked_room_may_return_for_ten_minutes() -> None:
    room = a_room(host_id="ann")
    join(room, "ann")
    ben, _ = join(room, "ben")
    set_locked(room, True)
    remove_member(room, ben, LeftReason.LEFT, 100.0)
    assert admission(room, "ben", 699.0) is Admission.OPEN
    assert admission(room, "ben", 700.0) is Admission.LOCKED
    assert admission(room, "cat", 100.0) is Admission.LOCKED
    again, _ = join(room, "ben", now=699.0)
    assert room.has(again)


def test_a_lock_holds_for_those_who_had_left_before_it_and_for_the_removed() -> None:
    room = a_room(host_id="ann")
    join(room, "ann")
    (ben, _), (cat, _) = join(room, "ben"), join(room, "cat")
    remove_member(room, ben, LeftReason.LEFT, 1.0)
    set_locked(room, True)
    assert admission(room, "ben", 2.0) is Admission.LOCKED
    remove_member(room, cat, LeftReason.REMOVED, 2.0)
    assert admission(room, "cat", 3.0) is Admission.LOCKED


def test_a_new_lock_forgets_who_left_under_the_old_one() -> None:
    room = a_room(host_id="ann")
    join(room, "ann")
    ben, _ = join(room, "ben")
    set_locked(room, True)
    remove_member(room, ben, LeftReason.TIMED_OUT, 1.0)
    set_locked(room, False)
    set_locked(room, True)
    assert admission(room, "ben", 2.0) is Admission.LOCKED


def test_somebody_who_may_return_to_a_locked_room_needs_a_free_place() -> None:
    room = a_room(host_id="ann", max_participants=2)
    join(room, "ann")
    ben, _ = join(room, "ben")
    set_locked(room, True)
    remove_member(room, ben, LeftReason.LEFT, 1.0)
    room.info = replace(room.info, host_id="dan")
    join(room, "dan")
    assert admission(room, "ben", 2.0) is Admission.FULL
