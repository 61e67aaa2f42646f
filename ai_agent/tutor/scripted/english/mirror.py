"""Turns a learner's English sentence round: "i went with my sister" -> "you went with your sister".

It shows learners that they were understood, and repeats a corrected sentence in its correct form.
"""

from __future__ import annotations

import re
from itertools import pairwise

from ai_agent.tutor.words import dictionary
from ai_agent.tutor.words.forms import past_forms

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
_UNSURE = re.compile(
    r"\b(?:go|goes|going|went|gone) (?!to|home|there|here|out|back|on|with|by|in|into|for|abroad|and|away"
    r"|up|down|through|together|alone|around|\w+ing\b)"
    r"|\bto (?:mall|market|park|cinema|hospital|beach|restaurant|supermarket|station|airport|shop|office"
    r"|city|gym)\b"
)
"""A preposition or an article is missing, which the corrector does not mend."""
_NAMES = re.compile(
    r"\b((?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|april|june|july|august|september"
    r"|october|november|december|english|vietnamese|french|german|spanish|chinese|japanese)\b"
)
_JOINED = re.compile(r"\b(?:and|or|then|when|that)\b")
_LAUGHS = re.compile(r"(?:ha){2,}|(?:he){2,}|\blol\b|(?:ja){2,}|\bkk+\b")
_MAX_WORDS = 14
_MIN_WORDS = 4
_WORD = re.compile(r"[\w'’-]+")


def mirrored(sentence: str) -> str | None:
    """The sentence in the second person, in lower case except for names, without a full stop. None if it is
    not a plain short statement about the learner, because a wrong sentence is worse than none.
    """
    words = _WORD.findall(sentence.replace("’", "'"))
    lowered = [word.lower() for word in words]
    if "?" in sentence or "," in sentence or not _MIN_WORDS <= len(words) <= _MAX_WORDS:
        return None
    text = " ".join(lowered)
    if sum(word in ("i", "we") for word in lowered) > 1 and not _JOINED.search(text):
        return None  # two sentences in one, of which the corrector mended one
    if _LAUGHS.search(text) or _disagrees(lowered):
        return None
    if not _START.match(text) or _UNCLEAR.search(text) or _UNSURE.search(text) or _repeats(lowered):
        return None
    turned = []
    for at, (word, low) in enumerate(zip(words, lowered, strict=True)):
        before = lowered[at - 1] if at else ""
        if low in _AFTER_I and before == "i":
            turned.append(_AFTER_I[low])
        else:
            turned.append(_TURNED.get(low, word if at and word[0].isupper() else low))
    return with_capitals(" ".join(turned))


def _disagrees(words: list[str]) -> bool:
    """Whether a verb without -s follows one person: "my son vomit". The corrector mends it only where it is
    sure of the tense.
    """
    for before, noun, verb in zip(words, words[1:], words[2:], strict=False):
        is_one = before == "my" and dictionary.kind_of(noun) in {"kin", "person"} and not noun.endswith("s")
        is_base = any(entry.part == "v" and entry.word == verb for entry in dictionary.look_up(verb))
        if is_one and is_base and verb not in past_forms(verb):
            return True
    return False


def with_capitals(text: str) -> str:
    """With capitals for days, months and languages."""
    return _NAMES.sub(lambda name: name[0].capitalize(), text)


def _repeats(words: list[str]) -> bool:
    """Whether a word or a pair of words is repeated, by STT or by a speaker who searches for words."""
    pairs = list(pairwise(words))
    return any(a == b for a, b in pairs) or len(set(pairs)) < len(pairs)
