"""The README says what the code says."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import ai_agent.config
from server.config import settings_table

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("marker", "table", "command"),
    [
        ("settings", settings_table, "python -m server --settings"),
        ("tutor settings", ai_agent.config.settings_table, "python -m ai_agent --settings"),
    ],
)
def test_the_readme_lists_every_setting_with_its_default(
    marker: str, table: Callable[[], str], command: str
) -> None:
    text = (ROOT / "README.md").read_text()
    found = re.search(rf"<!-- {marker}:.*?-->\n(.*?)\n<!-- /{marker} -->", text, re.DOTALL)
    assert found is not None
    assert found[1] == table(), f"copy the output of `{command}` into README.md"


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
