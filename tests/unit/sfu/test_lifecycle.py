"""The table of a connection's states, and the events that time brings."""

from __future__ import annotations

import itertools

import pytest

from server.common.state_machine import IllegalMove
from server.sfu.lifecycle import (
    FINAL,
    HANDSHAKE_S,
    LOST_S,
    SILENCE_S,
    TRANSITIONS,
    Event,
    State,
    due,
    next_state,
)


@pytest.mark.parametrize(("state", "event"), list(itertools.product(State, Event)))
def test_final_states_lead_only_to_closed(state: State, event: Event) -> None:
    target = TRANSITIONS.get((state, event))
    if state in FINAL:
        assert target in {None, state, State.CLOSED}
    if event is Event.CLOSE:
        assert target is State.CLOSED


def test_an_event_without_a_row_raises() -> None:
    with pytest.raises(IllegalMove):
        next_state(State.CONNECTED, Event.ANSWERED)
    with pytest.raises(IllegalMove):
        next_state(State.OFFERED, Event.SECURED)


@pytest.mark.parametrize("event", [Event.SECURED, Event.BROKEN, Event.HUNG_UP, Event.REFUSED])
@pytest.mark.parametrize("state", sorted(FINAL))
def test_late_events_after_the_end_keep_the_state(state: State, event: Event) -> None:
    assert next_state(state, event) is state


@pytest.mark.parametrize("state", sorted(set(State) - FINAL))
def test_a_connection_that_the_data_plane_refuses_is_lost(state: State) -> None:
    assert next_state(state, Event.REFUSED) is State.LOST


def test_every_state_can_be_reached() -> None:
    assert {*TRANSITIONS.values(), State.OFFERED} == set(State)


@pytest.mark.parametrize(
    ("state", "entered", "alive", "event"),
    [
        (State.OFFERED, LOST_S - 0.1, 0, None),
        (State.OFFERED, LOST_S, 0, Event.EXPIRED),
        (State.SECURING, HANDSHAKE_S - 0.1, 0, None),
        (State.SECURING, HANDSHAKE_S, 0, Event.BROKEN),
        (State.CONNECTED, 1000, SILENCE_S - 0.1, None),
        (State.CONNECTED, 1000, SILENCE_S, Event.QUIET),
        (State.DISCONNECTED, 1, SILENCE_S - 0.1, Event.ALIVE),
        (State.DISCONNECTED, 1, SILENCE_S + 1, None),
        (State.DISCONNECTED, 1, LOST_S, Event.EXPIRED),
        (State.ENDED, 1, 0, None),
        (State.ENDED, 1, LOST_S, Event.EXPIRED),
        (State.CLOSED, 1000, 1000, None),
    ],
)
def test_due_events(state: State, entered: float, alive: float, event: Event | None) -> None:
    now = 5000.0
    assert due(state, entered_at=now - entered, alive_at=now - alive, now=now) is event
