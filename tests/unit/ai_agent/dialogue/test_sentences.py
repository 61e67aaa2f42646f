from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ai_agent.dialogue.sentences import MAX_CHARS, Sentences


def pieces(*deltas: str) -> list[str]:
    sentences = Sentences()
    out = [piece for delta in deltas for piece in sentences.feed(delta)]
    return [piece.strip() for piece in (*out, *sentences.finish())]


def test_a_sentence_is_returned_as_soon_as_it_is_complete() -> None:
    sentences = Sentences()
    assert sentences.feed("I like rice very much.") == []
    assert sentences.feed(" And") == ["I like rice very much."]
    assert sentences.finish() == [" And"]


def test_abbreviations_numbers_and_initials_do_not_end_a_sentence() -> None:
    assert pieces("I met Mr. Brown and J. Smith at 3.5 km, e.g. by car. Fine!") == [
        "I met Mr. Brown and J. Smith at 3.5 km, e.g. by car.",
        "Fine!",
    ]


def test_short_sentences_are_joined_to_the_next() -> None:
    assert pieces("Oh! Really? That is very nice of you. ") == ["Oh! Really? That is very nice of you."]


def test_a_long_first_sentence_starts_at_its_comma() -> None:
    text = "When I was a small child, my grandmother used to cook rice soup with ginger for the whole family."
    assert pieces(text)[0] == "When I was a small child,"


@given(st.lists(st.text(max_size=80), max_size=12))
def test_no_text_is_lost_and_every_piece_is_bounded(deltas: list[str]) -> None:
    sentences = Sentences()
    out = [piece for delta in deltas for piece in sentences.feed(delta)]
    out += sentences.finish()
    text = "".join(deltas)
    assert "".join(out).strip() == text.strip() or not text.strip("\n ").strip()
    assert all(len(piece) <= MAX_CHARS + 80 for piece in out)
