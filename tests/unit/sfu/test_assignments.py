"""Slots keep their publishers while connections come and go."""

from __future__ import annotations

import pytest

from server.sfu.assignments import Assignments

Calls = list[tuple[int, list[int | None]]]


@pytest.fixture
def calls() -> Calls:
    return []


@pytest.fixture
def slots(calls: Calls) -> Assignments:
    made = Assignments(lambda handle, publishers: calls.append((handle, list(publishers))))
    made.admit("ann")
    made.admit("bob")
    made.connect("ann", 1)
    made.connect("bob", 2)
    return made


def test_publishers_are_named_by_their_connection(slots: Assignments, calls: Calls) -> None:
    slots.want("ann", ["bob", None, "nobody"])
    assert calls == [(1, [2, None, None])]


def test_a_publisher_that_arrives_later_fills_its_slot(slots: Assignments, calls: Calls) -> None:
    slots.want("ann", ["cem"])
    slots.connect("cem", 3)
    assert calls[-1] == (1, [3])


def test_a_replaced_connection_moves_both_ways(slots: Assignments, calls: Calls) -> None:
    slots.want("ann", ["bob"])
    slots.want("bob", ["ann"])
    calls.clear()
    slots.connect("bob", 9)
    assert sorted(calls) == [(1, [9]), (9, [1])]


def test_a_participant_who_comes_back_gets_the_same_slots(slots: Assignments, calls: Calls) -> None:
    slots.want("ann", ["bob"])
    slots.disconnect("ann")
    calls.clear()
    slots.want("ann", ["bob", None])
    assert calls == []
    slots.connect("ann", 5)
    assert calls == [(5, [2, None])]


def test_a_forgotten_participant_is_in_no_slot(slots: Assignments, calls: Calls) -> None:
    slots.want("ann", ["bob"])
    slots.forget("bob")
    calls.clear()
    slots.connect("bob", 7)
    assert calls == []


def test_the_same_connection_again_changes_nothing(slots: Assignments, calls: Calls) -> None:
    slots.want("ann", ["bob"])
    calls.clear()
    slots.connect("bob", 2)
    assert calls == []


def test_nothing_is_kept_for_unknown_participants(slots: Assignments, calls: Calls) -> None:
    slots.want("nobody", ["bob"])
    slots.connect("nobody", 8)
    assert calls == []
