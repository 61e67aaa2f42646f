"""Words that steer a class, and the tutor's own in it: `words.toml`, a table a language."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from ai_agent.turns.phrases import Phrases, phrases, plain
from server.protocol.classes import ClassAction

_FILE = Path(__file__).with_name("words.toml")


@dataclass(frozen=True, slots=True)
class ClassWords:
    """Texts: `opening` has a `{title}`, `try_again` a `{question}`, `answer_is` and `nobody_answered` an
    `{answer}`. `praise`: one of them answers a right answer. The other lists hold what people say, in the
    form that `plain` returns; `polite` words around it do not count.
    """

    opening: str
    questions: str
    closing: str
    praise: tuple[str, ...]
    try_again: str
    answer_is: str
    nobody_answered: str
    on_your_own: str
    paused: str
    stopped: str
    only_host: str
    go_on: tuple[str, ...]
    again: tuple[str, ...]
    pause: tuple[str, ...]
    stop: tuple[str, ...]
    gives_up: tuple[str, ...]
    polite: tuple[str, ...]


def class_words(language: str) -> ClassWords:
    """`language`: BCP 47, of which the primary tag counts. English if the language has no table."""
    tables = _tables()
    return tables.get(_primary(language)) or tables["en"]


def action_in(text: str, words: ClassWords, tutor_name: str = "") -> ClassAction | None:
    """Return what the whole of `text` asks of the class: "okay, go on please". None: it says something
    else."""
    said = _without_polite(text, words, tutor_name)
    for action, known in (
        (ClassAction.GO_ON, words.go_on),
        (ClassAction.AGAIN, words.again),
        (ClassAction.PAUSE, words.pause),
        (ClassAction.STOP, words.stop),
    ):
        if said in known:
            return action
    return None


def gives_up(text: str, words: ClassWords, tutor_name: str = "") -> bool:
    """Whether the learner does not know the answer to a question."""
    return _without_polite(text, words, tutor_name) in words.gives_up


@cache
def class_phrases(language: str) -> Phrases:
    """The language's phrases while a class is taught: what steers it interrupts the tutor, however short."""
    words, usual = class_words(language), phrases(language)
    steering = frozenset((*words.go_on, *words.again, *words.pause, *words.stop))
    return replace(usual, interruptions=usual.interruptions | steering)


def _without_polite(text: str, words: ClassWords, tutor_name: str) -> str:
    polite = {*words.polite, *plain(tutor_name).split()}
    said = plain(text).split()
    while said and said[0] in polite:
        said.pop(0)
    while said and said[-1] in polite:
        said.pop()
    return " ".join(said)


def _primary(language: str) -> str:
    return language.split("-", maxsplit=1)[0].lower()


@cache
def _tables() -> dict[str, ClassWords]:
    tables = tomllib.loads(_FILE.read_text("utf-8"))
    return {name: _words(table) for name, table in tables.items()}


def _words(table: dict[str, str | list[str]]) -> ClassWords:
    values: dict[str, Any] = {
        name: value if isinstance(value, str) else tuple(map(plain, value)) for name, value in table.items()
    }
    return ClassWords(**values | {"praise": tuple(table["praise"])})
