"""The texts of the scripted tutor: one folder of TOML files a language, under `data/`.

`questions.toml` (topics with questions by level) and `phrases.toml` (phrases around them, answers to
learners' questions) are required; `follow_ups.toml` (questions about a word that the learner used) is
optional.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")
BANDS = {"A": "a", "B": "b", "C": "c"}
_WORD = re.compile(r"\w+(?:['’]\w+)?")


@dataclass(frozen=True, slots=True)
class Topic:
    """`questions`: by level. `next`: names of related topics."""

    name: str
    title: str
    words: frozenset[str]
    next: tuple[str, ...]
    questions: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class FollowUp:
    words: frozenset[str]
    questions: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ScriptedAnswer:
    """Answer to a question to the tutor. `again`: repeat the last message. `stop`: no question follows."""

    pattern: re.Pattern[str]
    say: tuple[str, ...]
    again: bool
    stop: bool


@dataclass(frozen=True, slots=True)
class Signs:
    """Patterns of a learner's words. `topic` has a group for the requested topic."""

    good: frozenset[str]
    bad: frozenset[str]
    negation: frozenset[str]
    yes: re.Pattern[str]
    no: re.Pattern[str]
    unsure: re.Pattern[str]
    topic: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Bank:
    """`phrases[kind][band]`, where the bands "a", "b", "c" are A1-A2, B1-B2, C1-C2."""

    language: str
    topics: Mapping[str, Topic]
    follow_ups: tuple[FollowUp, ...]
    phrases: Mapping[str, Mapping[str, tuple[str, ...]]]
    answers: tuple[ScriptedAnswer, ...]
    signs: Signs

    def topic_of(self, text: str) -> Topic | None:
        """The topic whose title and words occur most in `text`."""
        lowered = text.lower()
        said = set(words_of(lowered))
        best: tuple[int, Topic] | None = None
        for topic in self.topics.values():
            hits = 3 * (topic.title in lowered) + 2 * (topic.name in said) + len(topic.words & said)
            if hits and (best is None or hits > best[0]):
                best = hits, topic
        return best[1] if best else None


def words_of(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def languages() -> frozenset[str]:
    return frozenset(entry.name for entry in _data().iterdir() if entry.is_dir())


@cache
def load_bank(language: str) -> Bank:
    """The bank of a language, or the English one. The scripted tutor is used only for `languages`, so the
    English one is a safeguard.
    """
    primary = language.split("-", maxsplit=1)[0].lower()
    folder = _data() / (primary if primary in languages() else "en")
    questions = tomllib.loads((folder / "questions.toml").read_text("utf-8"))
    phrases = tomllib.loads((folder / "phrases.toml").read_text("utf-8"))
    extra = folder / "follow_ups.toml"
    follow_ups = tomllib.loads(extra.read_text("utf-8"))["about"] if extra.is_file() else []
    return Bank(
        language=folder.name,
        topics={name: _topic(name, given) for name, given in questions["topics"].items()},
        follow_ups=tuple(FollowUp(frozenset(f["words"].split()), _by_band(f)) for f in follow_ups),
        phrases={kind: _by_band(given) for kind, given in phrases.items() if kind not in ("answer", "signs")},
        answers=tuple(_answer(given) for given in phrases["answer"]),
        signs=_signs(phrases["signs"]),
    )


def _data() -> Any:
    return resources.files(__package__) / "data"


def _topic(name: str, given: Mapping[str, Any]) -> Topic:
    return Topic(
        name=name,
        title=given["title"],
        words=frozenset(given["words"].split()),
        next=tuple(given["next"]),
        questions={level: tuple(given[level]) for level in LEVELS if level in given},
    )


def _answer(given: Mapping[str, Any]) -> ScriptedAnswer:
    pattern = re.compile(given["pattern"], re.IGNORECASE)
    return ScriptedAnswer(pattern, tuple(given["say"]), bool(given.get("again")), bool(given.get("stop")))


def _signs(given: Mapping[str, str]) -> Signs:
    words = {name: frozenset(given[name].split()) for name in ("good", "bad", "not")}
    patterns = {name: re.compile(given[name], re.IGNORECASE) for name in ("yes", "no", "unsure", "topic")}
    return Signs(good=words["good"], bad=words["bad"], negation=words["not"], **patterns)


def _by_band(given: Mapping[str, Sequence[str]]) -> Mapping[str, tuple[str, ...]]:
    return {band: tuple(given[band]) for band in BANDS.values()}
