"""Compares what a learner says or types with the corrected sentence, and finds what a correction changed."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

from server.learning.model import Pattern
from server.protocol.tutor import FeedbackCategory

MAX_PATTERN = 80
"""Characters of `said` and of `right`, the rest is cut."""
_MAX_COMPARED = 100
"""Words of a sentence. To compare two of n words can take n³ steps: 0.25 s of 400."""
_JOINED = re.compile(r"['’ʼ‘`]")
_SEPARATOR = re.compile(r"[^\w\s]|_")


def words(text: str) -> list[str]:
    """The words in lower case without punctuation: `Don't` is `dont`, `well-known` is two words."""
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
    return _SEPARATOR.sub(" ", _JOINED.sub("", plain)).split()


def is_same_sentence(given: str, expected: str) -> bool:
    """Equal but for case, punctuation, and spaces between words: recognisers write `ice cream` or `icecream`.

    False for a sentence without words.
    """
    return "".join(words(given)) == "".join(words(expected)) != ""


def pattern_of(language: str, category: FeedbackCategory, original: str, corrected: str) -> Pattern:
    """The words that changed, joined with ` … ` where they are not neighbours."""
    said, right = changed_words(original, corrected)
    return Pattern(language, category, said[:MAX_PATTERN], right[:MAX_PATTERN])


def changed_words(original: str, corrected: str) -> tuple[str, str]:
    """The runs of words that are only in one of the two sentences. Both are empty if no word changed. Of very
    long sentences only the first words from the first change on are compared."""
    before, after = _bounded(words(original), words(corrected))
    changes = [
        (before[i:j], after[k:m])
        for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        if tag != "equal"
    ]
    said, right = ([" ".join(change[side]) for change in changes] for side in (0, 1))
    return " … ".join(filter(None, said)), " … ".join(filter(None, right))


def _bounded(before: list[str], after: list[str]) -> tuple[list[str], list[str]]:
    """Without the words that both begin and end with, and cut, if they are very long."""
    if max(len(before), len(after)) <= _MAX_COMPARED:
        return before, after
    start = _common(before, after)
    before, after = before[start:], after[start:]
    end = _common(before[::-1], after[::-1])
    before, after = before[: len(before) - end], after[: len(after) - end]
    return before[:_MAX_COMPARED], after[:_MAX_COMPARED]


def _common(one: list[str], other: list[str]) -> int:
    """How many words both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))
