"""The READMEs agree with the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ai_agent.config import Settings
from server.common.settings import BaseConfig, settings_table
from server.config import Config

ROOT = Path(__file__).parents[2]
FOLDERS = ("server", "ai_agent", "tests", "docker")
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        ROOT / "web/README.md",
        *(page for folder in FOLDERS for page in (ROOT / folder).rglob("README.md")),
    ]
)
PACKAGES = [page.parent for page in PAGES if page.relative_to(ROOT).parts[0] in ("server", "ai_agent")]
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_PATH = re.compile(
    r"(?<![\w/:.<>*{}-])((?:\.\./|[\w.-]+/)*"
    r"(?:\w[\w.-]*\.(?:py|pyi|c|h|md|toml|tsx?|m?js|json|ya?ml|css|txt|mako|html|svg|png)|[\w-]+/))(?![\w/*])"
)
_MADE_OR_EXAMPLE = {"bench/results/", "RESULT.json", "index.html", "migrations/versions/NNNN_what.py"}
"""Paths of files that a build or a run makes, and examples of names."""


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


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())
    assert not [target for target in links if not (page.parent / target).exists()]


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_path_in_code_exists(page: Path) -> None:
    """From the page's folder or one above it; a table or a tree may leave out folders between."""
    code = "\n".join(_CODE.findall(page.read_text()))
    mentioned = set(_PATH.findall(code)) - _MADE_OR_EXAMPLE
    assert not sorted(path for path in mentioned if not _exists(path, page.parent))


def _exists(path: str, folder: Path) -> bool:
    above = [folder, *(each for each in folder.parents if each.is_relative_to(ROOT))]
    if any((each / path).exists() for each in above):
        return True
    return folder != ROOT and any(True for _ in folder.rglob(path.rstrip("/")))


@pytest.mark.parametrize("package", PACKAGES, ids=_name)
def test_every_source_file_of_a_package_is_in_its_readme(package: Path) -> None:
    """By its name, by its stem, or by its folder; files of a subpackage with a README are in that one."""
    code = "\n".join(_CODE.findall((package / "README.md").read_text()))
    inner = [page.parent for page in PAGES if package in page.parent.parents]
    assert not [
        _name(file)
        for file in sorted([*package.rglob("*.py"), *package.rglob("*.c")])
        if file.name != "__init__.py"
        and not any(file.is_relative_to(other) for other in inner)
        and not _is_named(file.relative_to(package), code)
    ]


def test_every_file_of_the_web_core_is_in_the_readme() -> None:
    code = "\n".join(_CODE.findall((ROOT / "web/README.md").read_text()))
    files = (each for each in (ROOT / "web/src/core").glob("*.ts") if not each.name.endswith(".test.ts"))
    assert not [each.name for each in files if f"`{each.stem}`" not in code and f"`{each.name}`" not in code]


def _is_named(file: Path, code: str) -> bool:
    folders = [f"{folder.name}/" for folder in file.parents if folder.name]
    return any(f in code for f in folders) or re.search(rf"(?<![\w.]){file.stem}(?!\w)", code) is not None
