"""Base classes and field types of all wire messages: camelCase names, strict types, no unknown fields."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError


class Inbound(BaseModel):
    """A message that a client sends. Unknown fields are refused, so that a misspelt option is an error."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, strict=True, extra="forbid", frozen=True
    )


class Outbound(BaseModel):
    """A message that the server sends. Serialise with `wire()`; readers must ignore unknown fields."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        frozen=True,
        json_schema_serialization_defaults_required=True,
    )

    def wire(self) -> dict[str, object]:
        return self.model_dump(mode="json", by_alias=True)


class Part(BaseModel):
    """Fields that messages of both directions share, and values that the domain keeps as they are.

    A message names its direction first: `class ShowText(JobMessage, TutorTextPart)` refuses unknown fields as
    every inbound message does.
    """

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        strict=True,
        frozen=True,
        json_schema_serialization_defaults_required=True,
    )

    @classmethod
    def fields_of(cls, message: BaseModel) -> dict[str, Any]:
        """This part's fields in a message that contains it, as arguments for another such message."""
        return {name: getattr(message, name) for name in cls.model_fields}


INVISIBLE: Final = "invisible"
CONTROL_CHARACTERS: Final = "control_characters"
"""Types of validation errors. Their texts for clients are in `field_errors.py`."""

_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They also reverse the text that follows a name (Unicode TR 36 section 2.4)."""
_BLANK = frozenset(
    "\u115f\u1160\u3164\uffa0"  # Hangul fillers
    "\u2800"  # Braille pattern without dots
    "\U0001d159"  # musical null notehead
    "\ufffc"  # replaces an object that is not in the text
    "\u034f\u17b4\u17b5\u180b\u180c\u180d\u180f"  # grapheme joiner, Khmer vowels, Mongolian selectors
    + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))  # variation selectors
)
"""Letters, symbols and marks by category that have no shape of their own."""


def is_invisible(character: str) -> bool:
    """Whether the character has no shape: spaces, joiners, controls, and blank letters and symbols."""
    return character in _BLANK or unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"}


def printable(value: str) -> str:
    """Refuse control and format-breaking characters, because names are shown to other people."""
    if any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} or c in _BIDI_CONTROLS for c in value):
        raise PydanticCustomError(CONTROL_CHARACTERS, "must not contain control characters")
    return value


def visible(value: str) -> str:
    """Refuse a name of spaces, joiners and blank symbols alone, which nobody could see."""
    if not any(unicodedata.category(c)[0] in "LNPS" and not is_invisible(c) for c in value):
        raise PydanticCustomError(INVISIBLE, "must contain a visible character")
    return value


def storable(value: str) -> str:
    """Refuse NUL, which PostgreSQL stores in no text."""
    if "\0" in value:
        raise PydanticCustomError(CONTROL_CHARACTERS, "must not contain control characters")
    return value


def _visible_or_empty(value: str) -> str:
    return visible(value) if value else value


def _invite_alone(value: object) -> object:
    """An invite without the rest of its link and what texts put around links, such as quotes and stops."""
    if not isinstance(value, str):
        return value
    seen = "".join(c for c in value.rpartition("invite=")[2] if unicodedata.category(c) != "Cf")
    found = re.search(r"[A-Za-z0-9_-]+", seen)
    return found[0] if found else value


def _known_zone(value: str) -> str:
    """Refuse a time zone that this machine's database (tzdata) does not have."""
    try:
        ZoneInfo(value)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise ValueError("is not a known time zone") from None
    return value


Timestamp = Annotated[
    datetime,
    PlainSerializer(lambda t: t.isoformat(timespec="milliseconds").replace("+00:00", "Z"), return_type=str),
]
"""UTC, ISO-8601, milliseconds, `Z`."""

Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Secret = Annotated[str, StringConstraints(min_length=16, max_length=128, pattern=r"^[A-Za-z0-9_.-]+$")]
CleanInvite = BeforeValidator(_invite_alone)
PersonName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=40),
    AfterValidator(printable),
    AfterValidator(visible),
]
RoomName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=60),
    AfterValidator(printable),
    AfterValidator(visible),
]
Topic = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=140),
    AfterValidator(printable),
    AfterValidator(_visible_or_empty),
]
Tag = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, min_length=1, max_length=24),
    AfterValidator(printable),
    AfterValidator(visible),
]
MAX_PARTICIPANTS: Final = 12
Chairs = Annotated[int, Field(ge=2, le=MAX_PARTICIPANTS)]
"""People that a room has place for, unless it is one to practise alone."""
LanguageTag = Annotated[
    str, StringConstraints(min_length=2, max_length=16, pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$")
]
"""BCP 47 language, script and region: `en`, `vi`, `zh-Hant`, `pt-BR`."""
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2."""
TimeZone = Annotated[
    str,
    StringConstraints(max_length=64, pattern=r"^[A-Z][A-Za-z0-9_+-]*(/[A-Z][A-Za-z0-9_+-]*){0,2}$"),
]
"""IANA time zone: `Asia/Ho_Chi_Minh`, `UTC`."""
KnownTimeZone = Annotated[TimeZone, AfterValidator(_known_zone)]
AvatarPath = Annotated[str, StringConstraints(max_length=120, pattern=r"^/api/avatars/[A-Za-z0-9_./-]+$")]
"""A path on our own origin, so that a client cannot make others load a URL of its choice."""
MAX_LONG_TEXT, MAX_SHORT_TEXT = 8_000, 1_000
LongText = Annotated[str, StringConstraints(max_length=MAX_LONG_TEXT), AfterValidator(storable)]
ShortText = Annotated[str, StringConstraints(max_length=MAX_SHORT_TEXT), AfterValidator(storable)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=80)]
SdpText = Annotated[str, StringConstraints(min_length=1, max_length=65_536)]


def long_text(text: str) -> str:
    """`text` as a LongText: cut, without NUL, with lone surrogates replaced, which UTF-8 cannot encode."""
    return _sendable(text, MAX_LONG_TEXT)


def short_text(text: str) -> str:
    """`text` as a ShortText, like `long_text`."""
    return _sendable(text, MAX_SHORT_TEXT)


def _sendable(text: str, limit: int) -> str:
    return text[:limit].replace("\0", "").encode("utf-8", "replace").decode()
