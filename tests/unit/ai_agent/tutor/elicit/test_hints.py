"""Hints point at a mistake, and never hold its correction."""

from __future__ import annotations

import pytest

from ai_agent.tutor.corrector import Outcome, judge
from ai_agent.tutor.elicit.compare import changes
from ai_agent.tutor.elicit.hints import hint, is_telling

HINTS = [
    ("I go there yesterday", "I went there yesterday", "tense", 'think about the past of "go"'),
    ("I goed there", "I went there", "verb_form", 'think about the form of "goed"'),
    ("I enjoy to read", "I enjoy reading", "verb_form", 'look at "to read"'),
    ("She go home", "She goes home", "agreement", 'look at "go": who or what is it about?'),
    (
        "I have dog",
        "I have a dog",
        "article",
        'think about the little word before "dog": a, an, the, or nothing',
    ),
    ("I am good in maths", "I am good at maths", "preposition", 'think about the little word "in"'),
    (
        "We discussed about it",
        "We discussed it",
        "preposition",
        'one little word is too many, near "discussed"',
    ),
    ("I listen music", "I listen to music", "preposition", 'something is missing near "music"'),
    ("It is more better", "It is better", "comparative", "think about how we compare two things"),
    ("Many informations", "Much information", "countability", 'can we count it? Look at "many informations"'),
]


@pytest.mark.parametrize(("said", "right", "category", "text"), HINTS)
def test_hints(said: str, right: str, category: str, text: str) -> None:
    assert hint(said, right, category) == text


@pytest.mark.parametrize(
    ("said", "right", "category", "text"),
    [
        ("I go there yesterday", "I went there yesterday", "tense", 'hãy nghĩ về dạng quá khứ của "go"'),
        ("She go home", "She goes home", "agreement", 'xem lại "go": đang nói về ai hoặc cái gì?'),
        ("I listen music", "I listen to music", "preposition", 'thiếu một từ, gần "music"'),
    ],
)
def test_hints_in_vietnamese(said: str, right: str, category: str, text: str) -> None:
    assert hint(said, right, category, "vi") == text


@pytest.mark.parametrize(("said", "right", "category", "text"), HINTS)
def test_every_hint_is_there_in_each_language(said: str, right: str, category: str, text: str) -> None:
    assert hint(said, right, category, "vi") not in {None, text}
    assert hint(said, right, category, "de") == text


def test_a_sentence_that_changes_as_a_whole_has_no_hint() -> None:
    assert (
        hint("me no like go in school today", "I did not want to be at school this morning", "other") is None
    )


@pytest.mark.parametrize("given", ["say went", "It is “went”.", "WENT!"])
def test_an_answer_is_no_hint(given: str) -> None:
    assert is_telling(given, "I go there", "I went there")
    assert not is_telling("the past of go, as in wentworth", "I go there", "I went there")


def test_hints_at_real_corrections_do_not_tell() -> None:
    for said in (
        "i goed to the beach with my brother",
        "She don't know him.",
        "I have three cat.",
        "He is more taller than me.",
        "I am married with a doctor.",
        "I need some informations.",
    ):
        judged = judge(said)
        assert judged.outcome is Outcome.CORRECTED
        for one in judged.corrections:
            text = hint(one.original, one.corrected, one.categories[0])
            assert text is not None
            for change in changes(one.original, one.corrected):
                assert not change.right or f" {' '.join(change.right)} " not in f" {text} "
