"""Cuts the text of a class into the sentences that are spoken one by one."""

from __future__ import annotations

import re

MAX_SENTENCE = 300
"""Characters. A longer one is cut at a comma or a space: a learner cannot interrupt within it politely."""
_ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|No|e\.g|i\.e|etc|vs|a\.m|p\.m)\.$", re.IGNORECASE)
_END = re.compile(r"[.!?…。！？]+[\"'”’)\]]*(?=\s|$)")


def sentences_of(paragraph: str) -> list[str]:
    """A full stop inside quotation marks ends a sentence, one of an abbreviation does not."""
    text = " ".join(paragraph.split())
    found: list[str] = []
    begin = 0
    for end in _END.finditer(text):
        sentence = text[begin : end.end()].strip()
        follows = text[end.end() :].lstrip()
        if _ABBREVIATION.search(sentence) or follows[:1].islower():
            continue
        found += _bounded(sentence)
        begin = end.end()
    rest = text[begin:].strip()
    return found + (_bounded(rest) if rest else [])


def _bounded(sentence: str) -> list[str]:
    parts: list[str] = []
    while len(sentence) > MAX_SENTENCE:
        at = max(sentence.rfind(sign, 0, MAX_SENTENCE) + 1 for sign in (",", ";", " "))
        at = at if at > 0 else MAX_SENTENCE
        parts.append(sentence[:at].strip())
        sentence = sentence[at:].strip()
    return [*parts, sentence] if sentence else parts
