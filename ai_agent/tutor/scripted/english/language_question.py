"""Explicit questions about the language, wherever they stand in a turn: `Okay, I forgot it! Then a word: what
does "bargain" mean?` Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ai_agent.tutor.scripted.english.talk import sentences_of

_WORD = r'"?(?P<word>[^\W\d_][\w\'-]*(?: [\w\'-]+){0,3}?)"?'
_END = r'(?=\s*(?:$|[?.!,;:"]|\b(?:in|please|then|again|for me|or is|is it)\b))'
_PATTERNS = (
    # patterns in lower case with straight quotes; the sentence that the table of intents knows
    (
        r"\bwhat(?:'s|s)? (?:does |do |did |is |dose )?(?:the |that |this )?(?:word |phrase |expression )?"
        rf"{_WORD} (?:(?:really|exactly|actually) )?(?:means?|meaning)\b",
        "what does {word} mean",
    ),
    (
        rf"\bwhat (?:is |does |do )?(?:means?|(?:is )?the meaning of) (?:the )?(?:word )?{_WORD}{_END}",
        "what does {word} mean",
    ),
    (
        r'\b(?:is|if|whether) (?:the )?(?:word )?"(?P<word>[^"]{2,40})" (?:is )?(?:a |an )?'
        r"(?:good|bad|rude|polite|formal|informal|positive|negative)\b(?: or| word|$)",
        "what does {word} mean",
    ),
    (
        rf"\b(?:meaning|definition) of (?:the )?(?:word |phrase )?{_WORD}{_END}",
        "what does {word} mean",
    ),
    (
        r"\b(?:how (?:do|can|would|should|to) ?(?:you|i|we|people)? ?)?(?:say|use|put) (?:the word )?"
        rf"{_WORD} in an? (?:\w+ )?sentence\b",
        "give me a sentence with {word}",
    ),
    (
        rf"\b(?:sentences?|examples?) (?:with|using|of|for the word) (?:the )?(?:word )?{_WORD}{_END}",
        "give me a sentence with {word}",
    ),
    (r'\bis "(?P<word>[^"]{4,120}?)[.!]?" (?:correct|right|good|ok|okay)\b', "is {word} correct"),
    (
        r"\b(?:say|teach|tell|give|learn|show)\b[^.?!]{0,15}\b(?:new|another|one|useful) (?:english )?word\b",
        "teach me a new word",
    ),
    (
        r"\bin english ?[:,] ?\"?(?P<word>[^\"?]{2,40}?)\"?$",
        "how do you say {word} in english",
    ),
    (
        r"\b(?:which|what|how many) (?:mistakes?|errors?) (?:did i|have i|do i|i (?:made|make|did))\b"
        r"|\b(?:what|how) about (?:the|my) (?:\w+ )?(?:mistakes?|errors?)\b"
        r"|\b(?:did|have) i (?:say|said|do|done) (?:something|anything) (?:wrong|wrongly|incorrect)\b"
        r"|\b(?:did|have) i (?:make|made) (?:any |many |some |a lot of )?(?:mistakes|errors)\b"
        r"|\bwhat (?:were|are|was) my (?:mistakes?|errors?)\b"
        r"|\b(?:tell|show|give) me (?:the|all|all the) (?:\w+ )?(?:mistakes|errors)\b"
        r"|\b(?:are|were) (?:all )?my (?:sentences|answers|phrases) (?:all )?(?:correct|right|ok|okay|good)\b"
        r"|\b(?:tell me|show me|give me|correct|list|name|check) (?:\w+ )?my (?:\w+ )?(?:mistakes|errors)\b",
        "which mistakes did i make",
    ),
)
_COMPILED = tuple((re.compile(pattern), means) for pattern, means in _PATTERNS)
_ASKS = re.compile(
    r"\?\W*$|^\W*(?:tell|give|teach|explain|show|say|use)\b|\bplease\b|\b(?:can|could|would|will) you\b"
    r"|\byou (?:didn't|did not|don't) (?:tell|say|answer|explain)\b"
    r"|\bi (?:want|need|asked|would like|'d like|ask|mean)\b"
    r"|\b(?:what|how|which) (?:does|do|is|means?|mean|can|did|about|mistakes?)\b|\bwhat's\b"
)
_POINTING = frozenset({"it", "this", "that", "they", "the word", "this word", "that word", "the"})
_NOT_WORDS = re.compile(r"(?:you|he|she|we|i|your|my|his|her|their|our|is|are|do|does|did)\b")
_QUOTED = re.compile(r'(?<!\w)"([^"]{2,40})"')
_NAMED = re.compile(r"\bthe word ([^\W\d_][\w'-]+)")


def asked_in(said: str) -> list[str]:
    """The questions about language in a turn, each as one plain sentence that the intents know."""
    text = _straight(said)
    found = [
        means for sentence in sentences_of(text) if _ASKS.search(sentence) for means in _of(sentence, text)
    ]
    return list(dict.fromkeys(found))


def named_word(said: str) -> str:
    """The word that is quoted, or named "the word …"; empty: none."""
    text = _straight(said)
    match = _QUOTED.search(text) or _NAMED.search(text)
    return match[1].strip(" .!?") if match else ""


def _of(sentence: str, whole: str) -> Iterator[str]:
    for pattern, means in _COMPILED:
        for found in pattern.finditer(sentence.rstrip(" ?!.")):
            if "{word}" not in means:
                yield means
                break
            word = re.sub(r"^(?:the (?:word|phrase) |word )", "", found["word"].strip(' ."'))
            if word in _POINTING:
                word = named_word(whole)
            if "correct" in means and " " not in word:
                continue  # a pair of words, not of sentences
            if word and (not _NOT_WORDS.match(word) or "correct" in means):
                yield means.format(word=word)
                break


def _straight(said: str) -> str:
    """In lower case, with double quotes around quoted words and a plain apostrophe."""
    text = re.sub("[“”„]", '"', re.sub("[’‘]", "'", said.lower()))
    return re.sub(r"(?<!\w)'([^'\"]{2,60}?)'(?!\w)", r'"\1"', text)
