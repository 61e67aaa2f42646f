"""Services that give help, by country: reads `helplines.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ai_agent.tutor.care.concern import Category

_FILE = Path(__file__).with_name("helplines.toml")
MAX_LINES = 3


@dataclass(frozen=True, slots=True)
class Helpline:
    """`phone`: as people of the country write it; None for a page only. `source`: page of the line, or of the
    authority behind it."""

    name: str
    phone: str | None
    serves: str
    source: str


INTERNATIONAL = Helpline("findahelpline.com", None, "distress", "https://findahelpline.com")
_WANTED = {Category.ABUSE: ("violence", "children", "distress"), Category.VIOLENCE: ("violence", "children")}


@dataclass(frozen=True, slots=True)
class Country:
    emergency: str
    zones: frozenset[str]
    lines: tuple[Helpline, ...]


def country_of(country: str | None, time_zone: str | None) -> Country | None:
    """`country`: ISO 3166-1, as the person has set it; without it `time_zone` (IANA) decides. None: not
    known, or a country without an entry."""
    if country is not None:
        return countries().get(country)
    return next((place for place in countries().values() if time_zone in place.zones), None)


def lines_for(category: Category, place: Country | None) -> tuple[Helpline, ...]:
    """The best first. The international page is always the last."""
    if place is None:
        return (INTERNATIONAL,)
    wanted = (*_WANTED.get(category, ()), "distress")
    found = [line for kind in wanted for line in place.lines if line.serves == kind]
    return (*found[:MAX_LINES], INTERNATIONAL)


@cache
def countries() -> dict[str, Country]:
    """All that the file has, by ISO 3166-1 code."""
    return {
        code: Country(
            table["emergency"],
            frozenset(table["zones"]),
            tuple(Helpline(**line) for line in table["lines"]),
        )
        for code, table in tomllib.loads(_FILE.read_text("utf-8")).items()
    }
