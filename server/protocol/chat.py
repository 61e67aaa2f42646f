"""Text chat and reactions in a room. The events are in `rooms`. Both go to people only, not to the tutor.

A line is plain text. What could break the page or hide words is removed from it before its length counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from server.protocol.base import (
    Id,
    Inbound,
    Outbound,
    Timestamp,
    is_invisible,
    visible,
)

MAX_CHAT_TEXT: Final = 500
_MAX_RAW = 4_000
"""Longer text is cut before it is cleaned: the work is bounded, whatever is sent."""
_MAX_BREAKS = 8
"""Line breaks of one message; further ones become spaces, so that nobody fills the others' windows."""
_MAX_MARKS = 4
"""Combining marks on one letter. Vietnamese has two, Thai three; more are used to draw over other lines."""
_MAX_RUN = 30
"""Marks in a row that are composed (UAX #15 section 13, Stream-Safe Text): putting n of them into order takes
about n² steps."""
_JOINERS = frozenset("\u200c\u200d\u200e\u200f\u061c")
"""Scripts of Persian and Hindi, emoji, and mixed directions need these; one at a time."""


def clean_chat(text: str) -> str:
    """The text without control characters, bidirectional overrides, floods of zero-width characters, of marks
    and of line breaks; trimmed, and composed (NFC)."""
    breaks = re.sub(r"\r\n?|[\u0085\u2028\u2029]", "\n", text[:_MAX_RAW])
    kept = "".join(_kept(unicodedata.normalize("NFC", "".join(_without_long_runs(breaks)))))
    lines = [re.sub(r" {3,}", "  ", line).strip() for line in re.sub(r"\n{3,}", "\n\n", kept).split("\n")]
    first, rest = lines[: _MAX_BREAKS + 1], lines[_MAX_BREAKS + 1 :]
    return " ".join(part for part in ("\n".join(first).strip(), " ".join(rest).strip()) if part)


def _without_long_runs(text: str) -> Iterator[str]:
    run = 0
    for character in text:
        run = run + 1 if unicodedata.category(character)[0] == "M" else 0
        if run <= _MAX_RUN:
            yield character


def _kept(text: str) -> Iterator[str]:
    marks, after_joiner = 0, True
    for character in text:
        category = unicodedata.category(character)
        if character == "\n":
            marks, after_joiner = 0, True
            yield character
        elif character == "\t" or category == "Zs":
            marks = 0
            yield " "
        elif character in _JOINERS:
            if not after_joiner:
                yield character
            after_joiner = True
        elif category in {"Mn", "Me"}:
            marks += 1
            if marks <= _MAX_MARKS:
                yield character
        elif not is_invisible(character):
            marks, after_joiner = 0, False
            yield character


def _cleaned(value: object) -> object:
    return clean_chat(value) if isinstance(value, str) else value


ChatText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_CHAT_TEXT),
    BeforeValidator(_cleaned),
    AfterValidator(visible),
]
"""Plain text of at most 500 characters after `clean_chat`."""


class Reaction(StrEnum):
    """`lost`: "I do not follow"."""

    LIKE = "like"
    BRAVO = "bravo"
    HEART = "heart"
    LAUGH = "laugh"
    WOW = "wow"
    LOST = "lost"


# Client -> server


class SendChat(Inbound):
    text: ChatText


class DeleteChat(Inbound):
    line_id: Id


class React(Inbound):
    reaction: Annotated[Reaction, Field(strict=False)]


# Parts of events and snapshots


class ChatLine(Outbound):
    """`name` is the author's at that time; they may have left. `participant_id` names the seat that they had.
    Links in `text` are plain text unless the room's `links_allowed`."""

    id: Id
    participant_id: Id
    user_id: Id
    name: str
    text: str
    at: Timestamp
