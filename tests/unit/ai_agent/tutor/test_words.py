"""Meanings, forms, and the English-Vietnamese glossary."""

from __future__ import annotations

from collections import Counter

import pytest

from ai_agent.tutor.words import dictionary, forms
from ai_agent.tutor.words.build import cleaned
from ai_agent.tutor.words.glossary import glossary, to_english, to_vietnamese


@pytest.mark.parametrize(
    ("word", "lemma"),
    [
        ("went", "go"),
        ("children", "child"),
        ("noodles", "noodle"),
        ("stopped", "stop"),
        ("baking", "bake"),
        ("cities", "city"),
        ("bigger", "big"),
        ("happier", "happy"),
        ("better", "better"),
    ],
)
def test_a_form_is_found_by_its_word(word: str, lemma: str) -> None:
    assert dictionary.look_up(word)[0].word == lemma


@pytest.mark.parametrize(
    ("verb", "expected"),
    [
        ("go", ("went", "gone")),
        ("study", ("studied", "studied")),
        ("stop", ("stopped", "stopped")),
        ("like", ("liked", "liked")),
    ],
)
def test_past_forms(verb: str, expected: tuple[str, str]) -> None:
    assert forms.past_forms(verb) == expected


@pytest.mark.parametrize(
    ("noun", "many"), [("child", "children"), ("city", "cities"), ("bus", "buses"), ("day", "days")]
)
def test_plurals(noun: str, many: str) -> None:
    assert forms.plural(noun) == many


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("durian", "food"),
        ("guitar", "instrument"),
        ("teacher", "job"),
        ("panda", "animal"),
        ("jacket", "clothes"),
        ("idea", ""),
    ],
)
def test_nouns_have_classes(word: str, kind: str) -> None:
    assert dictionary.kind_of(word) == kind


def test_common_words_have_plain_meanings_and_others_those_of_wordnet() -> None:
    assert dictionary.look_up("salary")[0].is_plain
    photography = dictionary.look_up("mosaic")[0]
    assert photography.definition
    assert not photography.is_plain


@pytest.mark.parametrize("word", ["fuck", "bitch", "whore", "penis"])
def test_rude_words_have_no_entry(word: str) -> None:
    assert dictionary.look_up(word) == ()


@pytest.mark.parametrize(
    ("vietnamese", "english"),
    [
        ("con chó", "dog"),
        ("chó", "dog"),
        ("con cho", "dog"),
        ("cảm ơn", "thank you"),
        ("buồn", "sad"),
        ("Em gái", "younger sister"),
    ],
)
def test_vietnamese_words_are_found_with_and_without_marks_and_classifiers(
    vietnamese: str, english: str
) -> None:
    assert to_english(vietnamese)[0].word == english


def test_english_forms_are_translated() -> None:
    pair = to_vietnamese("dogs")
    assert pair is not None
    assert "chó" in pair.vietnamese[0]


def test_the_glossary_has_the_commonest_words_once_for_each_part_of_speech() -> None:
    counts = Counter((pair.word, pair.part) for pair in glossary())
    assert [key for key, count in counts.items() if count > 1] == []
    assert len(counts) >= 1_500
    assert all(pair.part in "nvarx" and all(pair.vietnamese) for pair in glossary())


@pytest.mark.parametrize(
    ("gloss", "definition"),
    [
        ('a short coat; "he wore a jacket"', "a short coat"),
        ("(used of people) kind to others; friendly", "kind to others"),
        ("a domestic animal (kept by (many) people) with fur", "a domestic animal with fur"),
    ],
)
def test_definitions_are_cleaned_for_learners(gloss: str, definition: str) -> None:
    assert cleaned(gloss) == definition
