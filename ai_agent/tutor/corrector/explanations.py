"""Explains each correction to the learner: why, with an example, in their language where there is a text."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable


@dataclass(frozen=True, slots=True)
class Explanation:
    """`category`: a FeedbackCategory of `server.protocol`."""

    category: str
    text: str


@cache
def categories() -> Mapping[str, str]:
    """The category of each reason."""
    return {
        reason: category for category, reasons in _table("categories").items() for reason in reasons.split()
    }


def languages() -> frozenset[str]:
    return frozenset(
        entry.name.removesuffix(".toml") for entry in _folder().iterdir() if len(entry.name) == len("en.toml")
    )


def explanation(reason: str, native: str | None = None) -> Explanation:
    """`native`: tag of the learner's language; English if it has no texts."""
    tag = (native or "en").split("-", maxsplit=1)[0].lower()
    text = texts(tag if tag in languages() else "en")[reason]
    return Explanation(categories()[reason], text)


@cache
def texts(language: str) -> Mapping[str, str]:
    return _table(language)


def _table(name: str) -> Mapping[str, str]:
    table: Mapping[str, str] = tomllib.loads((_folder() / f"{name}.toml").read_text("utf-8"))
    return table


def _folder() -> Traversable:
    return resources.files(__package__) / "explanations"
