"""Words of a language that matter to turn-taking: data/<language>.json, none without a file."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from ai_agent.turns.name_words import NameWords

_DATA = Path(__file__).parent / "data"
_NOT_WORDS = re.compile(r"[^\w' ]+")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Phrases:
    """All in the form that `plain` returns.

    `backchannels` show attention and do not take the floor; `interruptions` are short and do. A turn that
    ends in an `unfinished` word, or is one of the `unfinished_phrases`, goes on, unless it ends in one of the
    `finished_phrases`. `to_somebody` addresses a "you"; `to_a_teacher` asks what only a teacher is asked.
    `everyone_called` are names of all: "guys". `calls` precede a name that is called, `speaks_of` one that is
    spoken of: "my sister Emma". `about`, and words with one of the `about_endings` that are not among
    `no_verbs`, follow a name that is spoken of; of them `about_only` never begin a question. A question goes
    on with one of `question_subjects`, has one of `question_objects` later, or ends in one of `judgements`.
    """

    backchannels: frozenset[str] = frozenset()
    interruptions: frozenset[str] = frozenset()
    unfinished: frozenset[str] = frozenset()
    unfinished_phrases: frozenset[str] = frozenset()
    finished_phrases: frozenset[str] = frozenset()
    question_starts: frozenset[str] = frozenset()
    to_somebody: frozenset[str] = frozenset()
    to_a_teacher: frozenset[str] = frozenset()
    to_everyone: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    names: NameWords = NameWords()


def plain(text: str) -> str:
    """Lower case, no punctuation, one space between words."""
    text = unicodedata.normalize("NFC", text).lower().replace("’", "'").replace("-", " ")
    return _SPACES.sub(" ", _NOT_WORDS.sub(" ", text)).strip()


@cache
def phrases(language: str) -> Phrases:
    """`language`: BCP 47, of which the primary tag counts."""
    path = _DATA / f"{language.split('-', maxsplit=1)[0].lower()}.json"
    if not path.is_file():
        return Phrases()
    data = json.loads(path.read_text("utf-8"))
    names = NameWords(**_lists(data, NameWords))
    return Phrases(**_lists(data, Phrases), names=names)


def _lists(data: dict[str, list[str]], type_: type[Phrases | NameWords]) -> dict[str, Any]:
    """The lists of the file that are fields of this type."""
    return {f.name: frozenset(map(plain, data[f.name])) for f in fields(type_) if f.name in data}


def has_phrase(text: str, wanted: frozenset[str]) -> bool:
    """Whether plain `text` holds one of the phrases as whole words."""
    padded = f" {text} "
    return any(f" {phrase} " in padded for phrase in wanted)
