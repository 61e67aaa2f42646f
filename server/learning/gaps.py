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
    exact = re.escape(word)
    # The word itself before its forms: three more letters may be another word, as in `catch` for `cat`. The
    # last pattern is for scripts without spaces.
    for pattern in (rf"(?<!\w){exact}(?!\w)", rf"(?<!\w){exact}{_ENDING}(?!\w)", exact):
        found = re.search(pattern, sentence, re.IGNORECASE)
        if found is not None:
            return sentence[: found.start()] + GAP + sentence[found.end() :], found[0]
    return "", word


def fills(given: str, sentence: str, word: str) -> bool:
    """Whether the answer is the word, in the form of the sentence or in its own."""
    _, form = with_gap(sentence, word)
    return is_same_sentence(given, form) or is_same_sentence(given, word)
