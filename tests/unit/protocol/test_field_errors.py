"""Clients are told which field is wrong."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from pydantic import ValidationError

from server.protocol.field_errors import wrong_fields
from server.protocol.rest import CreateRoom, FieldErrorCode, GuestRequest

_OURS = re.compile(r"(is|must) [a-z0-9 ]+")
_GOOD = {"name": "Coffee", "level": "B1"}


@pytest.mark.parametrize(
    ("changes", "path", "code", "message"),
    [
        ({"name": "\u2800"}, "name", "invisible", "must contain a visible character"),
        ({"name": "a\u202eb"}, "name", "control_characters", "must not contain control characters"),
        ({"name": ""}, "name", "too_short", "must have at least 1 characters"),
        ({"name": "a" * 61}, "name", "too_long", "must have at most 60 characters"),
        ({"name": 1}, "name", "invalid", "is not a valid value"),
        ({"topic": "\u200b"}, "topic", "invisible", "must contain a visible character"),
        ({"tags": ["a", "\U0001d159"]}, "tags.1", "invisible", "must contain a visible character"),
        ({"tags": list("abcdef")}, "tags", "too_long", "must have at most 5 items"),
        ({"level": "Z9"}, "level", "invalid", "is not a valid value"),
        ({"maxParticipants": 1}, "maxParticipants", "out_of_range", "must be at least 2"),
        ({"maxParticipants": 13}, "maxParticipants", "out_of_range", "must be at most 12"),
        ({"language": "English"}, "language", "invalid", "is not a valid value"),
        ({"colour": 1}, "colour", "unknown", "is not a field of this message"),
    ],
)
def test_each_wrong_field_has_its_path_a_code_and_a_text_of_ours(
    changes: dict[str, object], path: str, code: str, message: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        CreateRoom.model_validate({**_GOOD, **changes}, strict=False)
    assert wrong_fields(caught.value) == [{"path": path, "code": code, "message": message}]
    assert code in get_args(FieldErrorCode)
    assert _OURS.fullmatch(message)


def test_a_missing_field_is_required() -> None:
    with pytest.raises(ValidationError) as caught:
        GuestRequest.model_validate({})
    assert wrong_fields(caught.value) == [{"path": "name", "code": "required", "message": "is required"}]


def test_long_input_of_the_client_is_not_repeated_in_errors() -> None:
    with pytest.raises(ValidationError) as caught:
        GuestRequest.model_validate({"name": "Ann", **{f"{'x' * 500}{i}": 1 for i in range(50)}})
    errors = wrong_fields(caught.value)
    assert len(errors) == 20
    assert all(len(str(error["path"])) <= 100 for error in errors)
