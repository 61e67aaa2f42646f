"""Cursors of pages."""

from __future__ import annotations

import base64

import pytest

from server.common.cursors import cursor_of, position_in


@pytest.mark.parametrize("at", [0.0, 1_800_000_000.123456, -1.5])
def test_a_cursor_names_its_place(at: float) -> None:
    assert position_in(cursor_of(at, "a-Row_1")) == (at, "a-Row_1")


@pytest.mark.parametrize(
    "text",
    [b"", b"1.0", b"1.0 ", b"nan a", b"1e999 a", b"1.0 a\0", b"1.0 a b", b"x a", b"1.0 \xff"],
)
def test_other_cursors_are_refused(text: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - callers catch all of them
        position_in(base64.urlsafe_b64encode(text).decode())


@pytest.mark.parametrize("cursor", ["", "=", "A", "\ud800", "é"])
def test_texts_that_are_no_cursors_are_refused(cursor: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - callers catch all of them
        position_in(cursor)
