"""Applies the rules to each sentence of a text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ai_agent.tutor.corrector.judgement import Judgement, Outcome, SentenceCorrection
from ai_agent.tutor.corrector.rule import Rule
from ai_agent.tutor.corrector.rules import RULES

_OPENING = (
    r"(?:(?:(?:hi|hello|hey|well|oh|okay|ok|yeah|um|uh|er|actually|anyway|and|so|but)\b,?"
    r"|{tutor}\b,?"
    r"|(?!(?:yesterday|today|tonight|tomorrow|now|always|often|never|sometimes|usually|since|why|what|how)\b)[\w']+,)\s+)+"
)
"""The start of a sentence that the rules do not see: a call, a greeting, a filler word."""
_SENTENCE = re.compile(r"[^.!?]+[.!?]*")
_ENDS = ".!? "
_MAX_WORDS = 40
_MAX_CHANGES = 4
"""A sentence that needs more changes was not English or was misheard, and is not corrected."""


@dataclass(frozen=True, slots=True)
class Examination:
    """`is_whole`: False if a sentence was too long or too far from English to be checked."""

    corrections: tuple[SentenceCorrection, ...]
    is_whole: bool


class _Unclear(Exception):
    """The sentence cannot be checked."""


def correct(text: str, *, tutor: str = "Emma") -> list[SentenceCorrection]:
    """One for each sentence that has a mistake. `tutor`: the tutor's name, which may open a sentence."""
    return list(examine(text, tutor=tutor).corrections)


def examine(text: str, *, tutor: str = "Emma") -> Examination:
    opening = re.compile(_OPENING.replace("{tutor}", re.escape(tutor)), re.IGNORECASE)
    corrections, is_whole = list[SentenceCorrection](), True
    for sentence in _SENTENCE.findall(text.replace("’", "'")):
        try:
            correction = _corrected(sentence.strip(), opening)
        except _Unclear:
            is_whole = False
        else:
            corrections += [correction] if correction is not None else []
    return Examination(tuple(corrections), is_whole)


def judge(
    text: str,
    *,
    spoken: bool = False,
    confidence: float = 1.0,
    native: str | None = None,
    tutor: str = "Emma",
) -> Judgement:
    """`spoken`: recognised speech, with the recogniser's `confidence` of 0 to 1; else typed. `native`: tag of
    the language for the reasons. `tutor`: the name that may open a sentence.
    """
    del spoken, confidence, native
    examination = examine(text, tutor=tutor)
    if examination.corrections:
        return Judgement(Outcome.CORRECTED, examination.corrections)
    return Judgement(Outcome.RIGHT if examination.is_whole else Outcome.UNSURE)


def _corrected(whole: str, opening: re.Pattern[str]) -> SentenceCorrection | None:
    """None if no rule finds a mistake. Raises _Unclear."""
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
    return SentenceCorrection(
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
