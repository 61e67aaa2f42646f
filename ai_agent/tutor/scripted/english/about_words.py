"""Questions about the words of a sentence: written ones (`data/en/follow_ups`), then those for a class of
things.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from ai_agent.tutor.scripted.bank import load_bank, read_data
from ai_agent.tutor.scripted.english.hearing import Thing, things_in, word_set, words_of
from ai_agent.tutor.scripted.english.talk import Talk, mixed
from ai_agent.tutor.words import dictionary
from ai_agent.tutor.words.forms import lemmas

_ALL = 200
_NAME_WORDS = 3
_ONLY_PLACE = 3
"""Words of an answer such as "in Hanoi"."""
_PARTS = re.compile(r"[,;:.!?]+")
PREPOSITIONS = frozenset(
    ["in", "at", "on", "with", "from", "near", "for", "by", "after", "before", "without", "of"]
)


def about_words(talk: Talk, text: str, only: frozenset[str] | None = None) -> Iterator[str]:
    """Questions about the things in `text`, those with written questions first. `only`: base forms of the
    nouns that may be asked about; None: all.
    """
    yield from written(talk, text, only)
    for thing in list(things_in(text))[:2]:
        if only is None or only & {thing.noun, *lemmas(thing.noun)}:
            yield from about_thing(talk, thing)


def written(talk: Talk, text: str, only: frozenset[str] | None = None) -> Iterator[str]:
    """The written questions about the words of `text`, the last word first. Without `only`, a word after a
    preposition ("in my room") is left out: it is rarely what is told.
    """
    for part in reversed(_PARTS.split(text)):
        yield from _written(talk, text, words_of(part), only)


def _written(talk: Talk, text: str, words: Sequence[str], only: frozenset[str] | None) -> Iterator[str]:
    for at in range(len(words) - 1, -1, -1):
        word = words[at]
        if only is not None and not only & {word, *lemmas(word)}:
            continue
        if at and words[at - 1] in {"his", "her", "their", "your"}:
            continue  # "his parents" are not the learner's
        if only is None and set(words[max(at - 3, 0) : at]) & PREPOSITIONS:
            continue
        if words[max(at - 2, 0) : at] in (["like", "a"], ["like", "an"]) and words[max(at - 3, 0)] != "i":
            continue  # "strong like a tree"
        if words[at + 1 : at + 3] == ["in", "law"]:
            continue  # "mother in law"
        if _is_compound(words, at):
            continue  # "spring rolls" are not the spring
        for entry in load_bank("en").follow_ups:
            if word in entry.words and not (entry.unless and entry.unless.search(text)):
                yield from rotated(talk, entry.questions[talk.band])


def _is_compound(words: Sequence[str], at: int) -> bool:
    """Whether the word is the first part of a noun of two words."""
    after = words[at + 1] if at + 1 < len(words) else ""
    if after in word_set("not_things") or not any(entry.part == "n" for entry in dictionary.look_up(after)):
        return False
    is_own = at > 0 and words[at - 1] in {"my", "our"}
    return dictionary.is_noun(after) or not (is_own and after.endswith("s"))  # "my boss wants"


def about_thing(talk: Talk, thing: Thing) -> Iterator[str]:
    """Questions for the class of the thing, or for things of one's own; none for other abstract words."""
    questions = _things()
    if thing.kind == "place" and not _is_where_one_is(talk):
        return  # "a series from Mexico"
    kind = thing.kind if thing.kind in questions else "mine" if thing.phrase.startswith("your ") else ""
    if kind == "person" and not thing.phrase.startswith(("your ", "the ", "his ", "her ")):
        return
    if kind == "job" and thing.phrase.startswith(("your ", "the ", "his ", "her ")):
        return  # a person of that job, not the job
    if (kind == "mine" and thing.kind in {"time", "body", "feeling"}) or (
        kind in {"illness", "job"} and not _is_about_oneself(talk.said)
    ):
        return
    for question in rotated(talk, questions[kind][talk.band]) if kind else ():
        yield _with_thing(question, thing)


def _is_where_one_is(talk: Talk) -> bool:
    """Whether the learner speaks of being or living at a place, or names only the place."""
    words = words_of(talk.said)
    is_said = re.search(
        r"\b(?:i|i'm|we|we're|my family)\b.*\b(?:in|from|to|at|visit(?:ed)?)\b", talk.said.lower()
    )
    return len(words) <= _ONLY_PLACE or is_said is not None or "talk about" in talk.said.lower()


def _is_about_oneself(said: str) -> bool:
    return re.search(r"\b(?:i|i'm|i've|my|me)\b", said.lower()) is not None


def about_wish(talk: Talk, wish: str) -> str | None:
    """A question about a topic that the learner named and that the tutor has no questions of its own for."""
    thing = next(things_in(wish), None)
    if thing is None:
        return None
    if " " in wish and len(wish.split()) <= _NAME_WORDS and not thing.phrase.startswith("your "):
        thing = replace(thing, phrase=wish)
    named = [question for question in about_thing(talk, thing) if thing.phrase in question]
    asked = [*named, *(_with_thing(q, thing) for q in _things()["other"][talk.band])]
    return talk.pick(asked[:1], _ALL) or talk.pick(asked, _ALL)


def _with_thing(question: str, thing: Thing) -> str:
    many = thing.is_plural
    fill = {
        "thing": thing.phrase,
        "noun": thing.noun,
        "it": "them" if many else "it",
        "is": "are" if many else "is",
    }
    fill |= {"Is": "Are" if many else "Is", "do": "do" if many else "does"}
    if thing.kind in {"food", "drink"} and not many and thing.phrase == thing.noun:
        fill["thing"] = "that"  # "vegetable" may need a plural, "soup" does not
    return re.sub(r"\{(\w+)\}", lambda name: fill[name[1]], question)


def rotated(talk: Talk, questions: Sequence[str]) -> list[str]:
    """The questions from another start in each talk."""
    at = mixed(talk.seed, *questions[:1]) % max(len(questions), 1)
    return [*questions[at:], *questions[:at]]


@cache
def _things() -> dict[str, dict[str, list[str]]]:
    return read_data("en/things.toml")
