"""A change of a sentence, and what rules are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ai_agent.tutor.corrector.parse import Parse, Token


@dataclass(frozen=True, slots=True)
class Edit:
    """The characters from `start` to `end` become `text`. `reason`: a key of the explanations."""

    start: int
    end: int
    text: str
    reason: str

    def apply(self, sentence: str) -> str:
        changed = f"{sentence[: self.start]} {self.text} {sentence[self.end :]}"
        if sentence[: self.start].endswith(("'", "-")) or self.text.startswith(("'", "n't")):
            changed = sentence[: self.start] + self.text + " " + sentence[self.end :]
        for mark in (" .", " ,", " ?", " !", " 's ", " n't "):
            if mark not in sentence:
                changed = changed.replace(mark, mark[1:])
        return " ".join(changed.split())


Rule = Callable[[Parse], Iterable[Edit]]
"""Finds mistakes of one kind. It yields nothing where it has a doubt."""


def replace(first: Token, text: str, reason: str, last: Token | None = None) -> Edit:
    """From `first` to `last`, or `first` alone."""
    return Edit(first.start, (last or first).end, text, reason)


def insert(before: Token, text: str, reason: str) -> Edit:
    return Edit(before.start, before.start, text, reason)


def remove(token: Token, reason: str) -> Edit:
    return Edit(token.start, token.end, "", reason)
