"""What the learner asks or wants of the tutor itself: a table of patterns, `data/en/intents.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ai_agent.tutor.scripted.bank import BANDS, read_data
from ai_agent.tutor.scripted.english.hearing import plain
from ai_agent.tutor.scripted.english.reply import Then
from ai_agent.tutor.scripted.english.talk import Talk, sentences_of

_POLITE = re.compile(r"^(?:can|could|would|will) you (?:please )?")


@dataclass(frozen=True, slots=True)
class Intent:
    """`do`: name of the handler, empty if one of `say[band]` is the whole answer. `is_weak`: it counts only
    if nothing else was said, as a greeting before a question does not.
    """

    name: str
    patterns: tuple[re.Pattern[str], ...]
    do: str
    then: Then
    is_weak: bool
    say: Mapping[str, tuple[str, ...]]

    def match(self, sentence: str) -> re.Match[str] | None:
        return next((found for pattern in self.patterns if (found := pattern.fullmatch(sentence))), None)


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
    """The intents of the learner's last words, the first of the table first. A handler may decline, so there
    may be several.
    """
    sentences = [_readings(s, talk.tutor) for s in sentences_of(talk.said)]
    found = []
    for intent in intents():
        for sentence in (reading for readings in reversed(sentences) for reading in readings):
            match = intent.match(sentence)
            if match is not None and (not intent.is_weak or _is_all_weak(sentences)):
                groups = {name: text for name, text in match.groupdict().items() if text}
                found.append(Found(intent, groups, sentence))
                break
    return found


def _readings(sentence: str, tutor: str) -> list[str]:
    """The plain sentence, the same without "could you", and with what looks like fillers ("thank you very
    much")."""
    text, whole = plain(sentence, tutor), plain(sentence, tutor, strips=False)
    readings = (text, _POLITE.sub("", text), whole, _POLITE.sub("", whole))
    return [reading for reading in dict.fromkeys(readings) if reading]


def plain_sentences(text: str, tutor: str) -> list[str]:
    return [sentence for sentence in (plain(s, tutor) for s in sentences_of(text)) if sentence]


def _is_all_weak(sentences: Sequence[Sequence[str]]) -> bool:
    weak = [intent for intent in intents() if intent.is_weak]
    return all(any(i.match(reading) for i in weak for reading in readings) for readings in sentences)


def _intent(given: Mapping[str, Any]) -> Intent:
    shared = tuple(given.get("say", ()))
    return Intent(
        name=given["name"],
        patterns=tuple(re.compile(pattern) for pattern in given["patterns"]),
        do=given.get("do", ""),
        then=given.get("then", "nothing"),
        is_weak=bool(given.get("weak")),
        say={band: tuple(given.get(band, shared)) for band in BANDS.values()},
    )
