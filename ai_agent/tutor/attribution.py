"""Checks who said the words that an LLM quotes: they may be another learner's, or invented."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

MIN_SHARE = 0.6
"""Share of a sentence's words that the learner must have said. Not all, because LLMs leave out an "um" or
write a number as a word."""
_WORD = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|[^\W_]+")
"""Thai, Lao, Burmese, Khmer, Japanese and Chinese have no spaces between words: each letter counts as one."""


def is_attributable(sentence: str, own: str, others: Iterable[str] = ()) -> bool:
    """Whether most words of `sentence` are in `own`, and no text in `others` has more of them."""
    words = _words(sentence)
    share = _share(words, own)
    return share >= MIN_SHARE and all(_share(words, other) <= share for other in others)


def _share(words: Counter[str], text: str) -> float:
    total = words.total()
    return (words & _words(text)).total() / total if total else 0.0


def _words(text: str) -> Counter[str]:
    """Without case, tones and accents, which STT gets wrong and LLMs correct."""
    letters = unicodedata.normalize(
        "NFD", text.casefold().replace("đ", "d").replace("'", "").replace("’", "")
    )
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return Counter(_WORD.findall(unicodedata.normalize("NFC", plain)))
