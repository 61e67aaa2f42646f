"""The README says what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ai_agent.config import Settings
from server.common.settings import BaseConfig, settings_table
from server.config import Config

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("marker", "config", "command"),
    [
        ("settings", Config, "python -m server --settings"),
        ("tutor settings", Settings, "python -m ai_agent --settings"),
    ],
)
def test_the_readme_lists_every_setting_with_its_default(
    marker: str, config: type[BaseConfig], command: str
) -> None:
    text = (ROOT / "README.md").read_text()
    found = re.search(rf"<!-- {marker}:.*?-->\n(.*?)\n<!-- /{marker} -->", text, re.DOTALL)
    assert found is not None
    assert found[1] == settings_table(config), f"copy the output of `{command}` into README.md"


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
