"""The questions of the scripted tutor: one folder of TOML files a language, under `data/`.

`questions.toml` has topics with questions by level; the files of `follow_ups`, which are optional, questions
about a word that the learner used.
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
    """`unless`: the questions do not fit a sentence with this."""

    words: frozenset[str]
    questions: Mapping[str, tuple[str, ...]]
    unless: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Bank:
    language: str
    topics: Mapping[str, Topic]
    follow_ups: tuple[FollowUp, ...]

    def topic_of(self, text: str, *, least: int = 1) -> Topic | None:
        """The topic whose title and words occur most in `text`, and at least `least` times."""
        lowered = text.lower()
        said = set(words_of(lowered))
        best: tuple[int, Topic] | None = None
        for topic in self.topics.values():
            hits = 3 * (topic.title in lowered) + 2 * (topic.name in said) + len(topic.words & said)
            if hits >= least and (best is None or hits > best[0]):
                best = hits, topic
        return best[1] if best else None


def words_of(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def languages() -> frozenset[str]:
    return frozenset(entry.name for entry in _data().iterdir() if entry.is_dir())


def primary(language: str) -> str:
    """The language itself if it has a bank, else "en": the scripted tutor is used only for `languages`, so
    this is a safeguard.
    """
    tag = language.split("-", maxsplit=1)[0].lower()
    return tag if tag in languages() else "en"


@cache
def load_bank(language: str) -> Bank:
    tag = primary(language)
    questions = read_data(f"{tag}/questions.toml")
    follow_ups = [given for name in _names(f"{tag}/follow_ups") for given in read_data(name)["about"]]
    return Bank(
        language=tag,
        topics={name: _topic(name, given) for name, given in questions["topics"].items()},
        follow_ups=tuple(_follow_up(given) for given in follow_ups),
    )


def named_topic(bank: Bank, topic: str) -> Topic | None:
    """The topic may be named in the practised language or in that of the page, whose topics are English."""
    if topic in bank.topics:
        return bank.topics[topic]
    for language in dict.fromkeys((bank.language, *sorted(languages()))):
        if found := load_bank(language).topic_of(topic):
            return bank.topics.get(found.name)
    return None


def read_data(name: str) -> dict[str, Any]:
    """A TOML file under `data/`; empty if there is none."""
    path = _data() / name
    return tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}


def by_band(given: Mapping[str, Sequence[str]]) -> Mapping[str, tuple[str, ...]]:
    """`c` is as `b` if it is absent."""
    return {band: tuple(given.get(band, given["b"])) for band in BANDS.values()}


def _names(folder: str) -> list[str]:
    """Of the TOML files in a folder under `data/`; none if there is no such folder."""
    path = _data() / folder
    return sorted(f"{folder}/{entry.name}" for entry in path.iterdir()) if path.is_dir() else []


def _data() -> Any:
    return resources.files(__package__) / "data"


def _follow_up(given: Mapping[str, Any]) -> FollowUp:
    unless = re.compile(given["unless"], re.IGNORECASE) if "unless" in given else None
    return FollowUp(frozenset(given["words"].split()), by_band(given), unless)


def _topic(name: str, given: Mapping[str, Any]) -> Topic:
    return Topic(
        name=name,
        title=given["title"],
        words=frozenset(given["words"].split()),
        next=tuple(given["next"]),
        questions={level: tuple(given[level]) for level in LEVELS if level in given},
    )
