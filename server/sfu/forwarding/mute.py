"""Mute in the data plane: a gate that only an unmute command opens.

A moderator's mute closes it at once. A participant's own mute lets the last word out: the gate closes at the
first silent packet, at the latest after 150 ms. *Finish*: a few frames of Opus silence follow, so that
listeners' decoders conceal nothing.
"""

from __future__ import annotations

from enum import Enum, auto

from server.common.state_machine import look_up

LAST_WORD_SECONDS = 0.150
SILENT_LEVEL = 70
"""In −dBov (RFC 6464): a browser that has muted its track sends 127."""
SILENCE_FRAME = b"\xf8\xff\xfe"
"""20 ms of Opus silence, fullband CELT, mono (RFC 6716 section 3.1)."""
SILENCE_FRAMES = 3


class Gate(Enum):
    OPEN = auto()
    CLOSING = auto()
    CLOSED = auto()


class Signal(Enum):
    MUTE_SOON = auto()
    MUTE_NOW = auto()
    SILENCE = auto()
    TIMEOUT = auto()
    UNMUTE = auto()


class Effect(Enum):
    NONE = auto()
    FINISH = auto()
    RESUME = auto()


TRANSITIONS: dict[tuple[Gate, Signal], tuple[Gate, Effect]] = {
    (Gate.OPEN, Signal.MUTE_SOON): (Gate.CLOSING, Effect.NONE),
    (Gate.OPEN, Signal.MUTE_NOW): (Gate.CLOSED, Effect.FINISH),
    (Gate.CLOSING, Signal.MUTE_NOW): (Gate.CLOSED, Effect.FINISH),
    (Gate.CLOSING, Signal.SILENCE): (Gate.CLOSED, Effect.FINISH),
    (Gate.CLOSING, Signal.TIMEOUT): (Gate.CLOSED, Effect.FINISH),
    (Gate.CLOSING, Signal.UNMUTE): (Gate.OPEN, Effect.NONE),
    (Gate.CLOSED, Signal.UNMUTE): (Gate.OPEN, Effect.RESUME),
    # Commands that repeat what already holds.
    (Gate.OPEN, Signal.UNMUTE): (Gate.OPEN, Effect.NONE),
    (Gate.CLOSING, Signal.MUTE_SOON): (Gate.CLOSING, Effect.NONE),
    (Gate.CLOSED, Signal.MUTE_SOON): (Gate.CLOSED, Effect.NONE),
    (Gate.CLOSED, Signal.MUTE_NOW): (Gate.CLOSED, Effect.NONE),
}


def next_state(state: Gate, signal: Signal) -> tuple[Gate, Effect]:
    """Raises IllegalMove: SILENCE and TIMEOUT only end CLOSING."""
    return look_up(TRANSITIONS, state, signal)


class MuteGate:
    def __init__(self, is_muted: bool) -> None:
        self.state = Gate.CLOSED if is_muted else Gate.OPEN
        self._deadline = 0.0

    @property
    def is_closed(self) -> bool:
        return self.state is Gate.CLOSED

    def signal(self, signal: Signal, now: float) -> Effect:
        state, effect = next_state(self.state, signal)
        if state is Gate.CLOSING and self.state is not Gate.CLOSING:
            self._deadline = now + LAST_WORD_SECONDS
        self.state = state
        return effect

    def check(self, now: float) -> Effect:
        """Close if the time for the last word is over."""
        if self.state is Gate.CLOSING and now >= self._deadline:
            return self.signal(Signal.TIMEOUT, now)
        return Effect.NONE
