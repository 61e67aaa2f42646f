from __future__ import annotations

import pytest

from ai_agent.providers.cloud.alignment import Aligner
from ai_agent.providers.ports import WordMark

TEXT = " Xin chào,  bạn nhé!"


def words_of(told: str, text: str = TEXT) -> list[str]:
    """The text up to the end of each word that is marked, one second a character."""
    aligner = Aligner(text)
    marks: list[WordMark] = []
    for at, character in enumerate(told):
        marks += aligner.words([(character, float(at))])
    return [text[: mark.end] for mark in marks]


@pytest.mark.parametrize("told", [TEXT, TEXT.strip(), "Xin chào, bạn nhé!", "Xinchào,bạnnhé!"])
def test_words_end_where_they_end_in_the_text_however_the_vendor_spaces_them(told: str) -> None:
    assert words_of(told) == [" Xin", " Xin chào,", " Xin chào,  bạn", TEXT]


def test_a_word_begins_with_its_first_character() -> None:
    marks = Aligner("One two").words([(c, at / 10) for at, c in enumerate("One two")])
    assert marks == (WordMark(0.0, 3), WordMark(0.4, 7))


@pytest.mark.parametrize(("told", "known"), [("Xin chao, bạn", 2), ("Zin", 0), (TEXT + " nhé", 4)])
def test_after_what_the_text_does_not_have_nothing_is_known(told: str, known: int) -> None:
    assert len(words_of(told)) == known


def test_no_character_at_all_is_none() -> None:
    aligner = Aligner("One")
    assert aligner.words([("", 0.0), ("O", 0.1), ("n", 0.2), ("e", 0.3), ("", 0.4)]) == (WordMark(0.1, 3),)
