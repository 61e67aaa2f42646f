"""Texts that are stored as they are."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from server.protocol.accounts import MailAddress
from server.protocol.base import LongText, ShortText, long_text, short_text
from server.protocol.tutor import SpokenText


@pytest.mark.parametrize("kind", [LongText, ShortText, SpokenText])
def test_no_text_has_a_nul_which_postgresql_cannot_store(kind: type[str]) -> None:
    texts = TypeAdapter(kind)
    assert texts.validate_python("a\nb") == "a\nb"
    with pytest.raises(ValidationError):
        texts.validate_python("a\0b")


def test_a_mail_address_has_no_control_characters() -> None:
    addresses = TypeAdapter(MailAddress)
    assert addresses.validate_python("ann@mail.example") == "ann@mail.example"
    for address in ("a\0nn@mail.example", "ann@ma\x1bil.example"):
        with pytest.raises(ValidationError):
            addresses.validate_python(address)


@pytest.mark.parametrize("sendable", [long_text, short_text])
def test_what_an_engine_wrote_becomes_such_a_text(sendable: object) -> None:
    assert callable(sendable)
    assert sendable("a\0b\ud800") == "ab?"
