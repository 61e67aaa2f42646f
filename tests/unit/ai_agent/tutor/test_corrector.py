"""The corrector changes only what is certainly wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_agent.tutor.corrector import Outcome, correct, judge
from ai_agent.tutor.corrector.rules import RULES
from ai_agent.tutor.feedback_tool import CATEGORIES
from tests.bench.corrector.evaluate import evaluate
from tests.fakes.fuzzing import fuzz

WORDS = "i he she they go goes went have has had been since for the a an many more than to in on yesterday my"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("yesterday i go to the cinema", "yesterday i went to the cinema"),
        ("she don't like it", "she doesn't like it"),
        ("I have lived here since ten years.", "I have lived here for ten years."),
        ("he is more tall than me and he don't work", "he is taller than me and he doesn't work"),
        ("I don’t know where is the station", "I don't know where the station is"),
    ],
)
def test_a_mistake_is_corrected_and_the_rest_unchanged(said: str, expected: str) -> None:
    (correction,) = correct(said)
    assert correction.corrected == expected
    assert correction.reasons


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Emma, yesterday I go to the market.", "Emma, yesterday I went to the market."),
        ("emma why you are tired", "emma why are you tired"),
        ("Well, I yesterday saw a film.", "Well, I saw a film yesterday."),
        ("Hi Emma, is raining.", "Hi Emma, it is raining."),
        ("And always I get up late.", "And I always get up late."),
        ("Minh, yesterday I go home.", "Minh, yesterday I went home."),
    ],
)
def test_a_mistake_is_found_after_a_call_or_a_filler_word(said: str, expected: str) -> None:
    (correction,) = correct(said)
    assert (correction.original, correction.corrected) == (said, expected)


def test_each_sentence_is_checked_separately() -> None:
    found = correct("I like music. She like it too. We are happy.")
    assert [c.original for c in found] == ["She like it too."]


@pytest.mark.parametrize(
    "said", ["", "yes", "...", "did he go", "let him go", "i saw her dance", "what is he like"]
)
def test_a_correct_sentence_is_unchanged(said: str) -> None:
    assert correct(said) == []


def test_precision_on_sentences_that_the_rules_were_not_written_for() -> None:
    score = evaluate("test")
    assert score.mistakes >= 150
    assert score.right_sentences >= 300
    assert score.precision >= 0.95
    assert score.recall >= 0.5
    assert score.false_alarm_rate <= 0.01


def test_recall_does_not_fall() -> None:
    score = evaluate("dev")
    assert (score.wrong, score.false_alarms) == ([], [])
    assert score.recall >= 0.9


def test_rules_use_the_categories_of_the_feedback() -> None:
    assert {rule.category for rule in RULES} <= set(CATEGORIES)


@pytest.mark.fuzz
@fuzz(examples=150)
@given(st.text(max_size=200) | st.lists(st.sampled_from(WORDS.split()), max_size=30).map(" ".join))
def test_any_text_can_be_checked(said: str) -> None:
    for correction in correct(said):
        assert correction.corrected.strip()
        assert correction.corrected.lower() != correction.original.lower()


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("she don't like it", Outcome.CORRECTED),
        ("she does not like it", Outcome.RIGHT),
        ("we went to the market and " * 9, Outcome.UNSURE),
    ],
)
def test_a_judgement_tells_right_corrected_and_unsure_apart(said: str, outcome: Outcome) -> None:
    assert judge(said).outcome is outcome
