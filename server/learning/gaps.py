"""A sentence with a gap for a word that is learnt. No I/O."""

from __future__ import annotations

import re

from server.learning.answers import is_same_sentence

GAP = "____"
_ENDING = r"\w{0,3}"
"""Forms such as `queues` and `queued` fill the gap of `queue`."""


def with_gap(sentence: str, word: str) -> tuple[str, str]:
    """The sentence with a gap in the place of the word, and the form of the word that was there. The sentence
    is empty if the word is not in it."""
    found = re.search(rf"(?<!\w){re.escape(word)}{_ENDING}(?!\w)", sentence, re.IGNORECASE)
    found = found or re.search(re.escape(word), sentence, re.IGNORECASE)  # scripts without spaces
    if found is None:
        return "", word
    return sentence[: found.start()] + GAP + sentence[found.end() :], found[0]


def fills(given: str, sentence: str, word: str) -> bool:
    """Whether the answer is the word, in the form of the sentence or in its own."""
    _, form = with_gap(sentence, word)
    return is_same_sentence(given, form) or is_same_sentence(given, word)
