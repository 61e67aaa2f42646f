"""Rooms on media workers."""

from __future__ import annotations

from server.sfu.placement import Placement


def test_a_room_stays_on_its_worker_while_it_has_connections() -> None:
    placement = Placement(2)
    first = placement.enter("ours")
    assert placement.enter("theirs") != first
    assert [placement.enter("ours") for _ in range(5)] == [first] * 5
    for _ in range(5):
        placement.leave("ours")
    assert placement.enter("ours") == first


def test_a_new_room_goes_to_the_worker_with_the_fewest_connections() -> None:
    placement = Placement(2)
    full = {placement.enter("full") for _ in range(12)}.pop()
    assert {placement.enter(f"pair {number}") for number in range(12)} == {1 - full}
    for _ in range(12):
        placement.leave("full")
    assert placement.enter("another") == full


def test_a_single_worker_takes_all_rooms() -> None:
    placement = Placement(1)
    assert {placement.enter(f"room {number}") for number in range(5)} == {0}
