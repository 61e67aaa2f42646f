"""The table itself. `test_every_move.py` brings each row about in a dialogue."""

from __future__ import annotations

import itertools

import pytest

from ai_agent.dialogue.states import Event, next_state
from server.common.state_machine import IllegalMove
from server.protocol.tutor import TutorState

I, L, T, S, X = TutorState  # noqa: E741 - a column each in the table

EXPECTED = {
    Event.SPEECH: {I: L, L: L, T: T, S: X, X: X},
    Event.NOTHING: {L: I, T: T, S: S, X: X},
    Event.TURN: {I: T, L: T, T: T, S: T, X: T},
    Event.AUDIO: {T: S},
    Event.FALSE_INTERRUPTION: {X: S},
    Event.BARGE_IN: {T: L, S: L, X: L},
    Event.DONE: {T: I, S: I, X: L},
}


@pytest.mark.parametrize(("state", "event"), list(itertools.product(TutorState, Event)))
def test_each_pair_moves_as_expected_or_is_illegal(state: TutorState, event: Event) -> None:
    expected = EXPECTED[event].get(state)
    if expected is None:
        with pytest.raises(IllegalMove):
            next_state(state, event)
    else:
        assert next_state(state, event) is expected
