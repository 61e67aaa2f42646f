"""The locks agree with what the project declares, and the audit never passes for what it could not ask."""

from __future__ import annotations

import json
import re
import tarfile
import tomllib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import pytest

from supply.audit import CLEAN, UNREACHABLE, VULNERABLE, python_finding, report, verdict, web_finding
from supply.kokoro_voices import STYLE_BYTES, extract
from supply.lock import BUILT, EXTRAS, HERE, ROOT, WITHOUT_DEPENDENCIES, entries, names, normal

_NAMES = ("run", "test", "tools", "whisper", "kokoro")
LOCKS = {name: (HERE / f"{name}.lock").read_text(encoding="utf-8") for name in _NAMES}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS = PROJECT["dependency-groups"]
MAKE_LOCK = "run `make lock` after a change in pyproject.toml or constraints.txt"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)", re.MULTILINE)


def pins(text: str) -> dict[str, str]:
    return {normal(name): version for name, version in _PIN.findall(text)}


def declared(requirements: list[str]) -> set[str]:
    return {normal(re.split(r"[\[<>=!~; ]", requirement)[0]) for requirement in requirements}


@pytest.mark.parametrize("name", LOCKS)
def test_every_file_of_a_lock_has_hashes_and_no_place_of_its_own(name: str) -> None:
    found = entries(LOCKS[name])
    assert len(found) > 3
    for entry in found:
        assert re.fullmatch(
            r"[\w.-]+==[\w.+!]+(?: ; [^\n\\]+)?(?: \\\n    --hash=sha256:[0-9a-f]{64})+\n?", entry
        )
    assert "://" not in LOCKS[name]


def test_the_locks_have_the_versions_of_the_constraints() -> None:
    constrained = pins((ROOT / "constraints.txt").read_text(encoding="utf-8"))
    locked = pins(LOCKS["run"]) | pins(LOCKS["test"]) | pins(LOCKS["whisper"]) | pins(LOCKS["kokoro"])
    differing = {name: (version, constrained.get(name)) for name, version in locked.items()}
    assert not {name: both for name, both in differing.items() if both[0] != both[1]}, MAKE_LOCK


def test_everything_that_is_declared_is_locked_where_it_is_installed() -> None:
    project = PROJECT["project"]
    run = [*project["dependencies"], *WITHOUT_DEPENDENCIES]
    for extra in EXTRAS:
        run += project["optional-dependencies"][extra]
    assert declared(run) <= names(LOCKS["run"]), MAKE_LOCK
    whisper = project["optional-dependencies"]["whisper"]
    assert declared(whisper) <= names(LOCKS["whisper"]), MAKE_LOCK
    both = names(LOCKS["run"]) | names(LOCKS["test"])
    assert declared([*GROUPS["test"], *GROUPS["check"]]) <= both, MAKE_LOCK
    assert declared(GROUPS["tools"]) <= names(LOCKS["tools"]), MAKE_LOCK
    assert not names(LOCKS["run"]) & names(LOCKS["test"])


def test_packages_that_are_built_are_still_locked() -> None:
    assert set(BUILT) <= names(LOCKS["run"])


def _pip_audit(*packages: Mapping[str, object]) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


GOOD = {"name": "aiohttp", "version": "3.14.5", "vulns": []}
BAD = {"name": "idna", "version": "3.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3.7"]}]}
SKIPPED = {"name": "yarl", "skip_reason": "Dependency not found on PyPI and could not be audited"}
NPM_GOOD, NPM_BAD = '{"vulnerabilities": {}}', '{"vulnerabilities": {"vite": {"severity": "high"}}}'


@pytest.mark.parametrize(
    ("python", "npm", "code"),
    [
        (_pip_audit(GOOD), NPM_GOOD, CLEAN),
        (_pip_audit(GOOD, BAD), NPM_GOOD, VULNERABLE),
        (_pip_audit(GOOD), NPM_BAD, VULNERABLE),
        (_pip_audit(GOOD, SKIPPED), NPM_GOOD, UNREACHABLE),  # pip-audit itself exits with 0
        (_pip_audit(), NPM_GOOD, UNREACHABLE),
        ("", NPM_GOOD, UNREACHABLE),
        (_pip_audit(GOOD), '{"message": "request failed", "error": {}}', UNREACHABLE),
        (_pip_audit(BAD), "", VULNERABLE),
    ],
)
def test_an_audit_that_could_not_ask_is_neither_clean_nor_a_finding(python: str, npm: str, code: int) -> None:
    findings = [python_finding(python, "no network"), web_finding(npm, "npm error no network")]
    assert verdict(findings) == code
    assert ("NOT AUDITED" in report(findings)) == any(finding.unknown for finding in findings)


def test_a_vulnerability_is_named_with_the_version_that_mends_it() -> None:
    assert "idna 3.0: PYSEC-1, fixed in 3.7" in report([python_finding(_pip_audit(BAD), "")])


def test_only_english_voices_are_taken_from_the_package_of_kokoros(tmp_path: Path) -> None:
    archive, target = tmp_path / "kokoro.tgz", tmp_path / "voices"
    sizes = {
        "package/voices/bf_emma.bin": STYLE_BYTES,
        "package/voices/jf_alpha.bin": STYLE_BYTES,
        "package/voices/af_short.bin": 10,
        "package/../af_evil.bin": STYLE_BYTES,
        "package/voices/../../af_evil.bin": STYLE_BYTES,
    }
    with tarfile.open(archive, "w:gz") as files:
        for name, size in sizes.items():
            member = tarfile.TarInfo(name)
            member.size = size
            files.addfile(member, BytesIO(bytes(size)))
        link = tarfile.TarInfo("package/voices/af_link.bin")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        files.addfile(link)
    assert extract(archive, target) == 1
    assert [file.name for file in target.iterdir()] == ["bf_emma.bin"]
