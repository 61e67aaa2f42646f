"""Whether somebody's words call for care before a lesson, and for which. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ai_agent.providers.ports import primary_tag
from ai_agent.tutor.care.signs import Signs, languages, load_signs


class Category(StrEnum):
    """In the order in which they are looked for: the first found counts."""

    SUICIDE = "suicide"
    SELF_HARM = "self_harm"
    ABUSE = "abuse"
    """Sexual, at work or at school; also bullying."""
    VIOLENCE = "violence"
    """At home, or by anybody against the speaker."""
    THREAT = "threat"
    """To somebody else."""
    GRIEF = "grief"
    DESPAIR = "despair"
    FEAR = "fear"
    ANGER = "anger"
    SEXUAL = "sexual"
    """Said to the tutor."""
    INSULT = "insult"
    """Said to the tutor, or about groups of people."""
    JAILBREAK = "jailbreak"
    """An attempt to change the tutor's rules, or to get instructions for a crime."""


URGENT = frozenset({Category.SUICIDE, Category.SELF_HARM, Category.ABUSE, Category.VIOLENCE, Category.THREAT})
BOUNDARIES = frozenset({Category.SEXUAL, Category.INSULT, Category.JAILBREAK})
"""Answered with a firm line; all others with calm words."""
_LONG_AGO = frozenset({Category.GRIEF, Category.ANGER, Category.FEAR, Category.DESPAIR})
"""Told of the distant past these are bad news, and the talk goes on."""
_OF_STORIES = _LONG_AGO | {Category.ABUSE}
"""Films and books are full of these."""
_IN_ANY_LANGUAGE = tuple(c for c in Category if c in URGENT | {Category.GRIEF, Category.DESPAIR})
_SCRIPTS = {
    "ja": re.compile(r"[\u3041-\u30ff]"),
    "ko": re.compile(r"[\uac00-\ud7a3\u3131-\u318e]"),
    "zh": re.compile(r"[\u4e00-\u9fff]"),
}
"""A character that a text of the language has; Chinese has no kana."""
MAX_CHARS = 2_000
"""Of the end of a text that is searched."""


@dataclass(frozen=True, slots=True)
class Concern:
    """`language`: of the words, BCP 47 primary tag. `is_other`: they are about somebody else."""

    category: Category
    language: str
    is_other: bool = False


class Mood(StrEnum):
    """The possible reactions to a sentence."""

    PLAIN = "plain"
    """As to any sentence of a lesson."""
    BAD = "bad"
    """Bad news or a bad feeling: kind words, no mirroring and no praise; the talk goes on."""
    CARE = "care"
    """`plan` answers it; no tutor is asked."""


def find_concern(text: str, language: str) -> Concern | None:
    """`text`: of one turn. `language`: of the lesson, BCP 47. Urgent words are found in every served
    language, because people in need speak their own; the others in the lesson's and in English."""
    own = primary_tag(language).lower()
    shown = text[-MAX_CHARS:]
    for tag in sorted(languages(), key=lambda tag: (tag != own, tag != "en", tag)):
        signs = _signs_for(tag, shown)
        if signs is None:
            continue
        categories = tuple(Category) if tag in {own, "en"} else _IN_ANY_LANGUAGE
        if found := _first(signs, shown, categories):
            return found
    return None


def mood(sentence: str, language: str = "en") -> Mood:
    """`language`: of the sentence, BCP 47; one that is not served is compared with English."""
    concern = find_concern(sentence, language)
    if concern is not None:
        return Mood.CARE
    tag = primary_tag(language).lower()
    signs = _signs_for(tag if tag in languages() else "en", sentence)
    if signs is None or signs.hard is None:
        return Mood.PLAIN
    prepared = signs.unmasked(signs.prepared(sentence[-MAX_CHARS:]))
    return Mood.BAD if signs.hard.search(prepared) else Mood.PLAIN


def _signs_for(tag: str, text: str) -> Signs | None:
    """None: the text is not in that language's script."""
    if script := _SCRIPTS.get(tag):
        return load_signs(tag, folds=False) if script.search(text) else None
    # Vietnamese is compared without accents only if it is written so: without them different words are alike.
    return load_signs(tag, folds=tag != "vi" or text.isascii())


def _first(signs: Signs, text: str, categories: Iterable[Category]) -> Concern | None:
    prepared = signs.unmasked(signs.prepared(text))
    is_fiction = _has(signs.fiction, prepared)
    is_past = _has(signs.past, prepared)
    # In a talk about a film only words about oneself count.
    is_own = not is_fiction or _has(signs.first_person, prepared)
    for category in categories:
        if (is_past and category in _LONG_AGO) or (is_fiction and category in _OF_STORIES):
            continue
        if not is_fiction and _has(signs.other.get(category), prepared):
            return Concern(category, signs.language, is_other=True)
        if is_own and _has(signs.own.get(category), prepared):
            return Concern(category, signs.language)
    return None


def _has(pattern: re.Pattern[str] | None, text: str) -> bool:
    return pattern is not None and pattern.search(text) is not None
