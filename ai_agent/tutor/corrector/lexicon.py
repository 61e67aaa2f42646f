"""Words and their forms, from `lexicon.toml`."""

from __future__ import annotations

import tomllib
from importlib import resources

_DATA = tomllib.loads((resources.files(__package__) / "lexicon.toml").read_text("utf-8"))
_VOWELS = "aeiou"


def words(name: str) -> tuple[str, ...]:
    return tuple(_DATA[name].split())


def alternatives(*names: str) -> str:
    """A regular expression for any of the words, longest first."""
    found = {word for name in names for word in words(name)}
    return "|".join(sorted(found, key=lambda word: (-len(word), word)))


_ROWS = [row.split() for row in _DATA["irregular"].replace("\n", " ").split(";")]
PAST = {base: past for base, past, _ in _ROWS}
PARTICIPLE = {base: participle for base, _, participle in _ROWS}
BASES = frozenset([*PAST, *words("regular")]) - {"be"}
_DOUBLING = frozenset(words("doubling"))
SURE = frozenset(words("sure_verbs"))
THE_COUNTRIES: str = _DATA["the_countries"]


def third(base: str) -> str:
    if base in ("have", "be"):
        return {"have": "has", "be": "is"}[base]
    if base.endswith(("s", "sh", "ch", "x", "z", "o")):
        return base + "es"
    if base.endswith("y") and base[-2] not in _VOWELS:
        return base[:-1] + "ies"
    return base + "s"


def past(base: str) -> str:
    return PAST.get(base) or _ed(base)


def participle(base: str) -> str:
    return PARTICIPLE.get(base) or _ed(base)


def ing(base: str) -> str:
    if base in ("lie", "die", "tie"):
        return base[:-2] + "ying"
    if base == "be" or base.endswith("ee"):
        return base + "ing"
    if base.endswith("e"):
        return base[:-1] + "ing"
    return base + (base[-1] if base in _DOUBLING else "") + "ing"


def _ed(base: str) -> str:
    if base.endswith("e"):
        return base + "d"
    if base.endswith("y") and base[-2] not in _VOWELS:
        return base[:-1] + "ied"
    return base + (base[-1] if base in _DOUBLING else "") + "ed"


THIRD = {third(base): base for base in BASES}
PAST_OF = {past(base): base for base in BASES}
PARTICIPLE_OF = {participle(base): base for base in BASES}
ING = {ing(base): base for base in BASES}
SAME_PAST = frozenset(base for base in BASES if past(base) == base)
PAST_ONLY = frozenset(
    form for form, base in PAST_OF.items() if form not in PARTICIPLE_OF and form not in BASES
) - {"rose", "bit", "bore", "saw"}
"""Past forms that are not participles, such as "went" and "ate", without those that are also nouns."""

WRONG_PAST = {
    wrong: base
    for base in PAST
    if base != "be"
    for wrong in {_ed(base), base + base[-1] + "ed"}
    if wrong
    not in {"leaved", "singed", "costed", "shined", "ringed", "rised", "winded", "seed", "shed", "bleed"}
    and wrong not in PAST_OF
    and wrong not in PARTICIPLE_OF
}
"""Wrong past forms of irregular verbs, such as "goed", "buyed", "runned"."""

_PLURALS = {
    "child": "children", "man": "men", "woman": "women", "person": "people", "foot": "feet", "tooth": "teeth",
    "mouse": "mice", "life": "lives", "knife": "knives", "wife": "wives", "leaf": "leaves",
}  # fmt: skip
WRONG_PLURALS = {
    "childs": "children", "childrens": "children", "mans": "men", "mens": "men", "womans": "women",
    "womens": "women", "foots": "feet", "feets": "feet", "tooths": "teeth", "teeths": "teeth",
    "mouses": "mice", "sheeps": "sheep", "knifes": "knives", "wifes": "wives", "leafs": "leaves",
    "peoples": "people",
}  # fmt: skip


def plural(noun: str) -> str:
    if noun in _PLURALS:
        return _PLURALS[noun]
    if noun.endswith(("s", "sh", "ch", "x")):
        return noun + "es"
    if noun.endswith("y") and noun[-2] not in _VOWELS:
        return noun[:-1] + "ies"
    return noun + "s"


THINGS = frozenset(words("things"))
PLURALS = {plural(noun): noun for noun in THINGS}


def comparative(adjective: str) -> str:
    return _graded(adjective, "er")


def superlative(adjective: str) -> str:
    return _graded(adjective, "est")


def _graded(adjective: str, ending: str) -> str:
    if adjective.endswith("y"):
        return adjective[:-1] + "i" + ending
    if adjective.endswith("e"):
        return adjective + ending[1:]
    doubles = adjective in {"big", "hot", "fat", "thin", "sad", "wet"}
    return adjective + (adjective[-1] if doubles else "") + ending


def article(following: str) -> str:
    """ "a" or "an", by sound."""
    sounds_y = ("uni", "use", "usu", "euro", "one", "once", "user", "utopia")
    silent_h = ("hour", "honest", "honour", "honor", "heir")
    if following.startswith(silent_h) or following[0] in "aio":
        return "a" if following.startswith(sounds_y) else "an"
    if following[0] in "eu":
        return "a" if following.startswith(sounds_y) else "an"
    return "a"
