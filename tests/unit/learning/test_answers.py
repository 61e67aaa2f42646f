from __future__ import annotations

import pytest

from server.learning.answers import changed_words, is_same_sentence


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("i went to hanoi", "I went to Hanoi."),
        ("I don’t know", "I don't know!"),
        ("  I   like icecream ", "I like ice cream."),
        ("Well known, isn't it?", "Well-known, isn't it"),
        ("tôi đi chợ", "Tôi đi chợ."),
    ],
)
def test_case_punctuation_and_spaces_do_not_matter(given: str, expected: str) -> None:
    assert is_same_sentence(given, expected)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("I goed to Hanoi", "I went to Hanoi."),
        ("I work in bank", "I work in a bank."),
        ("tôi di chợ", "Tôi đi chợ."),
        ("", "I went."),
        ("...", "!!!"),
    ],
)
def test_another_word_matters(given: str, expected: str) -> None:
    assert not is_same_sentence(given, expected)


@pytest.mark.parametrize(
    ("original", "corrected", "said", "right"),
    [
        ("I goed to Hanoi", "I went to Hanoi.", "goed", "went"),
        ("She work in bank", "She works in a bank.", "work", "works … a"),
        ("I work in bank", "I work in a bank", "", "a"),
        ("I discuss about it", "I discuss it", "about", ""),
        ("i am", "I am.", "", ""),
    ],
)
def test_a_pattern_is_the_words_that_changed(original: str, corrected: str, said: str, right: str) -> None:
    assert changed_words(original, corrected) == (said, right)
