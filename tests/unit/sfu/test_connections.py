"""Active and pending connections of a participant."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from server.sfu.connections import ConnectionTable
from server.sfu.lifecycle import State


def a_peer(state: State, name: str = "ann") -> Any:
    return SimpleNamespace(state=state, spec=SimpleNamespace(participant_id=name))


@pytest.mark.parametrize("state", [State.CONNECTED, State.DISCONNECTED])
def test_a_new_connection_waits_behind_one_that_works(state: State) -> None:
    table, old, new = ConnectionTable(), a_peer(state), a_peer(State.OFFERED)
    table.add(old)
    assert table.add(new) == []
    assert table.is_active(old)
    assert table.of("ann")[-1] is new
    assert table.promote(new) == [old]
    assert table.of("ann") == (new,)


@pytest.mark.parametrize("state", [State.OFFERED, State.SECURING, State.ENDED])
def test_a_connection_that_does_not_work_is_replaced_at_once(state: State) -> None:
    table, old, new = ConnectionTable(), a_peer(state), a_peer(State.OFFERED)
    table.add(old)
    assert table.add(new) == [old]
    assert table.is_active(new)


def test_of_two_pending_connections_the_newer_stays() -> None:
    table, old, second, third = (
        ConnectionTable(),
        a_peer(State.CONNECTED),
        a_peer(State.OFFERED),
        a_peer(State.OFFERED),
    )
    table.add(old)
    table.add(second)
    assert table.add(third) == [second]
    assert table.of("ann") == (old, third)


def test_the_remaining_connection_becomes_active() -> None:
    table, old, new = ConnectionTable(), a_peer(State.CONNECTED), a_peer(State.OFFERED)
    table.add(old)
    table.add(new)
    assert not table.drop(old)
    assert table.is_active(new)
    assert table.drop(new)
    assert table.of("ann") == ()
    assert list(table) == []


def test_a_late_event_of_a_removed_connection_changes_nothing() -> None:
    table, old = ConnectionTable(), a_peer(State.CONNECTED)
    table.add(old)
    assert table.remove("ann") == (old,)
    assert table.promote(old) == []
    assert table.drop(old)
    assert not table.is_active(old)
