"""Wide detectors of mistakes that no rule mends.

They may be wrong about a right sentence: all that follows is that it is not corrected, and not called right.
"""

from __future__ import annotations

from collections.abc import Callable

from ai_agent.tutor.corrector.parse import Parse
from ai_agent.tutor.corrector.suspicion import nouns, order, verbs, words

Detector = Callable[[Parse], bool]

ALWAYS: tuple[Detector, ...] = (
    words.misspelled,
    words.wrong_part_of_speech,
    verbs.wrong_after_auxiliary,
    verbs.would_have_after_if,
    verbs.since_length,
    verbs.verb_without_subject,
    verbs.loose_agreement,
    verbs.bare_verb,
    verbs.tense_and_time,
    verbs.too_many_clauses,
    nouns.determiner_and_number,
    nouns.uncountable_counted,
    order.odd_order,
)
AFTER_CHANGES: tuple[Detector, ...] = (
    words.glued,
    words.repeated,
    words.unclassified,
    verbs.no_verb,
    nouns.bare_singular,
    order.odd_phrase,
)
"""For changed sentences alone: in right ones they are too often wrong."""


def is_suspicious(parse: Parse, *, is_changed: bool) -> bool:
    return any(detector(parse) for detector in (ALWAYS + AFTER_CHANGES if is_changed else ALWAYS))


def suspicions(parse: Parse) -> list[str]:
    """Names of the detectors that fire."""
    return [detector.__name__ for detector in ALWAYS + AFTER_CHANGES if detector(parse)]
