from __future__ import annotations

from dataclasses import replace

import pytest

from ai_agent.turns.overlap import Overlap, Verdict, classify
from ai_agent.turns.phrases import phrases

ENGLISH = phrases("en")
LONG = Overlap("i have a question", voiced_s=1.0, quiet_s=0.0, words_complete=False)


def test_words_take_the_floor_while_the_learner_speaks() -> None:
    assert classify(LONG, ENGLISH) is Verdict.BARGE_IN


@pytest.mark.parametrize(
    "text",
    [
        "mm-hm",
        "Yeah.",
        "yeah okay",
        "oh I see",
        "Uh huh",
        "wow",
        "Oh, really?",
        "that's true",
        "interesting",
        "Oh, that's interesting",
        "ha ha ha",
        "no way",
    ],
)
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


def test_speech_without_words_gives_the_floor_back_however_long_it_was() -> None:
    over = Overlap("", 6.0, 0.0, words_complete=False)
    assert classify(over, ENGLISH) is Verdict.WAIT
    assert classify(replace(over, quiet_s=0.5, words_complete=True), ENGLISH) is Verdict.FALSE_INTERRUPTION


def test_one_or_two_words_of_an_unreliable_recogniser_wait_for_its_final() -> None:
    over = replace(LONG, text="you", is_reliable=False)
    assert classify(over, ENGLISH) is Verdict.WAIT
    assert classify(replace(over, words_complete=True), ENGLISH) is Verdict.BARGE_IN
    assert classify(replace(over, text="what do you mean"), ENGLISH) is Verdict.BARGE_IN


def test_short_sounds_of_an_unreliable_recogniser_do_not_count() -> None:
    over = Overlap("look you", 0.3, 0.5, words_complete=True, is_reliable=False, confidence=0.9)
    assert classify(over, ENGLISH) is Verdict.FALSE_INTERRUPTION
    assert classify(replace(over, is_reliable=True), ENGLISH) is Verdict.BARGE_IN
    assert classify(replace(over, text="stop"), ENGLISH) is Verdict.BARGE_IN


def test_the_tutors_words_from_a_learners_track_are_not_theirs() -> None:
    tutor = ("i", "went", "to", "the", "market", "and", "bought", "a", "fish")
    over = replace(LONG, text="to the market and bought", quiet_s=0.5, words_complete=True)
    assert classify(over, ENGLISH, tutor) is Verdict.FALSE_INTERRUPTION
    assert classify(replace(over, text="but the supermarket is closed"), ENGLISH, tutor) is Verdict.BARGE_IN


def test_the_tutors_words_in_another_order_are_the_learners() -> None:
    tutor = ("hi", "ann", "i", "am", "emma", "how", "are", "you", "today")
    over = replace(LONG, text="i am ann how are you emma", quiet_s=0.5, words_complete=True)
    assert classify(over, ENGLISH, tutor) is Verdict.BARGE_IN
