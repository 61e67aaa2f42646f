"""Judgements of the corrector about the learner's words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ai_agent.tutor.corrector.clause import Clause


class Outcome(StrEnum):
    """`RIGHT` means no mistake of the kinds that are checked: never say that nothing is wrong."""

    RIGHT = "right"
    CORRECTED = "corrected"
    UNSURE = "unsure"
    """Not judged: too long, unclear, suspicious without a safe correction, or no parser is installed."""


@dataclass(frozen=True, slots=True)
class SentenceCorrection:
    """Whole sentences. `categories` and `reasons`: of the changes, in order; `reasons` are for the learner,
    in their language if it is known.
    """

    original: str
    corrected: str
    reasons: tuple[str, ...]
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """`corrections` is empty unless the outcome is CORRECTED. `clauses`: what the sentences say, after the
    corrections.
    """

    outcome: Outcome
    corrections: tuple[SentenceCorrection, ...] = ()
    clauses: tuple[Clause, ...] = ()
