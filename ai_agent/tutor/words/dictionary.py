"""Meanings of English words: our own for common words, WordNet's for the others (`build.py`)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from ai_agent.tutor.words.forms import lemmas
from ai_agent.tutor.words.glossary import Pair, glossary

PARTS = {"n": "noun", "v": "verb", "a": "adjective", "r": "adverb"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A word in one part of speech (a key of PARTS, or "" for other words). `kind`: class of a noun, such as
    "food" (see `build.py`), or empty. `is_plain`: the definition is our own, in words that learners know.
    """

    word: str
    part: str
    definition: str
    example: str = ""
    kind: str = ""
    synonyms: tuple[str, ...] = ()
    opposite: str = ""
    is_plain: bool = False


def look_up(word: str) -> tuple[Entry, ...]:
    """Entries of the word, or of the word of which it is a form; the commonest part of speech first. Empty:
    unknown."""
    entries = _entries()
    return next((entries[lemma] for lemma in lemmas(word.lower()) if lemma in entries), ())


def is_known(word: str) -> bool:
    return bool(look_up(word))


def kind_of(word: str) -> str:
    """The class of a noun, such as "food"; empty for other words."""
    return next((entry.kind for entry in look_up(word) if entry.kind), "")


def is_noun(word: str) -> bool:
    """Whether the word is mostly a noun."""
    entries = look_up(word)
    return bool(entries) and entries[0].part == "n"


def is_verb(word: str) -> bool:
    """Whether the word may be a verb."""
    return any(entry.part == "v" for lemma in lemmas(word) for entry in _entries().get(lemma, ()))


@cache
def _entries() -> dict[str, tuple[Entry, ...]]:
    found: dict[str, tuple[Entry, ...]] = {}
    text = (resources.files(__package__) / "data/wordnet.tsv").read_text("utf-8")
    for line in text.splitlines():
        word, part, definition, example, kind, same, opposite = line.split("\t")
        synonyms = tuple(same.split(",")) if same else ()
        entry = Entry(word, part, definition, example, kind, synonyms, opposite)
        found[word] = (*found.get(word, ()), entry)
    for own in glossary():
        if own.meaning:
            found[own.word] = _with_own(found.get(own.word, ()), own)
    return found


def _with_own(known: tuple[Entry, ...], pair: Pair) -> tuple[Entry, ...]:
    """Our own definition comes first, with WordNet's other facts about the word in that part of speech."""
    same = next((e for e in known if e.part == pair.part), Entry(pair.word, pair.part, pair.meaning))
    own = replace(same, definition=pair.meaning, kind=pair.kind or same.kind, is_plain=True)
    return (own, *(entry for entry in known if entry.part != pair.part))
