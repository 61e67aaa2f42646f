"""Texts in place of a lesson, by language: `texts/<tag>.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ai_agent.tutor.care.concern import BOUNDARIES, Category

_FOLDER = Path(__file__).with_name("texts")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")


@dataclass(frozen=True, slots=True)
class Texts:
    """`of`: the sentences by their name in the file. `boundaries`: the first and the second answer. `choice`:
    patterns of what a person chose, by name, over a text that is prepared as for the signs."""

    of: dict[str, str]
    boundaries: dict[Category, tuple[str, ...]]
    choice: dict[str, re.Pattern[str]]

    def is_care(self, said: str) -> bool:
        """Whether these words of the tutor leave a choice open; they may have been cut off."""
        return any(_begins(said, text) for name, text in self.of.items() if name in _OPEN)

    def is_boundary(self, said: str) -> bool:
        refusals = (*(text for texts in self.boundaries.values() for text in texts), self.of["last_time"])
        return any(_begins(said, text) for text in refusals)


_OPEN = {
    *(c.value for c in Category if c not in BOUNDARIES),
    *(f"{c.value}_other" for c in Category if c not in BOUNDARIES),
    "listening",
    "thanks",
    "unclear",
}
_MIN_CHARS = 6


def _begins(said: str, text: str) -> bool:
    """Whether `said` begins with the first sentences of `text`, or was cut off within them."""
    first = "".join(_SENTENCE.sub(" ", text).split())[:60]
    spoken = "".join(said.split())[: len(first)]
    return len(spoken) >= _MIN_CHARS and first.startswith(spoken)


@cache
def load_texts(language: str) -> Texts:
    """Raises FileNotFoundError for a language without a file."""
    table = tomllib.loads((_FOLDER / f"{language}.toml").read_text("utf-8"))
    choice = {name: re.compile(pattern) for name, pattern in table.pop("choice").items()}
    boundaries = {category: tuple(table.pop(category.value)) for category in BOUNDARIES}
    return Texts(table, boundaries, choice)


def languages() -> frozenset[str]:
    """Return the languages that have texts, as BCP 47 primary tags."""
    return frozenset(path.stem for path in _FOLDER.glob("*.toml"))
