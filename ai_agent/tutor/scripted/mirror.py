"""A learner's English sentence said back to them: "i went there with my sister" -> "you went there with your
sister". Learners hear that they were understood, and hear it said rightly where a correction went before."""

from __future__ import annotations

import re
from itertools import pairwise

_TURNED = {
    "i": "you",
    "me": "you",
    "my": "your",
    "mine": "yours",
    "myself": "yourself",
    "we": "you",
    "us": "you",
    "our": "your",
    "ours": "yours",
    "i'm": "you're",
    "i've": "you've",
    "i'd": "you'd",
    "i'll": "you'll",
    "we're": "you're",
    "we've": "you've",
    "we'd": "you'd",
    "we'll": "you'll",
}
_AFTER_I = {"am": "are", "was": "were", "wasn't": "weren't"}
_START = re.compile(r"(?:(?:yesterday|today|last \w+|every \w+|sometimes|usually) )?(i|we|my|our)\b")
_UNCLEAR = re.compile(r"\b(you|your|yours|what|who|why|how|where|when|which|if|because|but|so|although)\b")
_NAMES = re.compile(
    r"\b((?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|april|june|july|august|september"
    r"|october|november|december|english|vietnamese|french|german|spanish|chinese|japanese)\b"
)
_MAX_WORDS = 14
_MIN_WORDS = 4
_WORD = re.compile(r"[\w'’-]+")


def mirrored(sentence: str) -> str | None:
    """The sentence turned round, in lower case but for its names, without a full stop; None where it is not a
    plain short statement about the learner, since a wrong mirror is worse than none."""
    words = _WORD.findall(sentence.replace("’", "'"))
    lowered = [word.lower() for word in words]
    if "?" in sentence or not _MIN_WORDS <= len(words) <= _MAX_WORDS:
        return None
    text = " ".join(lowered)
    if not _START.match(text) or _UNCLEAR.search(text) or _repeats(lowered):
        return None
    turned = []
    for at, (word, low) in enumerate(zip(words, lowered, strict=True)):
        before = lowered[at - 1] if at else ""
        if low in _AFTER_I and before == "i":
            turned.append(_AFTER_I[low])
        else:
            turned.append(_TURNED.get(low, word if at and word[0].isupper() else low))
    return _NAMES.sub(lambda name: name[0].capitalize(), " ".join(turned))


def _repeats(words: list[str]) -> bool:
    """Recognisers, and people who search for words, say words or pairs of words twice."""
    pairs = list(pairwise(words))
    return any(a == b for a, b in pairs) or len(set(pairs)) < len(pairs)
