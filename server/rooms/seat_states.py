"""How a seat fares: a table of states and of what happens to it.

    connecting    an offer is out, no media yet             ends at its deadline
    connected     socket and media are there
    disconnected  socket there, media silent for 5 s        the SFU watches it
    lost          socket there, media gone                  ends at its deadline
    held          no socket; kept for its resume token      ends at its deadline

Audio of a held seat may still flow: the socket alone was lost, and its owner goes on being heard.
"""

from __future__ import annotations

from enum import Enum, auto

from server.protocol.entities import Connection


class SeatState(Enum):
    CONNECTING = auto()
    CONNECTED = auto()
    DISCONNECTED = auto()
    LOST = auto()
    HELD = auto()


class SeatEvent(Enum):
    SEATED = auto()
    """A socket joined, or came back: a new offer went out with its ack."""
    MEDIA_ASKED = auto()
    """Its owner asked for a new media connection."""
    MEDIA_UP = auto()
    MEDIA_SILENT = auto()
    MEDIA_FAILED = auto()
    """The connection could not be made; the server pushes a new offer."""
    REPLACEMENT_FAILED = auto()
    """Likewise, but the connection that it was to replace is there and carries on."""
    MEDIA_LOST = auto()
    SOCKET_LOST = auto()


_S, _E = SeatState, SeatEvent

TRANSITIONS: dict[SeatState, dict[SeatEvent, SeatState]] = {
    _S.CONNECTING: {
        _E.SEATED: _S.CONNECTING,
        _E.MEDIA_ASKED: _S.CONNECTING,
        _E.MEDIA_UP: _S.CONNECTED,
        _E.MEDIA_SILENT: _S.CONNECTING,
        _E.MEDIA_FAILED: _S.CONNECTING,
        _E.REPLACEMENT_FAILED: _S.CONNECTED,
        _E.MEDIA_LOST: _S.LOST,
        _E.SOCKET_LOST: _S.HELD,
    },
    _S.CONNECTED: {
        _E.SEATED: _S.CONNECTING,
        _E.MEDIA_ASKED: _S.CONNECTED,  # the old connection carries on until the new one is there
        _E.MEDIA_UP: _S.CONNECTED,
        _E.MEDIA_SILENT: _S.DISCONNECTED,
        _E.MEDIA_FAILED: _S.CONNECTING,
        _E.REPLACEMENT_FAILED: _S.CONNECTED,
        _E.MEDIA_LOST: _S.LOST,
        _E.SOCKET_LOST: _S.HELD,
    },
    _S.DISCONNECTED: {
        _E.SEATED: _S.CONNECTING,
        _E.MEDIA_ASKED: _S.CONNECTING,
        _E.MEDIA_UP: _S.CONNECTED,
        _E.MEDIA_SILENT: _S.DISCONNECTED,
        _E.MEDIA_FAILED: _S.CONNECTING,
        _E.REPLACEMENT_FAILED: _S.CONNECTED,
        _E.MEDIA_LOST: _S.LOST,
        _E.SOCKET_LOST: _S.HELD,
    },
    _S.LOST: {
        _E.SEATED: _S.CONNECTING,
        _E.MEDIA_ASKED: _S.CONNECTING,
        _E.MEDIA_UP: _S.CONNECTED,
        _E.MEDIA_SILENT: _S.LOST,
        _E.MEDIA_FAILED: _S.LOST,
        _E.REPLACEMENT_FAILED: _S.CONNECTED,
        _E.MEDIA_LOST: _S.LOST,
        _E.SOCKET_LOST: _S.HELD,
    },
    _S.HELD: {
        _E.SEATED: _S.CONNECTING,
        _E.MEDIA_ASKED: _S.HELD,
        _E.MEDIA_UP: _S.HELD,
        _E.MEDIA_SILENT: _S.HELD,
        _E.MEDIA_FAILED: _S.HELD,
        _E.REPLACEMENT_FAILED: _S.HELD,
        _E.MEDIA_LOST: _S.HELD,
        _E.SOCKET_LOST: _S.HELD,
    },
}

WITH_DEADLINE = frozenset({SeatState.CONNECTING, SeatState.LOST, SeatState.HELD})
"""A seat that stays in one of these for the grace period is given up."""

_RENEWS_DEADLINE = frozenset({SeatEvent.SEATED, SeatEvent.MEDIA_ASKED})
"""What shows that its owner is there and trying. Offers that the server pushes of itself do not count:
a client that never answers would hold its seat for ever."""

_PUBLIC_STATUS = {
    SeatState.CONNECTING: Connection.CONNECTING,
    SeatState.CONNECTED: Connection.CONNECTED,
    SeatState.DISCONNECTED: Connection.DISCONNECTED,
    SeatState.LOST: Connection.DISCONNECTED,
    SeatState.HELD: Connection.DISCONNECTED,
}


def next_state(state: SeatState, event: SeatEvent) -> SeatState:
    return TRANSITIONS[state][event]


def next_deadline(
    before: SeatState, event: SeatEvent, current: float | None, now: float, grace: float
) -> float | None:
    """When the seat ends unless something happens, after `event`; None: not by time."""
    after = next_state(before, event)
    if after not in WITH_DEADLINE:
        return None
    if after is not before or event in _RENEWS_DEADLINE or current is None:
        return now + grace
    return current


def public_status(state: SeatState) -> Connection:
    """The status that others see."""
    return _PUBLIC_STATUS[state]
