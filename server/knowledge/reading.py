"""Reads the text of a document and cuts it into passages.

Run as a program (`reading.py MEDIA_TYPE MEMORY_BYTES CPU_SECONDS`), it is the child
process of `child.py`: the file is on standard input, a JSON list of `[heading, text]` on standard output.
"""

from __future__ import annotations

import codecs
import io
import json
import logging
import re
import sys
from collections.abc import Callable, Iterator

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from pypdf import PasswordType, PdfReader, filters
from pypdf._codecs import core_font_metrics
from pypdf.generic import _image_inline

from server.common.limited_program import limit_this_process, open_no_more_files
from server.knowledge.model import MAX_PASSAGES, MAX_TEXT
from server.knowledge.passages import Section, cut

UNREADABLE, TOO_LARGE = 3, 4
"""Exit codes of the program for documents that it refuses; the reason is on standard error."""
_MAX_PAGES = 2_000
_NO_TEXT = "The document has no text. A scanned PDF has only pictures of its pages: add one with text."
_FRONT_MATTER = re.compile(r"\A---\r?\n.*?\r?\n(---|\.\.\.)\r?\n", re.DOTALL)
_BROKEN_WORD = re.compile(r"(?<=[a-zà-ỹ])-\n(?=[a-zà-ỹ])")
_SEPARATOR = " > "
_LOADED = (filters, core_font_metrics, _image_inline)
"""pypdf imports these only when it needs them."""
_CODECS = (
    *("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "charmap", "cp1252", "punycode"),
    *("gbk", "gb2312", "gb18030", "cp950", "cp932"),
)
"""Encodings of texts, of addresses in Markdown, and of letters in PDFs: Python loads each when it is used."""


class DocumentRefused(Exception):
    """The text says why and is safe to show."""

    exit_code = UNREADABLE


class DocumentTooLarge(DocumentRefused):
    exit_code = TOO_LARGE


def read_document(data: bytes, media_type: str) -> list[tuple[str, str]]:
    """The passages, each as its headings and its text. Raises DocumentRefused, DocumentTooLarge."""
    passages: list[tuple[str, str]] = []
    characters = 0
    for heading, text in cut(_READERS[media_type](data)):
        characters += len(text)
        if characters > MAX_TEXT:
            raise DocumentTooLarge(f"The document has more than {MAX_TEXT:,} characters, the maximum.")
        passages.append((heading[:300], text))
    if not passages:
        raise DocumentRefused(_NO_TEXT)
    if len(passages) > MAX_PASSAGES:
        raise DocumentTooLarge(f"The document has more than {MAX_PASSAGES:,} passages, the maximum.")
    return passages


def _plain_sections(data: bytes) -> Iterator[Section]:
    yield Section("", re.split(r"\n\s*\n", _decoded(data)))


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise DocumentRefused("The text could not be read. Save it as UTF-8 and add it again.") from None
    if "\0" in text:
        raise DocumentRefused("This is not a text. Add Markdown, plain text or PDF.")
    return text.replace("\r\n", "\n")


def _markdown_sections(data: bytes) -> Iterator[Section]:
    text = _FRONT_MATTER.sub("", _decoded(data), count=1)
    tree = SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(text))
    headings: dict[int, str] = {}
    section = Section("")
    for node in tree.children:
        if node.type == "heading":
            yield section
            level = int(node.tag[1:])
            headings = {n: title for n, title in headings.items() if n < level}
            headings[level] = _words(node)
            section = Section(_SEPARATOR.join(headings[n] for n in sorted(headings) if headings[n]))
        else:
            section.paragraphs += _paragraphs(node)
    yield section


def _paragraphs(node: SyntaxTreeNode) -> Iterator[str]:
    """Texts of a block: one a paragraph, list item, row of a table or piece of code."""
    if node.type in ("fence", "code_block"):
        yield node.content
    elif node.type in ("list_item", "tr", "paragraph"):
        nested = [child for child in node.children if child.type in ("bullet_list", "ordered_list")]
        yield " ".join(filter(None, (_words(child) for child in node.children if child not in nested)))
        for child in nested:
            yield from _paragraphs(child)
    elif node.type != "html_block":
        for child in node.children:
            yield from _paragraphs(child)


def _words(node: SyntaxTreeNode) -> str:
    """The text of a node as a reader sees it: no marks, no addresses of links and pictures, no HTML."""
    if node.type in ("text", "code_inline"):
        return node.content
    if node.type in ("softbreak", "hardbreak"):
        return " "
    if node.type in ("html_inline", "html_block", "image"):
        return ""
    separator = "" if node.type in ("inline", "strong", "em", "link") else " "
    return separator.join(filter(None, (_words(child) for child in node.children)))


def _pdf_sections(data: bytes) -> Iterator[Section]:
    try:
        reader = PdfReader(io.BytesIO(data))
        _check(reader)
        for number, page in enumerate(reader.pages, 1):
            text = page.extract_text().replace("\0", "")
            text = text.encode("utf-8", "replace").decode()  # a font may map letters to halves of one
            text = _BROKEN_WORD.sub("", text)
            yield Section(f"Page {number}", re.split(r"\n\s*\n", text))
    except (DocumentRefused, MemoryError):
        raise
    except Exception as error:  # damaged files raise any type, in the parser and in its decoders
        raise DocumentRefused("The PDF could not be read: it is damaged, or no PDF.") from error


def _check(reader: PdfReader) -> None:
    if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
        raise DocumentRefused("The PDF has a password. Add one without.")
    if len(reader.pages) > _MAX_PAGES:
        raise DocumentTooLarge(f"The PDF has more than {_MAX_PAGES:,} pages, the maximum.")


_READERS: dict[str, Callable[[bytes], Iterator[Section]]] = {
    "text/markdown": _markdown_sections,
    "text/plain": _plain_sections,
    "application/pdf": _pdf_sections,
}
MEDIA_TYPES = tuple(_READERS)


def main() -> int:
    """The program: see the module's text."""
    limit_this_process(memory=int(sys.argv[2]), cpu_s=int(sys.argv[3]))
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it reports each oddity of a file
    for name in _CODECS:
        codecs.lookup(name)
    open_no_more_files()
    try:
        passages = read_document(sys.stdin.buffer.read(), sys.argv[1])
    except DocumentRefused as refused:
        sys.stderr.write(str(refused))
        return refused.exit_code
    except MemoryError:
        sys.stderr.write("The document needs too much memory to read.")
        return TOO_LARGE
    sys.stdout.write(json.dumps(passages))
    return 0


if __name__ == "__main__":
    sys.exit(main())
