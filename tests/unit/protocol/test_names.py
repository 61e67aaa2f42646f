"""What people may call themselves and their rooms."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from server.protocol.base import PersonName, RoomName

NAMES: list[TypeAdapter[str]] = [TypeAdapter(PersonName), TypeAdapter(RoomName)]


@pytest.mark.parametrize("names", NAMES)
@pytest.mark.parametrize(
    "text", ["\u200b", " \u2060\u200d ", "\u3164", "a\u202eb", "\u2066a", "a\u2028b", "a\x00"]
)
def test_a_name_that_cannot_be_seen_or_breaks_the_line_around_it_is_refused(
    names: TypeAdapter[str], text: str
) -> None:
    with pytest.raises(ValidationError):
        names.validate_python(text)


@pytest.mark.parametrize("names", NAMES)
@pytest.mark.parametrize("text", ["Ann", "Nguyễn Thị Đào", "李雷", "محمد", "👩‍💻", "किरण", "🇻🇳"])
def test_names_of_every_script_are_taken(names: TypeAdapter[str], text: str) -> None:
    assert names.validate_python(f" {text} ") == text
