"""Takes a learner's sentence apart: a light parse that looks at words only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ai_agent.tutor.scripted.bank import read_data
from ai_agent.tutor.words import dictionary
from ai_agent.tutor.words.forms import is_irregular_form, plural

_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_APOSTROPHES = str.maketrans("’‘`´", "''''")
_PLACE = re.compile(
    r"\b(?:in|from|to|at|near|around|visit(?:ed)?|of)\s+((?:[A-Z][\w']+)(?:\s+[A-Z][\w']+){0,2})"
)
_FROM = re.compile(r"\bfrom ([a-z]{3,15})(?:\W*$|,? in )")
"""Names of places without a capital."""
_SMALL = frozenset(
    [
        "in",
        "at",
        "on",
        "with",
        "from",
        "to",
        "for",
        "of",
        "because",
        "about",
        "near",
        "by",
        "after",
        "before",
        "since",
        "every",
        "the",
        "a",
    ]
)
_COUNTRIES = frozenset(["US", "USA", "UK", "UAE", "EU"])
_COUNTED = frozenset(["vehicle", "animal", "device", "clothes", "building", "job"])
"""Classes of nouns that need an article or a plural."""
_POINTING = frozenset(["a", "an", "the", "this", "that", "these", "those", "some"])
_MIN_UNCLEAR = 4
"""Words; fewer may be an answer."""
_NOT_BEFORE_NOUNS = frozenset(["to", "i", "we", "you", "they", "can", "will", "don't", "didn't", "he", "she"])
"""After one of these the word is a verb."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing that the learner speaks of. `phrase`: in the second person and definite ("your garden", "the
    car", "noodles"). `noun`: its last word as it was said. `kind`: its class (`words/build.py`), "place" for
    the name of a place, or empty.
    """

    phrase: str
    noun: str
    kind: str

    @property
    def is_plural(self) -> bool:
        return self.noun.endswith("s") and not self.noun.endswith(("ss", "us", "is", "ics", "news"))


def words_of(text: str) -> list[str]:
    return _WORD.findall(text.translate(_APOSTROPHES).lower())


@cache
def signs() -> Mapping[str, Any]:
    """`data/en/signs.toml`."""
    return read_data("en/signs.toml")


@cache
def word_set(name: str) -> frozenset[str]:
    """A list of words of `signs`."""
    return frozenset(signs()[name].split())


@cache
def pattern_of(name: str, follow: str) -> re.Pattern[str]:
    """One of the patterns `name` of `signs`, then any of `follow`."""
    return re.compile(f"(?:{'|'.join(signs()[name])})(?:[ ,]+(?:{'|'.join(signs()[follow])}))*")


@cache
def _around(tutor: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return patterns of what may stand before and after a sentence."""
    before, after = (
        "|".join(signs()[name]).replace("{tutor}", re.escape(tutor)) for name in ("fillers", "endings")
    )
    return re.compile(rf"^(?:(?:{before})\b[ ,]*)+"), re.compile(
        rf"(?<!\byou)(?<!\bmy)(?<!\ba)(?:[ ,]+(?:{after}))+$"
    )


def plain(sentence: str, tutor: str = "", *, strips: bool = True) -> str:
    """Lower case, no punctuation. `strips`: without fillers and politeness around it."""
    unquoted = re.sub(r"(?<!\w)'|'(?!\w)", " ", sentence.translate(_APOSTROPHES))
    text = " ".join(re.sub(r"[^\w' -]+", " ", unquoted).lower().split())
    if not strips:
        return text
    before, after = _around(tutor.lower() or "emma")
    for _ in range(2):
        text = after.sub("", text)
        text = before.sub("", text, count=1).strip() or text
    return text.strip()


