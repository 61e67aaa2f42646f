"""The states of one connection, as a table, and what falls due by time."""

from __future__ import annotations

from enum import StrEnum

SILENCE_S = 5.0
"""No check and no packet for this long: shown as disconnected."""
LOST_S = 30.0
"""And for this long: gone. An offer that nobody answers is held as long."""
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
    HEARD = "heard"
    HUNG_UP = "hung_up"
    EXPIRED = "expired"
    CLOSE = "close"


TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.OFFERED, Event.ANSWERED): State.SECURING,
    (State.OFFERED, Event.EXPIRED): State.LOST,
    (State.SECURING, Event.SECURED): State.CONNECTED,
    (State.SECURING, Event.BROKEN): State.FAILED,
    (State.CONNECTED, Event.QUIET): State.DISCONNECTED,
    (State.CONNECTED, Event.HUNG_UP): State.ENDED,
    (State.DISCONNECTED, Event.HEARD): State.CONNECTED,
    (State.DISCONNECTED, Event.HUNG_UP): State.ENDED,
    (State.DISCONNECTED, Event.EXPIRED): State.LOST,
    (State.ENDED, Event.EXPIRED): State.LOST,
    **{(s, Event.CLOSE): State.CLOSED for s in State if s is not State.CLOSED},
}
"""A pair that is not here changes nothing: the event came too late."""

FINAL = frozenset({State.LOST, State.FAILED, State.CLOSED})
ANSWERED = frozenset({State.SECURING, State.CONNECTED, State.DISCONNECTED})


def due(state: State, *, entered_at: float, alive_at: float, now: float) -> Event | None:
    """The event that time alone brings. `alive_at`: when the peer was last heard of."""
    silence = now - alive_at
    match state:
        case State.OFFERED if now - entered_at >= LOST_S:
            return Event.EXPIRED
        case State.SECURING if now - entered_at >= HANDSHAKE_S:
            return Event.BROKEN
        case State.CONNECTED if silence >= SILENCE_S:
            return Event.QUIET
        case State.DISCONNECTED if silence < SILENCE_S:
            return Event.HEARD
        case State.DISCONNECTED | State.ENDED if silence >= LOST_S:
            return Event.EXPIRED
        case _:
            return None
