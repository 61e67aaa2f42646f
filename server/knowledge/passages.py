"""Cuts a document's text into passages: some sentences that belong together, each with its headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

TARGET = 700
"""Characters. A passage is read aloud or quoted, and several go into a prompt."""
_LEAST = 200
_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])[\"'”’)\]]*\s+")


@dataclass(slots=True)
class Section:
    """Paragraphs under the same headings. `heading` is empty before the first one."""

    heading: str
    paragraphs: list[str] = field(default_factory=list)


def cut(sections: Iterable[Section]) -> Iterator[tuple[str, str]]:
    """The headings and the text of each passage. A passage never crosses a heading, and ends between
    sentences unless a sentence is longer than TARGET."""
    for section in sections:
        for text in _joined(piece for paragraph in section.paragraphs for piece in _pieces(paragraph)):
            yield section.heading, text


def _joined(pieces: Iterable[str]) -> Iterator[str]:
    """Short pieces together, up to TARGET characters; a short rest goes to the one before, unless that has
    had one already: a list of words is all short pieces."""
    texts: list[str] = []
    for piece in pieces:
        before = len(texts[-1]) if texts else TARGET + 1
        if before + len(piece) < TARGET or (before <= TARGET and len(piece) < _LEAST / 2):
            texts[-1] = f"{texts[-1]}\n{piece}"
        else:
            texts.append(piece)
    yield from texts


def _pieces(paragraph: str) -> Iterator[str]:
    """The paragraph, or parts of it of at most TARGET characters."""
    text = " ".join(paragraph.split())
    if not text:
        return
    part = ""
    for sentence in _SENTENCE_END.split(text):
        if part and len(part) + 1 + len(sentence) > TARGET:
            yield part
            part = ""
        part = f"{part} {sentence}" if part else sentence
        while len(part) > TARGET:
            at = part.rfind(" ", _LEAST, TARGET)
            at = at if at > 0 else TARGET
            yield part[:at]
            part = part[at:].lstrip()
    if part:
        yield part
