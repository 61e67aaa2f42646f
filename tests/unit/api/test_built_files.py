from __future__ import annotations

import hashlib
import os
from base64 import b64encode
from pathlib import Path
from unittest.mock import Mock

import pytest

from server.api.built_files import BuiltFiles, acceptable

ALL = {"identity": b"", "br": b"", "gzip": b""}


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        (None, "identity"),
        ("", "identity"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("x-gzip", "gzip"),
        ("BR", "br"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br ; q=0 , gzip;q=0.000", "identity"),
        ("gzip;q=0.5", "gzip"),
        ("gzip;q=0.5, identity", "identity"),
        ("*", "br"),
        ("br;q=0, *;q=0.1", "gzip"),
        ("*;q=0", "identity"),
        ("identity;q=0, *;q=0", "identity"),
        ("identity;q=0", "identity"),
        ("br;q=oops, gzip;q=0.1", "gzip"),
        ("br;q=, gzip;q=٣", "identity"),
        ("zstd, compress", "identity"),
        ("brotli", "identity"),
        (";;,=,q=1;q=1", "identity"),
    ],
)
def test_the_form_follows_the_weights_of_accept_encoding(header: str | None, chosen: str) -> None:
    assert acceptable(header, ALL) == chosen


def test_a_form_that_the_build_did_not_write_is_not_chosen() -> None:
    assert acceptable("br, gzip", {"identity": b"", "gzip": b""}) == "gzip"
    assert acceptable("br, gzip", {"identity": b""}) == "identity"


def test_a_file_is_read_again_after_the_build_has_replaced_it(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text("old")
    files = BuiltFiles(tmp_path)
    first = files.find("/index.html")
    assert first is files.find("/index.html")
    page.write_text("new")
    os.utime(page, ns=(1, 1))
    second = files.find("/index.html")
    assert first is not None
    assert second is not None
    assert second.forms["identity"] == b"new"
    assert second.tag != first.tag


def test_compressed_forms_count_once_the_build_has_written_them(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("code")
    files = BuiltFiles(tmp_path)
    during = files.find("/a.js")
    (tmp_path / "a.js.br").write_bytes(b"packed")
    after = files.find("/a.js")
    (tmp_path / "a.js.br").write_bytes(b"packed again")
    replaced = files.find("/a.js")
    assert during is not None
    assert after is not None
    assert replaced is not None
    assert during.forms == {"identity": b"code"}
    assert after.forms["br"] == b"packed"
    assert replaced.forms["br"] == b"packed again"


def test_a_path_of_a_thousand_names_is_not_looked_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = BuiltFiles(tmp_path)
    lookup = Mock(wraps=os.lstat)
    monkeypatch.setattr(os, "lstat", lookup)
    assert files.find("/a/b") is None
    assert 0 < lookup.call_count < 100
    lookup.reset_mock()
    assert files.find("/" + "a/" * 1000) is None
    assert lookup.call_count < 100


def test_each_inline_script_of_a_page_has_a_hash_and_other_scripts_have_none(tmp_path: Path) -> None:
    script = "\n  document.title = '→';\n"
    (tmp_path / "index.html").write_text(f'<script>{script}</script><script src="/a.js"></script>')
    (tmp_path / "a.js").write_text("'<script>x</script>'")
    files = BuiltFiles(tmp_path)
    page, code = files.find("/index.html"), files.find("/a.js")
    assert page is not None
    assert code is not None
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert page.script_hashes == (f"'sha256-{digest}'",)
    assert code.script_hashes == ()
