"""A room gets a host when its own does not return."""

from __future__ import annotations

from server.protocol.rooms import LeftReason
from server.rooms.seating import hold_seat, remove_member, take_seat
from server.rooms.succession import needs_host, next_host
from tests.fakes.room_alone import a_room, join

BOTH = ["ben", "cat"]


def test_the_longest_present_connected_person_becomes_host() -> None:
    assert next_host("ann", BOTH, BOTH, host_expected=False) == "ben"


def test_a_person_whose_seat_is_held_does_not_become_host() -> None:
    assert next_host("ann", BOTH, ["cat"], host_expected=False) == "cat"


def test_a_host_stays_host_while_nobody_is_connected() -> None:
    assert next_host("ann", BOTH, [], host_expected=False) is None


def test_a_host_with_a_seat_stays_host() -> None:
    assert next_host("cat", BOTH, ["ben"], host_expected=False) is None


def test_a_host_who_has_not_joined_yet_stays_host() -> None:
    assert next_host("ann", ["ben"], ["ben"], host_expected=True) is None


def test_an_empty_room_keeps_its_host() -> None:
    assert next_host("ann", [], [], host_expected=False) is None


def test_a_host_who_leaves_is_succeeded_by_someone_connected_and_not_by_a_held_seat() -> None:
    room = a_room()
    ann, _ = join(room, "ann")
    ben, _ = join(room, "ben")
    cat, _ = join(room, "cat")
    hold_seat(room, ben, now=7.0)
    remove_member(room, ann, LeftReason.LEFT, now=10.0)
    assert room.info.host_id == cat.user.id


def test_the_first_to_come_back_becomes_host_of_a_room_whose_host_left_while_all_seats_were_held() -> None:
    room = a_room()
    ann, _ = join(room, "ann")
    ben, _ = join(room, "ben")
    hold_seat(room, ben, now=7.0)
    remove_member(room, ann, LeftReason.LEFT, now=10.0)
    assert room.info.host_id == ann.user.id
    assert not needs_host(room, now=11.0), "nobody is there to act as host"
    take_seat(room, ben, ben.user, "c-ben-2", "digest", now=12.0)
    assert room.info.host_id == ben.user.id
