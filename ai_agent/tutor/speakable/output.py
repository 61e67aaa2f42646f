"""Collects what a cleaner lets out: words with the right spaces, and where the answer ends."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from ai_agent.providers.ports import ToolCall

PUNCTUATION: Final = ".!?…,;:。！？、，"
_SENTENCE_END = re.compile(r"[.!?…。！？]+[\"'”’)]*$")
_ABBREVIATION = re.compile(r"^(?:mr|mrs|ms|dr|prof|st|vs|etc|e\.g|i\.e|no|a\.m|p\.m|[a-z])\.$", re.IGNORECASE)
_TAIL = 40
"""Characters kept of what went out: readers look at its end."""


@dataclass(frozen=True, slots=True)
class DroppedCall:
    """Something like a tool call that could not be understood."""


CleanPart = str | ToolCall | DroppedCall


@dataclass(slots=True)
class Output:
    """`link`: said in place of an address. `max_sentences`: what follows is dropped. `last`: the end of what
    went out. `at_line_start`: the text to be read begins a line. `is_over`: nothing is said any more."""

    link: str
    max_sentences: int | None = None
    last: str = ""
    at_line_start: bool = True
    is_over: bool = False
    _parts: list[CleanPart] = field(default_factory=list)
    _needs_stop: bool = False
    _sentences: int = 0
    _words: int = 0

    def take(self) -> list[CleanPart]:
        """Return what has gone out since the last call."""
        parts, self._parts = self._parts, []
        return parts

    @property
    def last_char(self) -> str:
        """The last character that went out, blanks apart; empty if there is none."""
        return self.last.rstrip()[-1:]

    def add(self, *parts: ToolCall | DroppedCall) -> None:
        """Let out what is not spoken."""
        self._parts.extend(parts)

    def space(self) -> None:
        """Separate the next word from the last one."""
        if self.last and not self._needs_stop and not self.last.endswith(" "):
            self.emit(" ")

    def say(self, word: str) -> None:
        """Let a word out. A line that ended without punctuation gets its full stop first."""
        if not word:
            return
        if self._needs_stop:
            self._needs_stop = False
            self._end_sentence()
            self.emit(". ")
        self.emit(word)
        self._words += 1
        if _SENTENCE_END.search(word) and not _ABBREVIATION.match(word):
            self._end_sentence()

    def end_line(self) -> None:
        """The text to be read is on a new line."""
        if self.last_char and self.last_char not in PUNCTUATION:
            self._needs_stop = True
        else:
            self.space()
        self.at_line_start = True

    def emit(self, text: str) -> None:
        """Let text out as it is."""
        if self.is_over:
            return
        if self._parts and isinstance(self._parts[-1], str):
            self._parts[-1] += text
        else:
            self._parts.append(text)
        self.last = (self.last + text)[-_TAIL:]

    def _end_sentence(self) -> None:
        self._sentences += self._words > 1  # "Oh!" and "Great!" alone are no sentences
        self._words = 0
        self.is_over = self.is_over or self._sentences == self.max_sentences
