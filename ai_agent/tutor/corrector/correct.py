"""From a sentence to its correction."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ai_agent.tutor.corrector.engine import Rule
from ai_agent.tutor.corrector.rules import RULES

_SENTENCE = re.compile(r"[^.!?]+[.!?]*")
_MAX_WORDS = 40
_MAX_CHANGES = 4
"""More changes than this, and it was not English, or not understood: nothing is said about it."""


@dataclass(frozen=True, slots=True)
class Correction:
    """Whole sentences. `categories` and `reasons`: one for each change, in the order of their making."""

    original: str
    corrected: str
    reasons: tuple[str, ...]
    categories: tuple[str, ...]


def correct(text: str) -> list[Correction]:
    """One for each sentence that has a mistake."""
    found = (_corrected(sentence.strip()) for sentence in _SENTENCE.findall(text.replace("’", "'")))
    return [correction for correction in found if correction is not None]


def _corrected(sentence: str) -> Correction | None:
    if not 2 <= len(sentence.split()) <= _MAX_WORDS:
        return None
    now, changes = sentence, list[Rule]()
    while len(changes) <= _MAX_CHANGES:
        step = _step(now, changes)
        if step is None:
            break
        now, rule = step
        changes.append(rule)
    if not changes or len(changes) > _MAX_CHANGES or now.lower() == sentence.lower():
        return None
    return Correction(
        original=sentence,
        corrected=now,
        reasons=tuple(dict.fromkeys(change.why for change in changes)),
        categories=tuple(dict.fromkeys(change.category for change in changes)),
    )


def _step(sentence: str, done: list[Rule]) -> tuple[str, Rule] | None:
    for rule in RULES:
        if done.count(rule) >= 2:
            continue
        for match in rule.pattern.finditer(sentence):
            instead = rule.replace(match)
            if instead is not None and instead.lower() != match[0].lower():
                changed = sentence[: match.start()] + instead + sentence[match.end() :]
                return re.sub(r"\s{2,}", " ", changed).strip(), rule
    return None
