"""A word that a learner asks about or that the tutor explains, for their list, whichever engine answers.

Only questions that name an English word and clearly ask for its meaning, or for the English of a Vietnamese
word, count: a list with words that nobody asked about would be of no use.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ai_agent.tutor.words.dictionary import look_up
from ai_agent.tutor.words.glossary import to_english

MAX_LETTERS = 40
_ASKED = r"[\"'“”‘’]?(?P<word>[a-z][a-z-]*(?: [a-z][a-z-]*){0,2}?)[\"'“”‘’]?"
_MEANING = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\bwhat(?:'s| is)? (?:does |do |is |dose )?(?:the )?(?:word |phrase )?{_ASKED} means?\b",
        rf"\bwhat (?:do you )?means? (?:by )?(?:the )?(?:word )?{_ASKED}$",
        rf"\b(?:the )?(?:meaning|definition) of (?:the )?(?:word )?{_ASKED}$",
        rf"^{_ASKED} (?:means?|is) what$",
        rf"\b(?:know|understand|explain) (?:me )?(?:the|this|that) word {_ASKED}$",
        rf"^(?:the )?(?:word )?{_ASKED} (?:nghĩa )?(?:là gì|nghia la gi|la gi)$",
    )
)
_ENGLISH_FOR = re.compile(
    r"\bhow (?:do|can|to|should|would) (?:i |you |we )?(?:say|call) "
    r"[\"'“]?(?P<word>[^\"'”?]{1,40}?)[\"'”]? in english",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:a|an|the|to) (?=\S)")
_POINTING = re.compile(
    r"(?:and|he|her|his|how|i|in|is|it|my|of|one|our|she|so|that|the|their|these|they|this|those|we|what|which"
    r"|who|why|you|your)\b"
)
_EXPLAINED = re.compile(
    r"[\"“](?P<word>[A-Za-z][A-Za-z-]*(?: [A-Za-z-]+){0,2})[\"”] means (?P<meaning>[^.?!\"“”]{3,200})"
)
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+")


@dataclass(frozen=True, slots=True)
class LookedUp:
    """`meaning`: empty if the dictionary has none. `sentence`: of the tutor, in which the word occurred; may
    be empty."""

    word: str
    meaning: str
    sentence: str


def asked_word(text: str) -> str | None:
    """Return what the last sentence asks about, in English or Vietnamese; None if it asks about no word.
    Pure."""
    sentences = [part for part in _SENTENCE_END.split(text.strip()) if part]
    last = sentences[-1].rstrip(" .?!") if sentences else ""
    found = _ENGLISH_FOR.search(last)
    matches = [found] if found else [match for pattern in _MEANING if (match := pattern.search(last))]
    for match in matches:
        word = _ARTICLE.sub("", match["word"].strip(" -").lower())
        if word and len(word) <= MAX_LETTERS and not _POINTING.match(word):
            return word
    return None


def looked_up(word: str, told: Sequence[str]) -> LookedUp | None:
    """The English word with its meaning. `told`: what the tutor has said, oldest first. None if the word is
    neither in the dictionary nor in the tutor's words. Reads the dictionary from a file at the first call."""
    pairs = to_english(word) if not look_up(word) else ()
    if pairs:
        return LookedUp(pairs[0].word, pairs[0].meaning or word, "")
    entries = look_up(word)
    sentence = _sentence_with(word, told)
    if not entries:
        return LookedUp(word, "", sentence) if sentence else None
    return LookedUp(word, entries[0].definition, sentence)


def explained(text: str) -> LookedUp | None:
    """The first word that the tutor explains as `"Queue" means a line of people`. Pure."""
    found = _EXPLAINED.search(text)
    word = found["word"].lower() if found else ""
    if found is None or len(word) > MAX_LETTERS or _POINTING.match(word):
        return None
    return LookedUp(word, found["meaning"].strip(), "")


def _sentence_with(word: str, told: Sequence[str]) -> str:
    """The newest sentence of the tutor with the word, if it is not about the word itself."""
    wanted = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])", re.IGNORECASE)
    for text in reversed(told):
        for sentence in _SENTENCE_END.split(text):
            if wanted.search(sentence) and " means " not in sentence:
                return sentence.strip()
    return ""
