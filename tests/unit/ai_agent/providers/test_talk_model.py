"""The language model of lesson talk."""

from __future__ import annotations

import pytest

from ai_agent.providers.local.talk_model import (
    LIST,
    PATTERNS,
    Counts,
    arpa,
    build,
    read_patterns,
    sentences,
)

SMALL = read_patterns("# a remark\n[food] rice | soup\ni like {food} (a lot|)\nhello\n")


def test_patterns_become_sentences_and_unknown_words_are_left_out() -> None:
    known = {"i", "like", "rice", "soup", "a", "lot", "hello"}
    said = {" ".join(words) for words in sentences(SMALL, known)}
    assert said == {"i like rice", "i like soup", "i like rice a lot", "i like soup a lot", "hello"}
    assert not any("soup" in words for words in sentences(SMALL, known - {"soup"}))


def test_every_list_in_a_pattern_exists_and_every_list_is_used() -> None:
    patterns = read_patterns(PATTERNS.read_text(encoding="utf-8"))
    lines = [*patterns.lines, *(item for items in patterns.lists.values() for item in items)]
    named = {name for line in lines for name in LIST.findall(line)}
    assert named <= set(patterns.lists)
    assert set(patterns.lists) <= named


def test_the_probabilities_after_a_context_add_up_to_one() -> None:
    counts = Counts([["i", "like", "rice"], ["i", "like", "soup"], ["hello"]])
    words = [gram[0] for gram in counts.grams[0] if gram != ("<s>",)]
    for context in ((), ("i",), ("i", "like"), ("<s>",)):
        assert sum(counts.probability((*context, word)) for word in words) == pytest.approx(1.0, abs=1e-6)
    assert counts.probability(("i", "like", "rice")) > counts.probability(("i", "like", "hello")) > 0


def test_the_arpa_text_counts_its_grams() -> None:
    text = arpa(Counts([["hello"], ["hello", "anna"]]))
    sections = text.split("\n\n")
    assert sections[0].splitlines() == ["\\data\\", "ngram 1=4", "ngram 2=4", "ngram 3=3"]
    assert [len(section.splitlines()) - 1 for section in sections[1:4]] == [4, 4, 3]
    assert sections[-1].strip() == "\\end\\"


def test_the_model_is_deterministic() -> None:
    known = {"hello", "emma", "yes", "no", "i", "like", "rice", "think", "so"}
    assert build(known) == build(known)
