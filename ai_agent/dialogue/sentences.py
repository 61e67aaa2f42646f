"""Splits a stream of text into sentences for the speech engine, the first as early as possible. Pure."""

from __future__ import annotations

import re

# A sentence's end is followed by space. "Mr. Brown", "e.g. this", "3.5" and initials do not end one.
_END = re.compile(r"[.!?…]+[\"')\]]*(?=\s)|\n+|[。！？]+")
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|st|vs|etc|e\.g|i\.e|no|a\.m|p\.m)|\b[a-z])\.$", re.IGNORECASE
)
_COMMA = re.compile(r"[,;:\u2013\u2014]\s")
MIN_CHARS = 12
"""Shorter sentences ("Oh!") are joined to the next: engines speak a lone word badly, and each call costs."""
FIRST_CLAUSE_CHARS = 60
"""A first sentence longer than this is split after its first comma."""
MAX_CHARS = 300
"""Text without an end of sentence is split here, between words."""


class Sentences:
    """The pieces that `feed` and `finish` return add up to the text, spaces included."""

    def __init__(self) -> None:
        self._buffer = ""
        self._is_first = True

    def feed(self, delta: str) -> list[str]:
        self._buffer += delta
        pieces: list[str] = []
        while (cut := self._cut()) > 0:
            pieces.append(self._buffer[:cut])
            self._buffer = self._buffer[cut:]
            self._is_first = False
        return pieces

    def finish(self) -> list[str]:
        rest, self._buffer = self._buffer, ""
        return [rest] if rest.strip() else []

    def _cut(self) -> int:
        for match in _END.finditer(self._buffer):
            end = match.end()
            sentence = self._buffer[:end]
            if len(sentence.strip()) >= MIN_CHARS and not _ABBREVIATION.search(sentence):
                return end
        if self._is_first and len(self._buffer) > FIRST_CLAUSE_CHARS:
            for match in _COMMA.finditer(self._buffer):
                if match.end() >= MIN_CHARS:
                    return match.end()
        if len(self._buffer) > MAX_CHARS:
            return self._buffer.rfind(" ", 1, MAX_CHARS) + 1 or MAX_CHARS
        return 0
