from __future__ import annotations

import pytest

from ai_agent.providers.cloud.elevenlabs import Aligner
from ai_agent.providers.ports import WordMark

TEXT = " Xin chào,  bạn nhé!"


def words_of(spoken: str, text: str = TEXT) -> list[str]:
    """The text up to the end of each marked word. Each character takes one second."""
    aligner = Aligner(text)
    marks: list[WordMark] = []
    for at, character in enumerate(spoken):
        marks += aligner.feed([(character, float(at))])
    return [text[: mark.end] for mark in marks]


@pytest.mark.parametrize("spoken", [TEXT, TEXT.strip(), "Xin chào, bạn nhé!", "Xinchào,bạnnhé!"])
def test_words_end_where_they_do_in_the_text_whatever_the_vendor_s_spaces(spoken: str) -> None:
    assert words_of(spoken) == [" Xin", " Xin chào,", " Xin chào,  bạn", TEXT]


def test_a_word_begins_with_its_first_character() -> None:
    marks = Aligner("One two").feed([(c, at / 10) for at, c in enumerate("One two")])
    assert marks == (WordMark(0.0, 3), WordMark(0.4, 7))


@pytest.mark.parametrize(("spoken", "known"), [("Xin chao, bạn", 2), ("Zin", 0), (TEXT + " nhé", 4)])
def test_there_are_no_marks_after_a_character_that_the_text_does_not_have(spoken: str, known: int) -> None:
    assert len(words_of(spoken)) == known


def test_an_empty_character_is_ignored() -> None:
    aligner = Aligner("One")
    assert aligner.feed([("", 0.0), ("O", 0.1), ("n", 0.2), ("e", 0.3), ("", 0.4)]) == (WordMark(0.1, 3),)
