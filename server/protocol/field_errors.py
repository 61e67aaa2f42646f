"""Names the wrong fields of a message: a code that clients translate, and our own text for it.

pydantic's texts are never sent: they are written for programmers and change with its version.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from server.protocol.base import CONTROL_CHARACTERS, INVISIBLE
from server.protocol.rest import FieldError, FieldErrorCode

_MAX_ERRORS = 20
_MAX_PATH = 100
_Reason = tuple[FieldErrorCode, str]
_REASONS: Mapping[str, _Reason] = {
    "missing": ("required", "is required"),
    "extra_forbidden": ("unknown", "is not a field of this message"),
    "string_too_long": ("too_long", "must have at most {max_length} characters"),
    "string_too_short": ("too_short", "must have at least {min_length} characters"),
    "too_long": ("too_long", "must have at most {max_length} items"),
    "too_short": ("too_short", "must have at least {min_length} items"),
    "greater_than_equal": ("out_of_range", "must be at least {ge}"),
    "greater_than": ("out_of_range", "must be greater than {gt}"),
    "less_than_equal": ("out_of_range", "must be at most {le}"),
    "less_than": ("out_of_range", "must be less than {lt}"),
    INVISIBLE: ("invisible", "must contain a visible character"),
    CONTROL_CHARACTERS: ("control_characters", "must not contain control characters"),
}
_OTHER: _Reason = ("invalid", "is not a valid value")


def wrong_field(path: str, message: str, code: FieldErrorCode = "invalid") -> dict[str, object]:
    """One entry of a problem's `errors`."""
    return FieldError(path=path[:_MAX_PATH], code=code, message=message).wire()


def wrong_fields(error: ValidationError) -> list[dict[str, object]]:
    """The problem's `errors`: path and reason of each field, never the value that the client sent."""
    found = error.errors(include_url=False, include_input=False)[:_MAX_ERRORS]
    return [_wrong_field(each["loc"], each["type"], each.get("ctx", {})) for each in found]


def _wrong_field(place: tuple[int | str, ...], kind: str, limits: Mapping[str, Any]) -> dict[str, object]:
    code, text = _REASONS.get(kind, _OTHER)
    return wrong_field(".".join(str(part)[:64] for part in place), text.format_map(limits), code)
