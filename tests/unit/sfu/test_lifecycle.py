"""The table of a connection's states, and what time brings."""

from __future__ import annotations

import itertools

import pytest

from server.sfu.lifecycle import FINAL, HANDSHAKE_S, LOST_S, SILENCE_S, TRANSITIONS, Event, State, due


@pytest.mark.parametrize(("state", "event"), list(itertools.product(State, Event)))
def test_final_states_lead_only_to_closed(state: State, event: Event) -> None:
    target = TRANSITIONS.get((state, event))
    if state in FINAL:
        assert target in {None, State.CLOSED}
    if event is Event.CLOSE and state is not State.CLOSED:
        assert target is State.CLOSED


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
        (State.DISCONNECTED, 1, SILENCE_S - 0.1, Event.HEARD),
        (State.DISCONNECTED, 1, SILENCE_S + 1, None),
        (State.DISCONNECTED, 1, LOST_S, Event.EXPIRED),
        (State.ENDED, 1, 0, None),
        (State.ENDED, 1, LOST_S, Event.EXPIRED),
        (State.CLOSED, 1000, 1000, None),
    ],
)
def test_what_falls_due(state: State, entered: float, alive: float, event: Event | None) -> None:
    now = 5000.0
    assert due(state, entered_at=now - entered, alive_at=now - alive, now=now) is event
