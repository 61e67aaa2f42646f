"""Finds what the learner asks or wants of the tutor itself: a table of patterns, `data/en/intents.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ai_agent.tutor.scripted.bank import BANDS, read_data
from ai_agent.tutor.scripted.english.hearing import plain
from ai_agent.tutor.scripted.english.language_question import asked_in
from ai_agent.tutor.scripted.english.reply import Then
from ai_agent.tutor.scripted.english.talk import Talk, said_sentences

_REQUEST = re.compile(
    r"(?:can|could|would|will|may|shall|should|how|what|which|who|where|when|why)\b"
    r"|(?:is|are|was|were|do|does|did|have|has|please|let's|lets|let us|let me)\b"
    r"|i (?:want|need|wanna|would like|'d like|like) (?:you )?to\b|i'd like (?:you )?to\b"
    r"|(?:tell|give|help|teach|explain|show|ask|say|repeat|correct|check|speak|talk|translate|spell|write)\b"
    r"|(?:play|recommend|suggest|stop|change|make|start|use|describe)\b|.*\bplease$"
)
"""A sentence that may ask for something, in which the `loose` patterns are looked for."""
_POLITE = re.compile(r"^(?:can|could|would|will) you (?:please )?")


@dataclass(frozen=True, slots=True)
class Intent:
    """`do`: name of the handler, empty if one of `say[band]` is the whole answer. `is_weak`: it counts only
    if nothing else was said, as a greeting before a question does not. `loose`: found anywhere in a sentence
    that may ask for something, if no other intent is found. `is_last`: its patterns are so wide that others
    go before it, also loosely.
    """

    name: str
    patterns: tuple[re.Pattern[str], ...]
    loose: tuple[re.Pattern[str], ...]
    do: str
    then: Then
    is_weak: bool
    is_last: bool
    say: Mapping[str, tuple[str, ...]]

    def match(self, sentence: str) -> re.Match[str] | None:
        return next((found for pattern in self.patterns if (found := pattern.fullmatch(sentence))), None)

    def match_loosely(self, sentence: str) -> re.Match[str] | None:
        return next((found for pattern in self.loose if (found := pattern.search(sentence))), None)


@dataclass(frozen=True, slots=True)
class Found:
    """`group`: of the pattern; empty if it has none of that name. `sentence`: the one that matched, plain."""

    intent: Intent
    groups: Mapping[str, str]
    sentence: str

    def group(self, name: str) -> str:
        return self.groups.get(name, "").strip()


@cache
def intents() -> tuple[Intent, ...]:
    return tuple(_intent(given) for given in read_data("en/intents.toml")["intent"])


def found_in(talk: Talk) -> list[Found]:
    """The intents of the learner's last words: explicit questions about language, then those of
    the table in its order. A handler may decline, so there may be several.
    """
    about_language = list(_about_language(talk.said))
    names = {one.intent.name for one in about_language}
    return [*about_language, *(one for one in _by_table(talk) if one.intent.name not in names)]


def _about_language(said: str) -> Iterator[Found]:
    for asked in asked_in(said):
        for intent in intents():
            if (match := intent.match(asked)) is not None:
                groups = {name: text for name, text in match.groupdict().items() if text}
                yield Found(intent, groups, asked)
                break


def _by_table(talk: Talk) -> list[Found]:
    sentences = [readings(s, talk.tutor) for s in said_sentences(talk.said)]
    found = []
    for intent in intents():
        for sentence in (one for read in reversed(sentences) for one in read):
            match = intent.match(sentence)
            if match is not None and (not intent.is_weak or _is_all_weak(sentences)):
                groups = {name: text for name, text in match.groupdict().items() if text}
                found.append(Found(intent, groups, sentence))
                break
    if any(not one.intent.is_weak and not one.intent.is_last for one in found):
        return sorted(found, key=lambda one: one.intent.is_last)
    return [*_found_loosely(sentences), *found]


def _found_loosely(sentences: Sequence[Sequence[str]]) -> Iterator[Found]:
    asking = [one for read in reversed(sentences) for one in read if _REQUEST.match(one)]
    for intent in intents():
        for sentence in asking:
            if (match := intent.match_loosely(sentence)) is not None:
                groups = {name: text for name, text in match.groupdict().items() if text}
                yield Found(intent, groups, sentence)


def readings(sentence: str, tutor: str) -> list[str]:
    """How patterns read it: the plain sentence, the same without "could you", and both with what looks like
    fillers ("thank you very much").
    """
    text, whole = plain(sentence, tutor), plain(sentence, tutor, strips=False)
    found = (text, _POLITE.sub("", text), whole, _POLITE.sub("", whole))
    return [reading for reading in dict.fromkeys(found) if reading]


def plain_sentences(text: str, tutor: str) -> list[str]:
    return [sentence for sentence in (plain(s, tutor) for s in said_sentences(text)) if sentence]


def _is_all_weak(sentences: Sequence[Sequence[str]]) -> bool:
    weak = [intent for intent in intents() if intent.is_weak]
    return all(any(i.match(one) for i in weak for one in read) for read in sentences)


def _intent(given: Mapping[str, Any]) -> Intent:
    shared = tuple(given.get("say", ()))
    return Intent(
        name=given["name"],
        patterns=tuple(re.compile(pattern) for pattern in given["patterns"]),
        loose=tuple(re.compile(pattern) for pattern in given.get("loose", ())),
        do=given.get("do", ""),
        then=given.get("then", "nothing"),
        is_weak=bool(given.get("weak")),
        is_last=bool(given.get("last")),
        say={band: tuple(given.get(band, shared)) for band in BANDS.values()},
    )
