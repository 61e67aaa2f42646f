"""Forms of English words: lemmas, past forms and plurals."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources

UNCOUNTABLE = frozenset(
    [
        "information",
        "advice",
        "furniture",
        "luggage",
        "homework",
        "work",
        "news",
        "money",
        "music",
        "water",
        "rice",
        "bread",
        "milk",
        "coffee",
        "tea",
        "sugar",
        "equipment",
        "knowledge",
        "traffic",
        "weather",
        "research",
        "progress",
        "luck",
        "fun",
        "happiness",
        "love",
        "health",
        "food",
        "hair",
    ]
)
_VOWELS = "aeiou"
_DOUBLED = frozenset(
    [
        "stop",
        "plan",
        "shop",
        "drop",
        "rob",
        "beg",
        "hug",
        "jog",
        "nod",
        "chat",
        "step",
        "trip",
        "slip",
        "fit",
        "grab",
        "ban",
        "wrap",
        "prefer",
        "admit",
        "occur",
        "permit",
        "regret",
        "travel",
        "cancel",
        "control",
    ]
)


def lemmas(word: str) -> Iterator[str]:
    """The word itself, then words of which it may be a form, the likeliest first: "went" -> went, go."""
    yield word
    if (verb := _verbs_by_form().get(word)) is not None:
        yield verb
    if (noun := _nouns_by_plural().get(word)) is not None:
        yield noun
    if word.endswith("'s"):
        yield word[:-2]
    if word.endswith("ies") and len(word) > 4:
        yield word[:-3] + "y"
    if word.endswith("es") and len(word) > 3:
        yield word[:-1]
        if word[:-2].endswith(("s", "x", "z", "ch", "sh", "o")):
            yield word[:-2]
    elif word.endswith("s") and not word.endswith("ss") and len(word) > 3:
        yield word[:-1]
    for ending in ("ed", "ing", "er", "est"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            yield from _stems(word.removesuffix(ending), ending)


def past_forms(verb: str) -> tuple[str, str]:
    """Past and past participle: "go" -> went, gone."""
    if verb in _irregular_verbs():
        return _irregular_verbs()[verb]
    if verb.endswith("e"):
        past = verb + "d"
    elif verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        past = verb[:-1] + "ied"
    else:
        past = verb + (verb[-1] if verb in _DOUBLED else "") + "ed"
    return past, past


def is_irregular_form(word: str) -> bool:
    """Whether the word is a past form of an irregular verb, such as "went"."""
    return word in _verbs_by_form()


def plural(noun: str) -> str:
    if noun in _irregular_plurals():
        return _irregular_plurals()[noun]
    if noun.endswith("y") and noun[-2:-1] not in _VOWELS:
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "z", "ch", "sh")) else "s")


def _stems(stem: str, ending: str) -> Iterator[str]:
    if stem.endswith("i") and ending != "ing":
        yield stem[:-1] + "y"
    yield stem
    if len(stem) > 2 and stem[-1] == stem[-2]:
        yield stem[:-1]
    yield stem + "e"


@cache
def _irregular_verbs() -> dict[str, tuple[str, str]]:
    return {verb: (past, participle) for verb, past, participle in _table("irregular_verbs.txt")}


@cache
def _irregular_plurals() -> dict[str, str]:
    return {row[0]: row[1] for row in _table("irregular_plurals.txt")}


@cache
def _verbs_by_form() -> dict[str, str]:
    forms = {form: verb for verb, pair in _irregular_verbs().items() for form in pair if form != verb}
    return forms | {
        "were": "be",
        "is": "be",
        "are": "be",
        "am": "be",
        "has": "have",
        "does": "do",
        "lying": "lie",
    }


@cache
def _nouns_by_plural() -> dict[str, str]:
    return {many: one for one, many in _irregular_plurals().items() if one != many}


def _table(name: str) -> Iterator[list[str]]:
    text = (resources.files(__package__) / "data" / name).read_text("utf-8")
    return (line.split() for line in text.splitlines())