def things_in(sentence: str) -> Iterator[Thing]:
    """The things of a sentence, the last first: people end with what they want to talk about."""
    for place in reversed(_PLACE.findall(sentence)):
        is_short_form = place.isupper() and place not in _COUNTRIES  # "a course in UX"
        if (
            place.lower() not in word_set("not_things")
            and not is_short_form
            and not dictionary.look_up(place)
        ):
            yield Thing(place, place, "place")
    if (origin := _FROM.search(sentence)) and not dictionary.look_up(origin[1]):
        yield Thing(origin[1].title(), origin[1].title(), "place")
    for part in reversed(re.split(r"[,;:.!?]+", sentence)):
        raw = _WORD.findall(part.translate(_APOSTROPHES))
        words = [word.lower() for word in raw]
        for at in range(len(words) - 1, -1, -1):
            if at and raw[at][0].isupper():
                continue  # a name
            if (thing := _thing_at(words, at)) is not None:
                yield thing


def stutters(sentence: str) -> bool:
    """Whether a word is said three times in a row, but not only that word ("hot hot hot")."""
    words = words_of(sentence)
    return len(set(words)) > 1 and any(
        a == b == c for a, b, c in zip(words, words[1:], words[2:], strict=False)
    )


def is_unclear(sentence: str) -> bool:
    """Whether the words make no sense together: many words without a verb."""
    words = words_of(sentence)
    if len(words) < _MIN_UNCLEAR or set(words) & (_clear_words()):
        return False
    if any(is_irregular_form(w) or w.endswith(("ing", "ed")) for w in words):
        return False
    if _SMALL & set(words):
        return False
    kinds = [kind for word in words if (kind := dictionary.kind_of(word))]
    is_list = len(kinds) >= 2 and len(set(kinds)) == 1
    return not is_list and not any(_is_mainly_verb(word) for word in words)


@cache
def _clear_words() -> frozenset[str]:
    """A sentence with one of these makes sense, as far as can be seen."""
    adverbs = ["always", "sometimes", "usually", "never", "maybe", "only", "also", "same", "no", "not", "yes"]
    return (
        word_set("pronouns")
        | word_set("auxiliaries")
        | frozenset(["and", "or", "my", "like", "than", "too", "very", *adverbs])
    )


def _is_mainly_verb(word: str) -> bool:
    entries = dictionary.look_up(word)
    return bool(entries) and entries[0].part == "v"


def _thing_at(words: list[str], at: int) -> Thing | None:
    word = words[at]
    if word in word_set("not_things") or len(word) < 3 or not dictionary.is_noun(word) or word.endswith("'s"):
        return None
    if (
        at + 1 < len(words)
        and dictionary.is_noun(words[at + 1])
        and words[at + 1] not in word_set("not_things")
    ):
        return None  # the first part of a compound, whose last part counts
    before = words[at - 1] if at else ""
    start = at
    if before and before not in word_set("determiners") and _is_modifier(before):
        start, before = at - 1, words[at - 2] if at > 1 else ""
    name = " ".join(words[start : at + 1])
    kind = dictionary.kind_of(word).replace(
        "place", ""
    )  # only names are places here: "midfielder" is a position
    if before in {"my", "our"}:
        return Thing(f"your {name}", word, kind)
    if before in _POINTING or before in {"his", "her", "their"}:
        article = "the" if before in _POINTING else before
        return Thing(f"{article} {name}", word, kind)
    if before in _NOT_BEFORE_NOUNS:
        return None  # a verb that may also be a noun
    if kind in _COUNTED and start == at and not Thing(name, word, kind).is_plural:
        name = word = plural(word)  # "i like dinosaur"
    return Thing(name, word, kind)


def _is_modifier(word: str) -> bool:
    """A word that makes a name together with the noun after it: "ice cream", "old house"."""
    if word in word_set("not_things") or word in word_set("pronouns") | word_set("auxiliaries"):
        return False
    entries = dictionary.look_up(word)
    return (
        bool(entries)
        and entries[0].word == word
        and entries[0].part in {"n", "a"}
        and not dictionary.is_verb(word)
    )
