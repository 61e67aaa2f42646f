"""What the tutor says or writes by itself, without a chat engine: `notices.toml`, a table a language."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("notices.toml")


@dataclass(frozen=True, slots=True)
class Notices:
    cannot_answer: str
    cannot_hear: str
    goodbye: str
    thinking: str
    engine_changed: str


def notices(language: str) -> Notices:
    """`language`: BCP 47, of which the primary tag counts. English if the language has no table."""
    tables = _tables()
    return tables.get(language.split("-", maxsplit=1)[0].lower()) or tables["en"]


@cache
def _tables() -> dict[str, Notices]:
    return {name: Notices(**texts) for name, texts in tomllib.loads(_FILE.read_text("utf-8")).items()}
