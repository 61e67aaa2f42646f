from __future__ import annotations

from server.knowledge.model import Matches
from server.knowledge.ranking import MAX_TERMS, by_words, coverage, fused, terms_of


def test_a_question_is_reduced_to_what_it_is_about() -> None:
    assert terms_of("What is the price of a library card?") == ["price", "library", "card"]
    assert terms_of("Giá thẻ thư viện là bao nhiêu?") == ["giá", "thẻ", "thư", "viện"]


def test_a_question_of_common_words_alone_keeps_them() -> None:
    assert terms_of("Who are you?") == ["who", "are", "you"]


def test_a_long_question_is_bounded() -> None:
    assert len(terms_of(" ".join(f"word{n}" for n in range(100)))) == MAX_TERMS


def test_signs_are_no_words() -> None:
    assert terms_of('") OR 1=1 -- *') == ["1"]
    assert terms_of("?!") == []


def test_a_rare_word_counts_more_than_one_that_every_passage_has() -> None:
    matches = Matches({"school": frozenset(range(10)), "parking": frozenset({3})}, list(range(10)), 10)
    found = coverage(["school", "parking"], matches)
    assert found[3] == 1
    assert found[0] < 0.1


def test_a_question_whose_main_word_no_passage_has_is_not_answered() -> None:
    matches = Matches({"school": frozenset(range(8)), "dinosaurs": frozenset()}, list(range(8)), 10)
    _, is_answered = by_words(["school", "dinosaurs"], matches, 5)
    assert not is_answered


def test_nothing_found_is_not_answered() -> None:
    assert by_words(["x"], Matches({"x": frozenset()}, [], 0), 5) == ([], False)


def test_fusion_prefers_what_several_lists_have() -> None:
    assert fused([[1, 2, 3], [4, 2, 5]], 3) == [2, 1, 4]
