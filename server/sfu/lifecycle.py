"""States of one connection as a table, and the events that time alone brings."""

from __future__ import annotations

from enum import StrEnum

from server.common.state_machine import look_up

SILENCE_S = 5.0
"""No check and no packet for this long: shown as disconnected."""
LOST_S = 30.0
"""No check and no packet for this long: lost. An offer without an answer is held as long."""
HANDSHAKE_S = 10.0


class State(StrEnum):
    OFFERED = "offered"
    SECURING = "securing"
    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    ENDED = "ended"
    LOST = "lost"
    FAILED = "failed"
    CLOSED = "closed"


class Event(StrEnum):
    ANSWERED = "answered"
    SECURED = "secured"
    BROKEN = "broken"
    QUIET = "quiet"
    ALIVE = "alive"
    HUNG_UP = "hung_up"
    EXPIRED = "expired"
    REFUSED = "refused"
    CLOSE = "close"


FINAL = frozenset({State.LOST, State.FAILED, State.CLOSED})
ANSWERED = frozenset({State.SECURING, State.CONNECTED, State.DISCONNECTED})

TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.OFFERED, Event.ANSWERED): State.SECURING,
    (State.OFFERED, Event.EXPIRED): State.LOST,
    (State.SECURING, Event.SECURED): State.CONNECTED,
    (State.SECURING, Event.BROKEN): State.FAILED,
    (State.CONNECTED, Event.QUIET): State.DISCONNECTED,
    (State.CONNECTED, Event.HUNG_UP): State.ENDED,
    (State.DISCONNECTED, Event.ALIVE): State.CONNECTED,
    (State.DISCONNECTED, Event.HUNG_UP): State.ENDED,
    (State.DISCONNECTED, Event.EXPIRED): State.LOST,
    (State.ENDED, Event.EXPIRED): State.LOST,
    # Not FAILED, after which the rooms would offer a connection to the same full data plane at once.
    **{(state, Event.REFUSED): State.LOST for state in State if state not in FINAL},
    **{(state, Event.CLOSE): State.CLOSED for state in State},
    # A close_notify may arrive before the handshake's task has resumed, twice, or after the end.
    **{(state, Event.HUNG_UP): state for state in (State.SECURING, State.ENDED, *FINAL)},
    # The handshake's result and the data plane's refusal may arrive after a deadline or after the end.
    **{(state, event): state for state in FINAL for event in (Event.SECURED, Event.BROKEN, Event.REFUSED)},
}


def next_state(state: State, event: Event) -> State:
    """Raises IllegalMove. An event that may arrive late has a row that keeps the state."""
    return look_up(TRANSITIONS, state, event)


def due(state: State, *, entered_at: float, alive_at: float, now: float) -> Event | None:
    """The event that time alone brings. `alive_at`: when the peer last sent something authentic."""
    silence = now - alive_at
    match state:
        case State.OFFERED if now - entered_at >= LOST_S:
            return Event.EXPIRED
        case State.SECURING if now - entered_at >= HANDSHAKE_S:
            return Event.BROKEN
        case State.CONNECTED if silence >= SILENCE_S:
            return Event.QUIET
        case State.DISCONNECTED if silence < SILENCE_S:
            return Event.ALIVE
        case State.DISCONNECTED | State.ENDED if silence >= LOST_S:
            return Event.EXPIRED
        case _:
            return None
