"""Names of people and rooms, tags and topics."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from server.protocol.base import PersonName, RoomName, Tag, Topic

NAMES: list[TypeAdapter[str]] = [TypeAdapter(t) for t in (PersonName, RoomName, Tag, Topic)]


@pytest.mark.parametrize("names", NAMES)
@pytest.mark.parametrize(
    "text",
    [
        *("\u200b", " \u2060\u200d ", "\u3164", "\u115f", "\uffa0", "\u2800", "\U0001d159", "\ufffc"),
        *("\ufe0f", "\u034f", "\u00ad", "\U000e0041", "\u2800 \u200b\u3164"),
        *("a\u202eb", "\u2066a", "a\u2028b", "a\x00"),
    ],
)
def test_invisible_names_and_names_with_control_characters_are_refused(
    names: TypeAdapter[str], text: str
) -> None:
    with pytest.raises(ValidationError):
        names.validate_python(text)


@pytest.mark.parametrize("names", NAMES)
@pytest.mark.parametrize("text", ["Ann", "Nguyễn Thị Đào", "李雷", "محمد", "👩‍💻", "किरण", "🇻🇳"])
def test_names_in_every_script_are_accepted(names: TypeAdapter[str], text: str) -> None:
    assert names.validate_python(f" {text} ") == (text.lower() if names is NAMES[2] else text)


def test_a_topic_may_be_empty() -> None:
    assert TypeAdapter(Topic).validate_python("  ") == ""
