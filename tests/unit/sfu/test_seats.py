"""Which connection is a participant's, while one replaces another."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from server.sfu.lifecycle import State
from server.sfu.seats import Seats


def a_peer(state: State, name: str = "ann") -> Any:
    return SimpleNamespace(state=state, spec=SimpleNamespace(participant_id=name))


@pytest.mark.parametrize("state", [State.CONNECTED, State.DISCONNECTED])
def test_a_new_connection_waits_behind_one_that_works(state: State) -> None:
    seats, old, new = Seats(), a_peer(state), a_peer(State.OFFERED)
    seats.add(old)
    assert seats.add(new) == []
    assert seats.is_active(old)
    assert seats.of("ann")[-1] is new
    assert seats.promote(new) == [old]
    assert seats.of("ann") == (new,)


@pytest.mark.parametrize("state", [State.OFFERED, State.SECURING, State.ENDED])
def test_a_connection_that_does_not_work_is_replaced_at_once(state: State) -> None:
    seats, old, new = Seats(), a_peer(state), a_peer(State.OFFERED)
    seats.add(old)
    assert seats.add(new) == [old]
    assert seats.is_active(new)


def test_of_two_that_wait_the_newer_stays() -> None:
    seats, old, second, third = Seats(), a_peer(State.CONNECTED), a_peer(State.OFFERED), a_peer(State.OFFERED)
    seats.add(old)
    seats.add(second)
    assert seats.add(third) == [second]
    assert seats.of("ann") == (old, third)


def test_what_is_left_takes_over() -> None:
    seats, old, new = Seats(), a_peer(State.CONNECTED), a_peer(State.OFFERED)
    seats.add(old)
    seats.add(new)
    assert not seats.drop(old)
    assert seats.is_active(new)
    assert seats.drop(new)
    assert seats.of("ann") == ()
    assert list(seats) == []


def test_a_late_word_of_a_removed_connection_changes_nothing() -> None:
    seats, old = Seats(), a_peer(State.CONNECTED)
    seats.add(old)
    assert seats.remove("ann") == (old,)
    assert seats.promote(old) == []
    assert seats.drop(old)
    assert not seats.is_active(old)
