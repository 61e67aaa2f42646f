"""The word that a learner asks about, for their list of words."""

from __future__ import annotations

import pytest

from ai_agent.tutor.words.looked_up import LookedUp, asked_word, explained, looked_up


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("What does queue mean?", "queue"),
        ("what does the word 'receipt' mean", "receipt"),
        ("Sorry. What do queue mean?", "queue"),
        ("what mean queue?", "queue"),
        ("What is the meaning of look forward to?", "look forward to"),
        ("queue means what?", "queue"),
        ("I don't understand the word luggage.", "luggage"),
        ("Emma, what's queue mean", "queue"),
        ("queue nghĩa là gì?", "queue"),
        ("queue là gì", "queue"),
        ('How do you say "hóa đơn" in English?', "hóa đơn"),
        ("How can I say nhà in english please", "nhà"),
    ],
)
def test_questions_about_a_word_name_it(text: str, word: str) -> None:
    assert asked_word(text) == word


@pytest.mark.parametrize(
    "text",
    [
        "",
        "What does it mean?",
        "What do you mean?",
        "What does that word mean?",
        "What do you mean by that?",
        "What is your favourite food?",
        "I mean the house",
        "That means a lot to me.",
        "My life means nothing",
        "What does queue mean? I like tea.",
        "I don't understand.",
        "What is the meaning of my life?",
        "How do you say it in English?",
        "w" * 1_000,
        "what does " + "very " * 150 + "long mean",
    ],
)
def test_nothing_is_looked_up_without_a_word(text: str) -> None:
    assert asked_word(text) is None


def test_a_word_comes_with_its_meaning_and_the_tutors_sentence() -> None:
    told = ["Hello! How are you?", "Is there a long queue? I hate to wait.", "Queue means a line."]
    found = looked_up("queue", told)
    assert found is not None
    assert found.sentence == "Is there a long queue?"
    assert "line" in found.meaning


def test_a_vietnamese_word_is_listed_in_english() -> None:
    found = looked_up("nhà", [])
    assert found == LookedUp("house", "a building where a family lives", "")


def test_an_unknown_word_counts_only_if_the_tutor_said_it() -> None:
    assert looked_up("flibbertigibbet", ["Don't be a flibbertigibbet."]) == LookedUp(
        "flibbertigibbet", "", "Don't be a flibbertigibbet."
    )
    assert looked_up("flibbertigibbet", ["Hello!"]) is None


@pytest.mark.parametrize(
    ("text", "word", "meaning"),
    [
        ('Here is a word for you. "Receipt" means a paper from a shop. Can you use it?', "receipt",
         "a paper from a shop"),
        ("“Look forward to” means wait for something with joy!", "look forward to",
         "wait for something with joy"),
    ],
)  # fmt: skip
def test_a_word_that_the_tutor_explains_comes_with_its_meaning(text: str, word: str, meaning: str) -> None:
    assert explained(text) == LookedUp(word, meaning, "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "That means a lot.",
        '"It" means a thing.',
        'You said "go". It means go.',
        f'"A{"h" * 40}" means that it hurts.',
    ],
)
def test_other_words_of_the_tutor_are_no_explanation(text: str) -> None:
    assert explained(text) is None
