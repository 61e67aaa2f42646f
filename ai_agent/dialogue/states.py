"""The states of the tutor in a conversation, as a table. What is not in it is illegal and raises.

idle         nobody speaks, nothing is to be said
listening    somebody speaks, or their words are still being understood
thinking     an answer is on its way, not yet heard
speaking     the answer is heard
interrupted  somebody speaks over it: the output is paused until we know what that was
"""

from __future__ import annotations

from enum import StrEnum

from ai_agent.dialogue.ports import State


class Event(StrEnum):
    SPEECH = "speech"  # somebody begins to speak
    NOTHING = "nothing"  # what they said came to nothing, or was not for the tutor
    TURN = "turn"  # something is to be answered: a turn's end, typed words, a greeting
    AUDIO = "audio"  # the first sound of the answer goes out
    FALSE_INTERRUPTION = "false_interruption"  # a cough, an "mm-hm": the answer goes on
    BARGE_IN = "barge_in"  # real words over the answer: it is cancelled
    DONE = "done"  # all of the answer was heard, or it failed


class IllegalMove(RuntimeError):
    """A fault of ours: this event cannot happen in this state."""


_I, L, T, S, X = State.IDLE, State.LISTENING, State.THINKING, State.SPEAKING, State.INTERRUPTED

TABLE: dict[tuple[State, Event], State] = {
    (_I, Event.SPEECH): L,
    (_I, Event.TURN): T,
    (L, Event.NOTHING): _I,
    (L, Event.TURN): T,
    (T, Event.AUDIO): S,
    (T, Event.DONE): _I,
    (T, Event.TURN): T,
    (T, Event.BARGE_IN): L,
    (S, Event.SPEECH): X,
    (S, Event.DONE): _I,
    (S, Event.TURN): T,
    (S, Event.BARGE_IN): L,
    (X, Event.FALSE_INTERRUPTION): S,
    (X, Event.BARGE_IN): L,
    (X, Event.TURN): T,
    (X, Event.DONE): L,
    # a second person joins in
    (L, Event.SPEECH): L,
    (X, Event.SPEECH): X,
    # over an answer that is not yet heard: it waits for the floor
    (T, Event.SPEECH): T,
    # one of several voices came to nothing while an answer is on its way
    (T, Event.NOTHING): T,
    (S, Event.NOTHING): S,
    (X, Event.NOTHING): X,
}

ILLEGAL = frozenset((state, event) for state in State for event in Event if (state, event) not in TABLE)


def move(state: State, event: Event) -> State:
    """Raises IllegalMove."""
    try:
        return TABLE[state, event]
    except KeyError:
        raise IllegalMove(f"{event} while {state}") from None
