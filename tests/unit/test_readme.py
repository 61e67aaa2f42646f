"""The README says what the code says."""

from __future__ import annotations

import re
from pathlib import Path

from server.config import settings_table

ROOT = Path(__file__).parents[2]


def test_the_readme_lists_every_setting_with_its_default() -> None:
    text = (ROOT / "README.md").read_text()
    table = re.search(r"<!-- settings.*?-->\n(.*?)\n<!-- /settings -->", text, re.DOTALL)
    assert table is not None
    assert table[1] == settings_table(), "copy the output of `python -m server --settings` into README.md"


def test_every_relative_link_of_the_prose_leads_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("[!.n]*/**/README.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        if "node_modules" not in page.parts
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert not broken
