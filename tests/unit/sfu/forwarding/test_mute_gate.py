from __future__ import annotations

from itertools import product

import pytest

from server.common.state_machine import IllegalMove
from server.sfu.forwarding.mute import LAST_WORD_SECONDS, TRANSITIONS, Effect, Gate, MuteGate, Signal


def gate_in(state: Gate) -> MuteGate:
    gate = MuteGate(is_muted=state is Gate.CLOSED)
    if state is Gate.CLOSING:
        gate.signal(Signal.MUTE_SOON, 0.0)
    assert gate.state is state
    return gate


@pytest.mark.parametrize(("state", "signal"), list(product(Gate, Signal)))
def test_every_pair_of_state_and_signal(state: Gate, signal: Signal) -> None:
    gate = gate_in(state)
    expected = TRANSITIONS.get((state, signal))
    if expected is None:
        assert signal in {Signal.SILENCE, Signal.TIMEOUT}
        with pytest.raises(IllegalMove):
            gate.signal(signal, 0.0)
        return
    effect = gate.signal(signal, 0.0)
    assert (gate.state, effect) == expected


@pytest.mark.parametrize("signal", [Signal.MUTE_SOON, Signal.MUTE_NOW])
def test_only_unmute_opens_a_closed_gate(signal: Signal) -> None:
    gate = gate_in(Gate.CLOSED)
    gate.signal(signal, 0.0)
    assert gate.is_closed


@pytest.mark.parametrize("state", list(Gate))
def test_muting_always_ends_closed_and_finishes_the_stream_once(state: Gate) -> None:
    gate = gate_in(state)
    effects = [gate.signal(Signal.MUTE_SOON, 0.0), gate.check(LAST_WORD_SECONDS), gate.check(9.0)]
    effects.append(gate.signal(Signal.MUTE_NOW, 9.0))
    assert gate.is_closed
    assert effects.count(Effect.FINISH) == (0 if state is Gate.CLOSED else 1)


def test_a_second_mute_does_not_prolong_the_last_word() -> None:
    gate = gate_in(Gate.CLOSING)
    gate.signal(Signal.MUTE_SOON, 0.1)
    assert gate.check(LAST_WORD_SECONDS) is Effect.FINISH
