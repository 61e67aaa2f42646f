from __future__ import annotations

from difflib import SequenceMatcher

import pytest

from server.learning import answers
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


def test_very_long_sentences_are_compared_from_their_first_change_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole of them would keep everybody else of the server waiting."""
    compared: list[int] = []

    class Counting(SequenceMatcher[str]):
        def __init__(self, isjunk: None, a: list[str], b: list[str], autojunk: bool) -> None:
            compared.append(max(len(a), len(b)))
            super().__init__(isjunk, a, b, autojunk)

    monkeypatch.setattr(answers, "SequenceMatcher", Counting)
    same = "we went there " * 150
    assert changed_words(f"{same} he go home {same}", f"{same} he goes home {same}") == ("go", "goes")
    assert changed_words(f"{same} a", f"{same} a b") == ("", "b")
    other = " ".join(f"a {n}" for n in range(250))
    said, right = changed_words(other, " ".join(f"a {n}" for n in range(1_000, 1_250)))
    assert (said[:9], right[:15]) == ("0 … 1 … 2", "1000 … 1001 … 1"[:15])
    assert max(compared) <= 100
