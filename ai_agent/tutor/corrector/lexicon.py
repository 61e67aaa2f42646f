"""Words and their irregular forms, from `lexicon.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

_DATA = tomllib.loads((resources.files(__package__) / "lexicon.toml").read_text("utf-8"))
_VOWELS = "aeiou"


@cache
def word_set(name: str) -> frozenset[str]:
    """A list of the file; several names are joined by "+"."""
    return frozenset(word for part in name.split("+") for word in _DATA[part].split())


_ROWS = [row.split() for row in _DATA["irregular"].replace("\n", " ").split(";")]
PAST: dict[str, str] = {base: past for base, past, _ in _ROWS}
PARTICIPLE: dict[str, str] = {base: participle for base, _, participle in _ROWS}
PAST_ONLY = (
    {past: base for base, past in PAST.items() if past not in PARTICIPLE.values() and past not in PAST}
    | {"were": "be"}
)  # fmt: skip
"""Past forms that are not participles, such as "went" and "ate"."""


def _ed(base: str) -> str:
    if base.endswith("e"):
        return base + "d"
    if base.endswith("y") and base[-2] not in _VOWELS:
        return base[:-1] + "ied"
    return base + "ed"


WRONG_PAST = {
    wrong: base
    for base in PAST
    if base != "be"
    for wrong in {_ed(base), base + base[-1] + "ed", PAST[base] + "ed"}
    if wrong not in word_set("not_wrong_past")
    and wrong not in PAST.values()
    and wrong not in PARTICIPLE.values()
}
"""Wrong past forms of irregular verbs, such as "goed", "buyed", "runned", "felted"."""

BASE_OF: dict[str, str] = (
    {past: base for base, past in PAST.items()}
    | {participle: base for base, participle in PARTICIPLE.items()}
    | {
        "left": "leave",
        "saw": "see",
        "found": "find",
        "felt": "feel",
        "fell": "fall",
        "lay": "lie",
        "were": "be",
    }
    | {
        "am": "be",
        "is": "be",
        "are": "be",
        "was": "be",
        "been": "be",
        "being": "be",
        "does": "do",
        "has": "have",
    }
    | {base: base for base in PAST}
)
"""Base forms where a dictionary has several."""

PLURALS_OF: dict[str, str] = dict(row.split(maxsplit=1) for row in _DATA["plurals"].strip().splitlines())
WRONG_PLURALS: dict[str, str] = dict(row.split() for row in _DATA["wrong_plurals"].strip().splitlines())
UNCOUNTED: dict[str, str] = dict(row.split() for row in _DATA["uncounted"].strip().splitlines())
ADVERBS: dict[str, str] = dict(row.split() for row in _DATA["adverbs_of"].strip().splitlines())
"""Adverbs by their adjectives: of those that learners use in their place."""


_GRADED = {
    "gooder": "better",
    "goodest": "best",
    "bader": "worse",
    "badest": "worst",
    "farer": "farther",
    "farest": "farthest",
}


def graded(adjective: str, ending: str) -> str:
    """`ending`: "er" or "est"."""
    if adjective in ("good", "bad", "far"):
        return _GRADED[adjective + ending]
    if adjective.endswith("y"):
        return adjective[:-1] + "i" + ending
    if adjective.endswith("e"):
        return adjective + ending[1:]
    doubles = adjective in {"big", "hot", "fat", "thin", "sad", "wet"}
    return adjective + (adjective[-1] if doubles else "") + ending


def article(following: str) -> str:
    """ "a" or "an", by the sound of the word's start."""
    sounds_y = ("uni", "use", "usu", "euro", "one", "once", "utopia", "ewe", "ubi", "uten")
    silent_h = ("hour", "honest", "honour", "honor", "heir")
    if following.startswith(silent_h):
        return "an"
    if following.startswith(("unim", "unin", "unid")):
        return "an"
    starts_with_vowel = following[:1] in tuple(_VOWELS) and not following.startswith(sounds_y)
    return "an" if starts_with_vowel else "a"


FEELINGS: dict[str, str] = dict(row.split() for row in _DATA["feelings"].strip().splitlines())
""" "bored" by "boring"."""
