"""Whether words answer a question of the class. Pure."""

from __future__ import annotations

from enum import StrEnum

from ai_agent.classes.course import Question
from ai_agent.classes.words import ClassWords, gives_up
from ai_agent.turns.phrases import Phrases, has_phrase, plain

_WITHOUT_SPACES = frozenset({"zh", "ja", "th", "lo", "km", "my"})
"""Primary tags of languages that write no spaces between words."""


class Verdict(StrEnum):
    RIGHT = "right"
    OPEN = "open"  # every answer is right
    OTHER = "other"  # not one of the expected answers; which may be the text's fault
    GIVES_UP = "gives_up"
    ASKS = "asks"  # it is a question to the tutor


def judged(text: str, question: Question, language: str, words: ClassWords, phrases: Phrases) -> Verdict:
    """`phrases`: of the language."""
    said = plain(text)
    if any(_has(said, plain(answer), language) for answer in question.answers):
        return Verdict.RIGHT
    if gives_up(text, words):
        return Verdict.GIVES_UP
    if _asks(text, said, question, phrases):
        return Verdict.ASKS
    return Verdict.OTHER if question.answers else Verdict.OPEN


def _has(said: str, answer: str, language: str) -> bool:
    if not answer:
        return False
    if language.split("-", maxsplit=1)[0].lower() in _WITHOUT_SPACES:
        return answer in said
    return has_phrase(said, frozenset({answer}))


def _asks(text: str, said: str, question: Question, phrases: Phrases) -> bool:
    """A question may be an answer too: what does one say at the market? "How much is it?" """
    if has_phrase(said, phrases.to_a_teacher):
        return True
    starts = phrases.question_starts
    expects_question = not question.answers or any(_first(plain(a)) in starts for a in question.answers)
    is_question = text.rstrip().endswith(("?", "？")) or _first(said) in starts
    return is_question and not expects_question


def _first(said: str) -> str:
    return said.partition(" ")[0]
