"""Applies the rules to each sentence, and shows a change only if the whole sentence is right after it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ai_agent.tutor.corrector.clause import Clause, clauses_of
from ai_agent.tutor.corrector.edit import Edit
from ai_agent.tutor.corrector.explanations import explanation
from ai_agent.tutor.corrector.hearing import is_within_hearing
from ai_agent.tutor.corrector.judgement import Judgement, Outcome, SentenceCorrection
from ai_agent.tutor.corrector.parse import Parse
from ai_agent.tutor.corrector.parser import Parser, capitalized
from ai_agent.tutor.corrector.rules import RULES
from ai_agent.tutor.corrector.suspicion import is_suspicious

_OPENING = (
    r"(?:(?:(?:hi|hello|hey|well|oh|okay|ok|yeah|yes|um|uh|er|actually|anyway|and|so|but)\b,?"
    r"|{tutor}\b,?"
    r"|(?!(?:yesterday|today|tonight|tomorrow|now|always|often|never|sometimes|usually|since|why|what|how|because)\b)[\w']+,)\s+)+"
)
"""The start of a sentence that the rules do not see: a call, a greeting, a filler word."""
_ABBREVIATION = r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bNo)(?<!\b[A-Za-z])"
_SENTENCE = re.compile(rf".+?(?:{_ABBREVIATION}[.!?]+(?=\s|$)|$)", re.DOTALL)
_ENDS = ".!? "
_MAX_WORDS = 32
_MAX_CHANGED_WORDS = 24
"""A longer sentence with a mistake mostly has others, which no rule finds."""
_MAX_CHANGES = 4
"""A sentence that needs more changes was not English or was misheard, and is not corrected."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A sentence after the rules. `text`: None if it cannot be judged."""

    text: str | None
    edits: tuple[Edit, ...] = ()
    clauses: tuple[Clause, ...] = ()


class Corrector:
    def __init__(self, parser: Parser) -> None:
        self._parse = parser

    def judge(
        self,
        text: str,
        *,
        spoken: bool = False,
        confidence: float = 1.0,
        native: str | None = None,
        tutor: str = "Emma",
    ) -> Judgement:
        """`spoken`: recognised speech, with the recogniser's `confidence` of 0 to 1; else typed. `native`:
        tag of the language for the reasons. `tutor`: the name that may open a sentence.
        """
        opening = re.compile(_OPENING.replace("{tutor}", re.escape(tutor)), re.IGNORECASE)
        corrections, clauses, is_sure = list[SentenceCorrection](), list[Clause](), True
        for part in _SENTENCE.findall(text.replace("’", "'")):
            whole = part.strip()
            opened = opening.match(whole)
            first = opened[0] if opened else ""
            sentence = whole[len(first) :].rstrip(_ENDS)
            found = self._corrected(sentence + whole[len(first) + len(sentence) :].strip()[:1])
            clauses.extend(found.clauses)
            if found.text is None:
                is_sure = False
            elif found.edits:
                corrected = found.text.rstrip(_ENDS)
                if spoken and not is_within_hearing(sentence, corrected, confidence):
                    is_sure = False
                    continue
                last = whole[len(first) + len(sentence) :]
                corrections.append(_shown(whole, capitalized(first + corrected) + last, found.edits, native))
        if corrections:
            return Judgement(Outcome.CORRECTED, tuple(corrections), tuple(clauses))
        return Judgement(Outcome.RIGHT if is_sure else Outcome.UNSURE, (), tuple(clauses))

    def _corrected(self, sentence: str) -> _Found:
        words = len(sentence.split())
        if words < 2:
            return _Found(sentence)
        if words > _MAX_WORDS:
            return _Found(None)
        parse, edits, seen = self._parse(sentence), list[Edit](), {sentence.lower()}
        while (edit := _first_edit(parse)) is not None:
            now = edit.apply(parse.text)
            edits.append(edit)
            if now.lower() in seen or words > _MAX_CHANGED_WORDS or len(edits) > _MAX_CHANGES:
                return _Found(None)
            seen.add(now.lower())
            parse = self._parse(now)
        if is_suspicious(parse, is_changed=bool(edits)):
            return _Found(None, clauses=clauses_of(parse))
        return _Found(parse.text, tuple(edits), clauses_of(parse))


def _first_edit(parse: Parse) -> Edit | None:
    for rule in RULES:
        for edit in rule(parse):
            if edit.text.lower() != parse.text[edit.start : edit.end].lower():
                return edit
    return None


def _shown(original: str, corrected: str, edits: tuple[Edit, ...], native: str | None) -> SentenceCorrection:
    reasons = dict.fromkeys(edit.reason for edit in edits)
    told = [explanation(reason, native) for reason in reasons]
    return SentenceCorrection(
        original=original,
        corrected=corrected,
        reasons=tuple(told_one.text for told_one in told),
        categories=tuple(dict.fromkeys(told_one.category for told_one in told)),
    )
