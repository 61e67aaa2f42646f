from __future__ import annotations

from dataclasses import replace

import pytest

from ai_agent.turns.overlap import Overlap, Verdict, classify
from ai_agent.turns.phrases import phrases

ENGLISH = phrases("en")
LONG = Overlap("i have a question", voiced_s=1.0, quiet_s=0.0, words_complete=False)


def test_words_take_the_floor_while_the_learner_speaks() -> None:
    assert classify(LONG, ENGLISH) is Verdict.BARGE_IN


@pytest.mark.parametrize("text", ["mm-hm", "Yeah.", "yeah okay", "oh I see", "Uh huh", "wow"])
def test_backchannels_do_not_take_the_floor(text: str) -> None:
    over = replace(LONG, text=text, quiet_s=0.5, words_complete=True)
    assert classify(over, ENGLISH) is Verdict.FALSE_INTERRUPTION


def test_a_pause_that_may_be_within_words_decides_nothing() -> None:
    over = replace(LONG, text="no", quiet_s=0.2, words_complete=True, is_reliable=False, voiced_s=0.1)
    assert classify(replace(over, text="oh"), ENGLISH) is Verdict.WAIT


def test_no_words_within_a_second_are_a_false_alarm() -> None:
    over = Overlap("", voiced_s=0.3, quiet_s=0.9, words_complete=False)
    assert classify(over, ENGLISH) is Verdict.WAIT
    assert classify(replace(over, quiet_s=1.0), ENGLISH) is Verdict.FALSE_INTERRUPTION


def test_a_learner_who_keeps_speaking_gets_the_floor() -> None:
    assert classify(Overlap("", 1.7, 0.0, words_complete=False), ENGLISH) is Verdict.BARGE_IN


def test_short_sounds_of_an_unreliable_recogniser_do_not_count() -> None:
    over = Overlap("look you", 0.3, 0.5, words_complete=True, is_reliable=False, confidence=0.9)
    assert classify(over, ENGLISH) is Verdict.FALSE_INTERRUPTION
    assert classify(replace(over, is_reliable=True), ENGLISH) is Verdict.BARGE_IN
    assert classify(replace(over, text="stop"), ENGLISH) is Verdict.BARGE_IN


def test_the_tutors_words_from_a_learners_track_are_not_theirs() -> None:
    tutor = frozenset(["i", "went", "to", "the", "market", "and", "bought", "a", "fish"])
    over = replace(LONG, text="to the market and bought", quiet_s=0.5, words_complete=True)
    assert classify(over, ENGLISH, tutor) is Verdict.FALSE_INTERRUPTION
    assert classify(replace(over, text="but the supermarket is closed"), ENGLISH, tutor) is Verdict.BARGE_IN
