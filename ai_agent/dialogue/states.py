"""The tutor's state in a conversation, as a table of states and events.

idle         nobody speaks, no reply is due
listening    a learner speaks, or their words are still being recognised
thinking     a reply is being prepared and not yet heard
speaking     the reply is heard
interrupted  a learner speaks over the reply: it is paused until it is known whether they take the floor
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from server.common.state_machine import look_up
from server.protocol.tutor import TutorState


class Event(StrEnum):
    SPEECH = "speech"  # a learner begins to speak
    NOTHING = "nothing"  # a turn had no words, or was not for the tutor
    TURN = "turn"  # a reply is due: to a turn, to typed words, or a greeting
    AUDIO = "audio"  # the first frame of the reply is played
    FALSE_INTERRUPTION = "false_interruption"  # a cough or a backchannel: the reply continues
    BARGE_IN = "barge_in"  # a learner takes the floor: the reply is cancelled
    DONE = "done"  # all of the reply was played, or it failed


_I, _L, _T, _S, _X = TutorState

TABLE: Mapping[tuple[TutorState, Event], TutorState] = {
    (_I, Event.SPEECH): _L,
    (_I, Event.TURN): _T,
    (_L, Event.NOTHING): _I,
    (_L, Event.TURN): _T,
    (_T, Event.AUDIO): _S,
    (_T, Event.DONE): _I,
    (_T, Event.TURN): _T,
    (_T, Event.BARGE_IN): _L,
    (_S, Event.SPEECH): _X,
    (_S, Event.DONE): _I,
    (_S, Event.TURN): _T,
    (_S, Event.BARGE_IN): _L,
    (_X, Event.FALSE_INTERRUPTION): _S,
    (_X, Event.BARGE_IN): _L,
    (_X, Event.TURN): _T,
    (_X, Event.DONE): _L,
    # a second learner joins in
    (_L, Event.SPEECH): _L,
    (_X, Event.SPEECH): _X,
    # over a reply that is not yet heard: it waits for the floor
    (_T, Event.SPEECH): _T,
    # the turn of one of several speakers came to nothing while a reply is due
    (_T, Event.NOTHING): _T,
    (_S, Event.NOTHING): _S,
    (_X, Event.NOTHING): _X,
}


def next_state(state: TutorState, event: Event) -> TutorState:
    """Raises IllegalMove."""
    return look_up(TABLE, state, event)


class StateSink(Protocol):
    def show_state(self, state: TutorState) -> None: ...


class StateTracker:
    """The current state. The sink gets each change."""

    def __init__(self, sink: StateSink) -> None:
        self._sink = sink
        self._state = TutorState.IDLE

    @property
    def state(self) -> TutorState:
        return self._state

    def apply(self, event: Event) -> None:
        """Raises IllegalMove."""
        state = next_state(self._state, event)
        if state is not self._state:
            self._state = state
            self._sink.show_state(state)
