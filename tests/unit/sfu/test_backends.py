"""Choice of the data plane's backend."""

from __future__ import annotations

import builtins
import importlib
import sys
from collections.abc import Mapping, Sequence
from types import ModuleType

import pytest

from server.errors import StartupError
from server.sfu import backends
from server.sfu.data_plane import DataPlaneOptions, PeerMedia
from server.sfu.fastpath import forwarder, openssl
from server.sfu.fastpath.forwarder import NativeForwarder
from server.sfu.forwarding import Forwarder
from tests.fakes.srtp_clients import Events

REASON = "_native.so: wrong ELF class: ELFCLASS32"


def test_the_extension_is_built() -> None:
    assert forwarder.unavailable is None, (
        "pip install -e . builds it; it needs a C compiler and Python's headers"
    )


def test_auto_takes_the_extension_where_it_can_be_loaded(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(backends, "unavailable", None)
    assert backends.choose("auto") is NativeForwarder
    assert not caplog.records


def test_auto_logs_why_it_takes_the_reference(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(backends, "unavailable", REASON)
    assert backends.choose("auto") is Forwarder
    (record,) = caplog.records
    assert record.__dict__["reason"] == REASON


def test_a_backend_asked_for_by_name_is_not_replaced_and_the_error_says_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(backends, "unavailable", REASON)
    with pytest.raises(StartupError, match=r"PARLOR_FORWARDING.*wrong ELF class"):
        backends.choose("c")


def test_the_reference_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends, "unavailable", None)
    assert backends.choose("python") is Forwarder


def test_the_reason_is_the_error_of_the_import(monkeypatch: pytest.MonkeyPatch) -> None:
    real_import = builtins.__import__

    def failing_import(
        name: str,
        globals_: Mapping[str, object] | None = None,
        locals_: Mapping[str, object] | None = None,
        fromlist: Sequence[str] = (),
        level: int = 0,
    ) -> ModuleType:
        if name == "server.sfu.fastpath" and "_native" in (fromlist or ()):
            raise ImportError(REASON)
        return real_import(name, globals_, locals_, fromlist, level)

    monkeypatch.setattr(builtins, "__import__", failing_import)
    monkeypatch.delitem(sys.modules, "server.sfu.fastpath.forwarder")
    fresh = importlib.import_module("server.sfu.fastpath.forwarder")
    assert fresh.unavailable == REASON


def test_encryption_by_libsrtp_instead_of_openssl_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(openssl, "gcm", lambda: (0, 0, 0, 0))
    NativeForwarder(lambda *_: None, Events(), DataPlaneOptions())
    assert [record.message for record in caplog.records] == ["aes_gcm_in_libsrtp"]


def test_a_peer_that_does_not_fit_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forwarder, "CAPACITY", 1)
    events = Events()
    data_plane = NativeForwarder(lambda *_: None, events, DataPlaneOptions())
    data_plane.add_peer(1, PeerMedia("room", 1, (), is_muted=False))
    data_plane.tick(0.0)
    assert not events.log
    data_plane.add_peer(2, PeerMedia("another room", 1, (), is_muted=False))
    data_plane.tick(0.0)
    assert events.log == [("not_added", 2)]
    data_plane.remove_peer(2)


def test_an_extension_compiled_from_other_sources_is_not_used() -> None:
    reason = forwarder.mismatch(ModuleType("compiled before it had a number"))
    assert reason is not None
    assert "make run" in reason
