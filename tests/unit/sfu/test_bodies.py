"""Which body serves."""

from __future__ import annotations

import pytest

from server.errors import StartupError
from server.sfu import bodies
from server.sfu.fastpath.forwarder import FastForwarder, is_built
from server.sfu.forwarding import Forwarder


def test_the_extension_is_there_for_all_tests_of_it() -> None:
    assert is_built, "pip install -e . builds it; it needs a C compiler and Python's headers"


def test_auto_takes_the_extension_where_it_was_built_and_says_so_where_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bodies, "is_built", True)
    assert bodies.choose("auto") is FastForwarder
    assert capsys.readouterr().out == ""
    monkeypatch.setattr(bodies, "is_built", False)
    assert bodies.choose("auto") is Forwarder
    assert capsys.readouterr().out.count("\n") == 1


def test_who_asks_for_the_extension_by_name_gets_no_other_body(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bodies, "is_built", False)
    with pytest.raises(StartupError, match="PARLOR_FORWARDING"):
        bodies.choose("c")


def test_the_reference_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "is_built", True)
    assert bodies.choose("python") is Forwarder
