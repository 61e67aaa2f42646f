"""Each pair of state and event of a turn: the next state, or an illegal move."""

from __future__ import annotations

import itertools

import pytest

from ai_agent.dialogue.turn import (
    SPEECH_TABLE,
    WORDS_TABLE,
    SpeechEvent,
    SpeechState,
    WordsEvent,
    WordsState,
)
from server.common.state_machine import IllegalMove, look_up

S, P = SpeechState.SPEAKING, SpeechState.PAUSED
HS, HP = SpeechState.HELD_SPEAKING, SpeechState.HELD_PAUSED
RS, RP = SpeechState.RELEASED_SPEAKING, SpeechState.RELEASED_PAUSED

SPEECH: dict[SpeechEvent, dict[SpeechState, SpeechState]] = {
    SpeechEvent.SPEECH: {P: S, HP: HS, RP: RS},
    SpeechEvent.PAUSE: {S: P, P: P, HS: HP, HP: HP, RS: RP, RP: RP},
    SpeechEvent.HOLD: {S: HS, P: HP, HS: HS, HP: HP, RS: HS, RP: HP},
    SpeechEvent.RELEASE: {S: S, P: P, HS: RS, HP: RP, RS: RS, RP: RP},
}

OPEN, FLUSHING, FLUSHED = WordsState.OPEN, WordsState.FLUSHING, WordsState.FLUSHED
FINAL, ENDED, AFTER_END = WordsState.FINAL, WordsState.ENDED, WordsState.SPEECH_AFTER_END

WORDS: dict[WordsEvent, dict[WordsState, WordsState]] = {
    WordsEvent.SPEECH: {
        OPEN: OPEN,
        FLUSHING: FLUSHING,
        FLUSHED: OPEN,
        FINAL: OPEN,
        ENDED: AFTER_END,
        AFTER_END: AFTER_END,
    },
    WordsEvent.HOLD: dict.fromkeys(WordsState, OPEN),
    WordsEvent.PARTIAL: {
        OPEN: OPEN,
        FLUSHING: FLUSHING,
        FLUSHED: FLUSHED,
        FINAL: OPEN,
        ENDED: OPEN,
        AFTER_END: OPEN,
    },
    WordsEvent.BROWSER_FINAL: {OPEN: FINAL, FINAL: FINAL},
    WordsEvent.FLUSH: {OPEN: FLUSHING, FINAL: FLUSHING},
    WordsEvent.FLUSHED: {
        OPEN: OPEN,
        FLUSHING: FLUSHED,
        FLUSHED: FLUSHED,
        FINAL: FINAL,
        ENDED: ENDED,
        AFTER_END: AFTER_END,
    },
    WordsEvent.FLUSHED_TOO_SOON: {FLUSHING: OPEN},
    WordsEvent.END_OF_TURN: dict.fromkeys(WordsState, ENDED),
    WordsEvent.END_OF_SENTENCE: {OPEN: FINAL, FLUSHING: FLUSHED, FLUSHED: FLUSHED, FINAL: FINAL},
}


@pytest.mark.parametrize(("state", "event"), list(itertools.product(SpeechState, SpeechEvent)))
def test_each_speech_pair_leads_where_expected_or_is_illegal(state: SpeechState, event: SpeechEvent) -> None:
    expected = SPEECH[event].get(state)
    if expected is None:
        with pytest.raises(IllegalMove):
            look_up(SPEECH_TABLE, state, event)
    else:
        assert look_up(SPEECH_TABLE, state, event) is expected


@pytest.mark.parametrize(("state", "event"), list(itertools.product(WordsState, WordsEvent)))
def test_each_words_pair_leads_where_expected_or_is_illegal(state: WordsState, event: WordsEvent) -> None:
    expected = WORDS[event].get(state)
    if expected is None:
        with pytest.raises(IllegalMove):
            look_up(WORDS_TABLE, state, event)
    else:
        assert look_up(WORDS_TABLE, state, event) is expected
