"""The states of a seat, and the events that change them, as a table.

    connecting    an offer was sent, no media yet           ends at its deadline
    connected     it has a socket and media
    disconnected  it has a socket, media silent for 5 s     the SFU watches it
    lost          it has a socket, media is gone            ends at its deadline
    held          no socket; kept for its resume token      ends at its deadline
    leaving       its page closed, perhaps to reload        ends at its deadline, after 5 s at most

Audio of a held seat may still flow: if only the socket was lost, others still hear its owner.

Every event has a row in every state: media events arrive late from another thread and may cross any action.
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
    LEAVING = auto()


class SeatEvent(Enum):
    SEATED = auto()
    """A socket joined or came back: its ack has a new offer."""
    MEDIA_ASKED = auto()
    """Its owner requested a new media connection."""
    MEDIA_UP = auto()
    MEDIA_SILENT = auto()
    MEDIA_FAILED = auto()
    """The connection could not be established; the server pushes a new offer."""
    REPLACEMENT_FAILED = auto()
    """The connection could not be established, but the one that it was to replace still works."""
    MEDIA_LOST = auto()
    SOCKET_LOST = auto()
    PAGE_CLOSED = auto()
    """The page said that it closes. It cannot know whether it is about to reload."""


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
        _E.PAGE_CLOSED: _S.LEAVING,
    },
    _S.CONNECTED: {
        _E.SEATED: _S.CONNECTING,
        _E.MEDIA_ASKED: _S.CONNECTED,  # the old connection works until the new one does
        _E.MEDIA_UP: _S.CONNECTED,
        _E.MEDIA_SILENT: _S.DISCONNECTED,
        _E.MEDIA_FAILED: _S.CONNECTING,
        _E.REPLACEMENT_FAILED: _S.CONNECTED,
        _E.MEDIA_LOST: _S.LOST,
        _E.SOCKET_LOST: _S.HELD,
        _E.PAGE_CLOSED: _S.LEAVING,
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
        _E.PAGE_CLOSED: _S.LEAVING,
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
        _E.PAGE_CLOSED: _S.LEAVING,
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
        _E.PAGE_CLOSED: _S.LEAVING,
    },
    _S.LEAVING: {
        _E.SEATED: _S.CONNECTING,
        _E.MEDIA_ASKED: _S.LEAVING,
        _E.MEDIA_UP: _S.LEAVING,
        _E.MEDIA_SILENT: _S.LEAVING,
        _E.MEDIA_FAILED: _S.LEAVING,
        _E.REPLACEMENT_FAILED: _S.LEAVING,
        _E.MEDIA_LOST: _S.LEAVING,
        _E.SOCKET_LOST: _S.LEAVING,
        _E.PAGE_CLOSED: _S.LEAVING,
    },
}

WITH_DEADLINE = frozenset({SeatState.CONNECTING, SeatState.LOST, SeatState.HELD, SeatState.LEAVING})
"""A seat that stays in one of these for the grace period is given up."""

RELOAD_GRACE_S = 5.0
"""Within this time a page that was reloaded has joined again; otherwise it was closed."""

_RENEWS_DEADLINE = frozenset({SeatEvent.SEATED, SeatEvent.MEDIA_ASKED})
"""Actions of the owner. Offers that the server pushes do not count: a client that never answers would hold
its seat for ever."""

_PUBLIC_STATUS = {
    SeatState.CONNECTING: Connection.CONNECTING,
    SeatState.CONNECTED: Connection.CONNECTED,
    SeatState.DISCONNECTED: Connection.DISCONNECTED,
    SeatState.LOST: Connection.DISCONNECTED,
    SeatState.HELD: Connection.DISCONNECTED,
    SeatState.LEAVING: Connection.LEAVING,
}


def next_state(state: SeatState, event: SeatEvent) -> SeatState:
    return TRANSITIONS[state][event]


def next_deadline(
    before: SeatState, event: SeatEvent, current: float | None, now: float, grace: float
) -> float | None:
    """Time at which the seat ends after `event` unless another event follows; None: no deadline."""
    after = next_state(before, event)
    if after not in WITH_DEADLINE:
        return None
    if after is SeatState.LEAVING:
        return current if before is after else now + min(grace, RELOAD_GRACE_S)
    if after is not before or event in _RENEWS_DEADLINE or current is None:
        return now + grace
    return current


def public_status(state: SeatState) -> Connection:
    """The status that others see."""
    return _PUBLIC_STATUS[state]
