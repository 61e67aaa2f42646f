"""Measures a sentence against a CEFR level by its length and, in English, by how common its words are. Pure.

Only what is far above the level counts: a good answer may have a word that is new to the learner.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from enum import StrEnum

from ai_agent.tutor.level.frequency import rank


class Fault(StrEnum):
    LONG = "long"
    RARE_WORDS = "rare_words"


@dataclass(frozen=True, slots=True)
class Limits:
    """`words` of a sentence, `rank` to which words are expected to be known, `rare` beyond which such words
    are too many, if they are also more than one word in four.
    """

    words: int
    rank: int
    rare: int


LIMITS: Mapping[str, Limits] = {
    "A1": Limits(15, 1_500, 1),
    "A2": Limits(20, 2_500, 2),
    "B1": Limits(28, 4_500, 3),
    "B2": Limits(38, 8_000, 4),
}
"""About twice what `prompts/levels` asks for. From C1 on nothing is too hard."""
RARE_SHARE = 0.25
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?。！？])\s*")
_LETTERS_A_WORD: Mapping[str, float] = {"ja": 2.0, "zh": 1.6, "th": 4.0, "lo": 4.0, "km": 4.0, "my": 4.0}
"""Of languages that are written without spaces."""
_SYLLABLES_A_WORD: Mapping[str, float] = {"vi": 1.5}
"""Of languages with a space after each syllable."""
_LETTER = re.compile(r"[^\W\d_]")


def fault_of(sentence: str, level: str, language: str, known: Set[str] = frozenset()) -> Fault | None:
    """None: it fits, or is near enough. `known`: words in lower case that do not count as rare, such as the
    learner's own.
    """
    limits = LIMITS.get(level)
    if limits is None:
        return None
    found, tag = _WORD.findall(sentence), language.split("-", maxsplit=1)[0].lower()
    if _length(sentence, found, tag) > limits.words:
        return Fault.LONG
    if tag != "en":
        return None
    rare = [word for at, word in enumerate(found) if _is_rare(word, limits, known, is_first=at == 0)]
    is_much = len(rare) > limits.rare and len(rare) / len(found) > RARE_SHARE
    return Fault.RARE_WORDS if is_much else None


def is_above(text: str, level: str, language: str) -> bool:
    """Whether a sentence of the text is far above the level."""
    return any(fault_of(sentence, level, language) for sentence in _SENTENCE_END.split(text))


def words_in(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(text))


def _length(sentence: str, found: list[str], language: str) -> float:
    """In words."""
    if (letters := _LETTERS_A_WORD.get(language)) is not None:
        return len(_LETTER.findall(sentence)) / letters
    return len(found) / _SYLLABLES_A_WORD.get(language, 1.0)


def _is_rare(word: str, limits: Limits, known: Set[str], *, is_first: bool) -> bool:
    """Names are not: they have a capital inside the sentence."""
    if word.lower() in known or (word[0].isupper() and not is_first):
        return False
    return all(rank(part) > limits.rank for part in word.split("-"))
