"""Lines of the chat are cleaned, or refused."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from server.protocol.chat import MAX_CHAT_TEXT, SendChat, clean_chat


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("  hello  \t there ", "hello  there"),
        ("safe\u202eexe.cod\u202c", "safeexe.cod"),
        ("\u2066left\u2069", "left"),
        ("a" + "\u200b" * 300 + "b", "ab"),
        ("a" + "\u200d" * 300 + "b", "a\u200db"),
        ("Z" + "\u0335" * 40, "Z" + "\u0335" * 4),
        ("e\u0302\u0301", "ế"),
        ("a\r\nb\u2028c", "a\nb\nc"),
        ("a\n\n\n\n\n\nb", "a\n\nb"),
        ("\n".join("abcdefghijkl"), "a\nb\nc\nd\ne\nf\ng\nh\ni j k l"),
        ("bell\x07 null\x00 \x1b[31mred", "bell null [31mred"),
        ("lone \ud800 half", "lone  half"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👨\u200d👩\u200d👧 ☺️", "👨\u200d👩\u200d👧 ☺️"),
    ],
)
def test_what_hides_or_floods_is_removed_and_writing_stays(typed: str, shown: str) -> None:
    assert clean_chat(typed) == shown


@pytest.mark.parametrize("typed", ["", "  \n ", "\u200d\u200e", "\u3164", "\u0301\u0301", "\u2800 \u2800"])
def test_a_line_that_nobody_could_see_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        SendChat(text=typed)


def test_the_length_counts_after_cleaning() -> None:
    assert len(SendChat(text="x" * MAX_CHAT_TEXT + " " * 100).text) == MAX_CHAT_TEXT
    with pytest.raises(ValidationError):
        SendChat(text="x" * (MAX_CHAT_TEXT + 1))


@given(st.text(max_size=600))
def test_cleaning_twice_changes_nothing_and_leaves_no_controls(typed: str) -> None:
    once = clean_chat(typed)
    assert clean_chat(once) == once
    assert all(c == "\n" or unicodedata.category(c) not in {"Cc", "Cs", "Zl", "Zp"} for c in once)
    assert once.count("\n") <= 8


def test_no_long_run_of_marks_is_put_into_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would take longer than the server's other work may wait."""
    composed: list[str] = []

    def normalize(form: str, text: str) -> str:
        composed.append(text)
        return text

    monkeypatch.setattr(unicodedata, "normalize", normalize)
    clean_chat("a" + "\u0f73" * 4_000 + "b" + "\u0345\u0334" * 1_000)
    assert composed == ["a" + "\u0f73" * 30]
