"""The corrector changes only what is certainly wrong, and only if the whole sentence is right afterwards."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_agent.tutor.corrector import Outcome, SentenceCorrection, in_process, judge
from tests.bench.corrector.evaluate import evaluate
from tests.fakes.fuzzing import fuzz

WORDS = "i he she they go goes went have has had been since for the a an many more than to in on yesterday my"
SENTENCES = tomllib.loads((Path(__file__).parent / "corrector_sentences.toml").read_text("utf-8"))


def lines(name: str) -> list[str]:
    return SENTENCES[name].strip().splitlines()  # type: ignore[no-any-return]


def correct(said: str) -> tuple[SentenceCorrection, ...]:
    return judge(said).corrections


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("yesterday i go to the cinema", "Yesterday I went to the cinema"),
        ("she don't like it", "She doesn't like it"),
        ("I have lived here since ten years.", "I have lived here for ten years."),
        ("If I would have known, I would have stayed.", "If I had known, I would have stayed."),
        ("Prices are rising since January.", "Prices have been rising since January."),
        ("I don’t know where is the station", "I don't know where the station is"),
        *SENTENCES["mended"].items(),
    ],
)
def test_a_mistake_is_corrected_and_the_sentence_written_rightly(said: str, expected: str) -> None:
    (correction,) = correct(said)
    assert correction.corrected == expected
    assert correction.reasons
    assert correction.categories


@pytest.mark.parametrize("said", lines("right"))
def test_a_right_sentence_that_looks_like_a_mistake_is_unchanged(said: str) -> None:
    assert correct(said) == ()
    assert correct(said.lower().rstrip(".?")) == ()


@pytest.mark.parametrize("said", lines("half"))
def test_a_sentence_that_would_stay_wrong_is_not_shown_as_corrected(said: str) -> None:
    assert judge(said).outcome is Outcome.UNSURE


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Emma, yesterday I go to the market.", "Emma, yesterday I went to the market."),
        ("emma why you are tired", "Emma why are you tired"),
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


def test_an_abbreviation_does_not_end_a_sentence() -> None:
    (found,) = correct("I met Mr. Brown and she like him.")
    assert found.original == "I met Mr. Brown and she like him."


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("she don't like it", Outcome.CORRECTED),
        ("she does not like it", Outcome.RIGHT),
        ("we went to the market and " * 9, Outcome.UNSURE),
        ("If I would have known", Outcome.UNSURE),
        ("I have started to learn guitar since two months", Outcome.UNSURE),
        ("i wantted technoledge becouse", Outcome.UNSURE),
    ],
)
def test_a_judgement_tells_right_corrected_and_unsure_apart(said: str, outcome: Outcome) -> None:
    assert judge(said).outcome is outcome


@pytest.mark.parametrize(
    ("said", "confidence", "outcome"),
    [
        ("she like it very much", 0.9, Outcome.CORRECTED),
        ("she like it very much", 0.8, Outcome.UNSURE),  # the -s may not have been heard
        ("i saw a old friend", 0.8, Outcome.UNSURE),
        ("she have two brothers", 0.8, Outcome.CORRECTED),
        ("she have two brothers", 0.7, Outcome.UNSURE),
    ],
)
def test_weak_sounds_are_not_corrected_unless_they_were_surely_heard(
    said: str, confidence: float, outcome: Outcome
) -> None:
    assert judge(said, spoken=True, confidence=confidence).outcome is outcome
    assert judge(said, spoken=False, confidence=confidence).outcome is Outcome.CORRECTED


def test_the_reason_is_in_the_learners_language_where_there_is_a_text() -> None:
    english, vietnamese, german = (
        judge("she don't like it", native=native).corrections[0].reasons[0]
        for native in ("en", "vi-VN", "de")
    )
    assert vietnamese.startswith("Sau he, she, it")
    assert english == german == "After he, she, it or one person, use does or doesn't: she doesn't know."


def test_nothing_is_judged_where_the_parser_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent() -> None:
        raise ModuleNotFoundError(name="spacy")

    monkeypatch.setattr(in_process, "corrector", absent)
    assert judge("she don't like it").outcome is Outcome.UNSURE


@pytest.mark.parametrize("name", ["test", "heldout"])
def test_precision_on_sentences_that_the_rules_were_not_written_for(name: str) -> None:
    score = evaluate(name)
    assert score.mistakes >= 130
    assert score.right_sentences >= 130
    assert score.precision >= 0.98
    assert score.recall >= 0.6
    assert score.false_alarm_rate <= 0.005


def test_recall_does_not_fall() -> None:
    score = evaluate("dev")
    assert (score.wrong, score.false_alarms) == ([], [])
    assert score.recall >= 0.8


@pytest.mark.fuzz
@fuzz(examples=150)
@given(st.text(max_size=200) | st.lists(st.sampled_from(WORDS.split()), max_size=30).map(" ".join))
def test_any_text_can_be_checked(said: str) -> None:
    for correction in correct(said):
        assert correction.corrected.strip()
        assert correction.corrected.lower() != correction.original.lower()
