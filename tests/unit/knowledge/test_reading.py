from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from server.errors import DocumentTooLarge, DocumentUnreadable
from server.knowledge import child
from server.knowledge.model import MAX_TEXT
from server.knowledge.passages import TARGET
from server.knowledge.reading import DocumentRefused, read_document
from server.knowledge.reading import DocumentTooLarge as TooLarge
from tests.fakes.documents import encrypted, pdf, pdf_with_map

GUIDE = """---
title: left out
---
Welcome to the **school**, see [the map](https://example.org/map).

# Opening hours
We open at *eight*.
<script>alert(1)</script>

## Library
- Books: two weeks
- Films:
  - one `night`

| day | hours |
|-----|-------|
| Sat | 9-12  |

# Rules
![a picture](x.png)
    print("code")
"""


def test_markdown_is_read_as_its_reader_sees_it() -> None:
    assert read_document(GUIDE.encode(), "text/markdown") == [
        ("", "Welcome to the school, see the map."),
        ("Opening hours", "We open at eight."),
        ("Opening hours > Library", "Books: two weeks\nFilms:\none night\nday hours\nSat 9-12"),
        ("Rules", 'print("code")'),
    ]


def test_passages_end_between_sentences_and_have_a_bounded_length() -> None:
    text = " ".join(f"This is sentence number {n} of a long text." for n in range(200))
    found = [text for _, text in read_document(text.encode(), "text/plain")]
    assert all(len(passage) <= TARGET and passage.endswith("text.") for passage in found)
    assert " ".join(found) == text


def test_a_text_without_spaces_is_cut_all_the_same() -> None:
    found = [text for _, text in read_document(b"x" * 5_000, "text/plain")]
    assert max(map(len, found)) <= TARGET
    assert "".join(found) == "x" * 5_000


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_a_list_of_words_makes_many_passages(between: str) -> None:
    found = read_document(
        between.join(f"- word {n}: meaning" for n in range(1_000)).encode(), "text/markdown"
    )
    assert max(len(text) for _, text in found) < 1.2 * TARGET
    assert "\n".join(text for _, text in found).splitlines() == [f"word {n}: meaning" for n in range(1_000)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_in_the_encodings_of_editors_is_read(encoding: str) -> None:
    assert read_document("Phở là món ăn.".encode(encoding), "text/plain") == [("", "Phở là món ăn.")]


def test_a_pdf_is_read_page_by_page() -> None:
    file = pdf([["The library opens at nine.", "It closes at six."], ["Bring your card."]])
    found = read_document(file, "application/pdf")
    assert [heading for heading, _ in found] == ["Page 1", "Page 2"]
    assert "closes at six" in found[0][1]


def test_letters_of_a_pdf_that_no_text_can_hold_are_replaced() -> None:
    found = read_document(pdf([["Tea"]], letters={"T": "D800"}), "application/pdf")
    assert found == [("Page 1", "?ea")]


@pytest.mark.parametrize("filters", ["/Nonsense", "/JBIG2Decode"])
def test_a_pdf_in_an_unknown_or_broken_coding_is_refused(filters: str) -> None:
    with pytest.raises(DocumentRefused, match="damaged"):
        read_document(pdf([["Tea"]], filters=filters), "application/pdf")


@pytest.mark.parametrize(
    ("data", "media_type", "reason"),
    [
        (b"\xff\xd8\xff\xe0 jpeg", "text/plain", "Save it as UTF-8"),
        (b"a\0b", "text/plain", "not a text"),
        (b" \n\n ", "text/plain", "no text"),
        (b"%PDF-1.7 broken", "application/pdf", "damaged"),
        (b"", "application/pdf", "damaged"),
        (pdf([["secret"]], password="x"), "application/pdf", "password"),
        (pdf([[]]), "application/pdf", "scanned"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(data: bytes, media_type: str, reason: str) -> None:
    with pytest.raises(DocumentRefused, match=reason):
        read_document(data, media_type)


def test_a_long_document_is_refused() -> None:
    with pytest.raises(TooLarge, match="1,000,000 characters"):
        read_document(b"word " * (MAX_TEXT // 4), "text/plain")


def test_the_child_returns_passages_and_refusals() -> None:
    [passage] = child.passages_of("# Café\nOpen.".encode(), "text/markdown")
    assert (passage.heading, passage.text) == ("Café", "Open.")
    with pytest.raises(DocumentUnreadable, match="UTF-8"):
        child.passages_of(b"\xff\xd8", "text/plain")


@pytest.mark.parametrize(
    ("data", "media_type", "text"),
    [
        ("Chào".encode("utf-16"), "text/plain", "Chào"),
        ("[map](https://ví-dụ.vn/ü) &copy;".encode(), "text/markdown", "map ©"),
        (encrypted(pdf([["Tea"]]), "", "AES-256"), "application/pdf", "Tea"),
        (pdf_with_map("GBK-EUC-H", "B2E8"), "application/pdf", "茶"),
    ],
)
def test_the_child_needs_no_file_once_it_reads_the_document(data: bytes, media_type: str, text: str) -> None:
    """Python loads an encoding, and pypdf some of its modules, only when a document needs them."""
    [passage] = child.passages_of(data, media_type)
    assert passage.text == text


def test_a_reader_that_a_document_has_taken_over_can_open_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret")
    taken_over = (
        "import sys; from server.knowledge import reading; "
        f"reading.read_document = lambda *_: [('', open({str(secret)!r}).read())]; "
        f"sys.argv = ['', 'text/plain', '{1 << 30}', '10']; reading.main()"
    )
    done = subprocess.run([sys.executable, "-c", taken_over], input=b"", capture_output=True, check=False)
    assert b"s3cret" not in done.stdout
    assert b"Too many open files" in done.stderr


def test_a_document_that_takes_too_long_ends_its_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_MAX_CPU_S", 1)
    nested = b"[" * 200_000 + b"](" * 200_000  # markdown whose parsing takes long
    with pytest.raises((DocumentTooLarge, DocumentUnreadable)):
        child.passages_of(nested * 3, "text/markdown")
