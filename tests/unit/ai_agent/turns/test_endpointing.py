from __future__ import annotations

import pytest

from ai_agent.turns.endpointing import (
    DELAY_S,
    FINISHED_FACTOR,
    UNFINISHED_FACTOR,
    UNSURE_FACTOR,
    endpointing_delay,
    is_unfinished,
)
from ai_agent.turns.phrases import phrases

ENGLISH = phrases("en")


def test_the_lower_the_level_the_longer_the_pause() -> None:
    delays = [
        endpointing_delay(level, "I like rice", ENGLISH) for level in ("A1", "A2", "B1", "B2", "C1", "C2")
    ]
    assert delays == sorted(delays, reverse=True)
    assert endpointing_delay("?", "", ENGLISH) == DELAY_S["B1"]


@pytest.mark.parametrize(
    "text", ["I went to the", "because", "my brother and", "I think", "we need, ", "she is very", "it was um"]
)
def test_an_incomplete_sentence_gets_a_longer_pause(text: str) -> None:
    assert is_unfinished(text, ENGLISH)
    assert endpointing_delay("B1", text, ENGLISH) == DELAY_S["B1"] * UNFINISHED_FACTOR


@pytest.mark.parametrize(
    "text", ["", "I like rice", "yes I do", "where are you from?", "I think so", "me too"]
)
def test_a_possibly_complete_sentence_gets_the_normal_pause(text: str) -> None:
    assert not is_unfinished(text, ENGLISH)


@pytest.mark.parametrize(
    ("finished", "factor"),
    [(None, 1.0), (0.99, FINISHED_FACTOR), (0.7, UNSURE_FACTOR), (0.1, UNFINISHED_FACTOR)],
)
def test_the_sound_of_the_speech_chooses_the_pause(finished: float | None, factor: float) -> None:
    delay = endpointing_delay("B1", "I like rice", phrases("en"), finished=finished)
    assert delay == pytest.approx(DELAY_S["B1"] * factor)


def test_words_that_go_on_outweigh_the_sound() -> None:
    delay = endpointing_delay("B1", "I went to the", phrases("en"), finished=0.99)
    assert delay == pytest.approx(DELAY_S["B1"] * UNFINISHED_FACTOR)


def test_a_patient_tutor_waits_longer_at_any_level() -> None:
    for level in DELAY_S:
        usual = endpointing_delay(level, "I like rice", phrases("en"), finished=0.99)
        assert endpointing_delay(
            level, "I like rice", phrases("en"), finished=0.99, patience=1.5
        ) == pytest.approx(1.5 * usual)
