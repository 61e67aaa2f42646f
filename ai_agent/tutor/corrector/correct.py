"""From a sentence to its correction."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ai_agent.tutor.corrector.engine import Rule
from ai_agent.tutor.corrector.rules import RULES

_OPENING = (
    r"(?:(?:(?:hi|hello|hey|well|oh|okay|ok|yeah|um|uh|er|actually|anyway|and|so|but)\b,?"
    r"|{tutor}\b,?"
    r"|(?!(?:yesterday|today|tonight|tomorrow|now|always|often|never|sometimes|usually|since|why|what|how)\b)[\w']+,)\s+)+"
)
"""What does not belong to the sentence that it opens: a call, a greeting, a word to think by."""
_SENTENCE = re.compile(r"[^.!?]+[.!?]*")
_ENDS = ".!? "
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


@dataclass(frozen=True, slots=True)
class Examined:
    """`is_whole`: False if a sentence was too long, or too far from English, to be judged."""

    corrections: tuple[Correction, ...]
    is_whole: bool


class _Unclear(Exception):
    """A sentence that nothing can be said about."""


def correct(text: str, *, tutor: str = "Emma") -> list[Correction]:
    """One for each sentence that has a mistake. `tutor`: who is called by that name."""
    return list(examine(text, tutor=tutor).corrections)


def examine(text: str, *, tutor: str = "Emma") -> Examined:
    opening = re.compile(_OPENING.replace("{tutor}", re.escape(tutor)), re.IGNORECASE)
    corrections, is_whole = list[Correction](), True
    for sentence in _SENTENCE.findall(text.replace("’", "'")):
        try:
            correction = _corrected(sentence.strip(), opening)
        except _Unclear:
            is_whole = False
        else:
            corrections += [correction] if correction is not None else []
    return Examined(tuple(corrections), is_whole)


def _corrected(whole: str, opening: re.Pattern[str]) -> Correction | None:
    """None: nothing is wrong that it knows of. Raises _Unclear."""
    opened = opening.match(whole)
    first = opened[0] if opened else ""
    sentence = whole[len(first) :].rstrip(_ENDS)
    last = whole[len(first) + len(sentence) :]
    words = len(sentence.split())
    if words > _MAX_WORDS:
        raise _Unclear
    if words < 2:
        return None
    now, changes = sentence, list[Rule]()
    while len(changes) <= _MAX_CHANGES:
        step = _step(now, changes)
        if step is None:
            break
        now, rule = step
        changes.append(rule)
    if len(changes) > _MAX_CHANGES:
        raise _Unclear
    if not changes or now.lower() == sentence.lower():
        return None
    return Correction(
        original=whole,
        corrected=first + now + last,
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
