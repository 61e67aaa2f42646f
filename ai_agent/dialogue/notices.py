"""Texts that the tutor says or writes by itself, without a chat engine: `notices.toml`, a table a
language."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ai_agent.turns.phrases import plain

_FILE = Path(__file__).with_name("notices.toml")


@dataclass(frozen=True, slots=True)
class Notices:
    """`did_you_say` has a `{words}`. `yes`, `no`: how its answers begin, in the form that `plain` returns;
    the right words may follow a `no`: "no I said ...".
    """

    cannot_answer: str
    cannot_hear: str
    goodbye: str
    leaves_for_others: str
    thinking: str
    engine_changed: str
    did_you_say: str
    say_again: str
    not_caught: str
    yes: tuple[str, ...]
    no: tuple[str, ...]


def notices(language: str) -> Notices:
    """`language`: BCP 47, of which the primary tag counts. English if the language has no table."""
    tables = _tables()
    return tables.get(language.split("-", maxsplit=1)[0].lower()) or tables["en"]


@cache
def _tables() -> dict[str, Notices]:
    tables = tomllib.loads(_FILE.read_text("utf-8"))
    return {name: _notices(texts) for name, texts in tables.items()}


def _notices(texts: dict[str, str | list[str]]) -> Notices:
    words = {key: tuple(map(plain, value)) for key, value in texts.items() if isinstance(value, list)}
    said = {key: value for key, value in texts.items() if isinstance(value, str)}
    return Notices(**said, yes=words["yes"], no=words["no"])
