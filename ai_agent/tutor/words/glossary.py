"""English and Vietnamese: the commonest words, in `data/glossary.txt`, written for this project.

A line is `word | part of speech | Vietnamese, other Vietnamese | meaning in plain English`; the meaning may
be missing.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ai_agent.tutor.words.forms import lemmas


@dataclass(frozen=True, slots=True)
class Pair:
    """`vietnamese`: the best word first. `part`: n, v, a, r (adverb), or x (other words and phrases).
    `kind`: class of a noun, if it is not WordNet's.
    """

    word: str
    part: str
    vietnamese: tuple[str, ...]
    meaning: str
    kind: str = ""


@cache
def glossary() -> tuple[Pair, ...]:
    text = (resources.files(__package__) / "data/glossary.txt").read_text("utf-8")
    return tuple(_pair(line) for line in text.splitlines() if line and not line.startswith("#"))


def to_vietnamese(word: str) -> Pair | None:
    """For an English word or a form of it."""
    pairs = _by_english()
    return next((pairs[lemma] for lemma in lemmas(word.lower().strip()) if lemma in pairs), None)


def to_english(word: str) -> tuple[Pair, ...]:
    """For a Vietnamese word, with tone marks or without; the commonest English word first."""
    wanted = word.lower().strip()
    wanted = unicodedata.normalize("NFC", wanted)
    for text in (wanted, _without_classifier(wanted)):
        if found := _by_vietnamese().get(text) or _by_bare().get(text):
            return found
    return ()


def bare(text: str) -> str:
    """Vietnamese without tone and vowel marks: "con chó" -> "con cho"."""
    parts = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(c for c in parts if not unicodedata.combining(c))


def _pair(line: str) -> Pair:
    word, part, vietnamese, meaning, *kind = (field.strip() for field in line.split("|"))
    words = tuple(unicodedata.normalize("NFC", w.strip()) for w in vietnamese.split(","))
    return Pair(word, part, words, meaning, kind[0] if kind else "")


def _without_classifier(text: str) -> str:
    first, _, rest = text.partition(" ")
    return (
        rest
        if first in {"con", "cái", "quả", "trái", "cây", "chiếc", "một", "những", "các"} and rest
        else text
    )


@cache
def _by_english() -> dict[str, Pair]:
    found: dict[str, Pair] = {}
    for pair in glossary():
        found.setdefault(pair.word, pair)
    return found


@cache
def _by_vietnamese() -> dict[str, tuple[Pair, ...]]:
    """Pairs of which it is the best word come first."""
    found: dict[str, tuple[Pair, ...]] = {}
    for at in range(max(len(pair.vietnamese) for pair in glossary())):
        for pair in glossary():
            for word in pair.vietnamese[at : at + 1]:
                for key in {word, _without_classifier(word)}:
                    found[key] = (*found.get(key, ()), pair)
    return found


@cache
def _by_bare() -> dict[str, tuple[Pair, ...]]:
    found: dict[str, tuple[Pair, ...]] = {}
    for word, pairs in _by_vietnamese().items():
        if " " in word:  # single syllables without marks have too many meanings
            found.setdefault(bare(word), pairs)
    return found
