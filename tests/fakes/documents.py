"""Files as people add them to a knowledge base."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from pypdf import PdfReader, PdfWriter


def pdf(
    pages: Sequence[Sequence[str]],
    password: str = "",
    letters: Mapping[str, str] | None = None,
    filters: str = "",
) -> bytes:
    """A PDF whose pages have these lines of ASCII; an empty page has no text. `letters`: what they stand for,
    as UTF-16 in hex. `filters`: that the pages say that they are encoded with, wrongly."""
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 4 0 R >>"
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", font, _letter_map(letters or {})]
    kids = []
    for lines in pages:
        moves = " 0 -18 Td ".join(f"({line}) Tj" for line in lines)
        stream = f"BT /F1 12 Tf 72 720 Td {moves} ET"
        filtered = f"/Filter [{filters}] " if filters else ""
        objects.append(f"<< {filtered}/Length {len(stream)} >>\nstream\n{stream}\nendstream")
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >>"
            f" /Contents {len(objects)} 0 R >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    plain = _assembled(objects)
    return encrypted(plain, password) if password else plain


def pdf_with_map(name: str, codes: str) -> bytes:
    """A PDF whose one page has letters of a font with a predefined map (PDF 32000-1 table 118): their codes
    in hex."""
    stream = f"BT /F1 12 Tf 72 720 Td <{codes}> Tj ET"
    system = "<< /Registry (Adobe) /Ordering (GB1) /Supplement 2 >>"
    return _assembled(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [6 0 R] /Count 1 >>",
            f"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /{name} /DescendantFonts [5 0 R] >>",
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
            f"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /X /CIDSystemInfo {system} >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >>"
            " /Contents 4 0 R >>",
        ]
    )


def _letter_map(letters: Mapping[str, str]) -> str:
    lines = "\n".join(f"<{ord(letter):02X}> <{code}>" for letter, code in letters.items())
    stream = (
        "begincmap 1 begincodespacerange <00> <FF> endcodespacerange"
        f" {len(letters)} beginbfchar\n{lines}\nendbfchar endcmap"
    )
    return f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream"


def _assembled(objects: Sequence[str]) -> bytes:
    body, offsets = "%PDF-1.4\n", list[int]()
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    end = f"trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return f"{body}xref\n0 {size}\n0000000000 65535 f \n{table}{end}".encode()


def encrypted(plain: bytes, password: str, algorithm: str = "RC4-128") -> bytes:
    """Without a user's password, as printers of forms do, everybody may read it."""
    writer, out = PdfWriter(clone_from=PdfReader(io.BytesIO(plain))), io.BytesIO()
    writer.encrypt(password, owner_password="owner", algorithm=algorithm)
    writer.write(out)
    return out.getvalue()
