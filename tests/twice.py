"""Run pytest; run failed tests again, alone; list at the end those that passed only the second time.

    python -m tests.twice PYTEST_ARGUMENT ...    one stage: exits with 0 if the first or the second run passed
    python -m tests.twice --report               names of all stages since the last --start
    python -m tests.twice --start                clear the list

It is run in the project's folder.

A busy machine can delay browsers and processes in real time for seconds. A second run keeps the build
green, but a test that needs one is named, so that a real race is not lost among them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_LAST_FAILED = Path(".pytest_cache/v/cache/lastfailed")
_SECOND = Path(".pytest_cache/second-run")
_SOME_FAILED = 1  # pytest's exit code; other codes are not results of single tests


def main(arguments: Sequence[str]) -> int:
    match arguments:
        case ["--start"]:
            _SECOND.unlink(missing_ok=True)
            return 0
        case ["--report"]:
            print(report(_names()))
            return 0
    return _stage(arguments)


def report(names: Sequence[str]) -> str:
    if not names:
        return "every test passed in its first run"
    return "\n".join([f"passed only in a second run ({len(names)}):", *(f"  {name}" for name in names)])


def _stage(arguments: Sequence[str]) -> int:
    _LAST_FAILED.unlink(missing_ok=True)
    first = _pytest(arguments)
    if first != _SOME_FAILED:
        return first
    failed = list(json.loads(_LAST_FAILED.read_text()))
    print("second run of the failed tests:", *failed, sep="\n  ", flush=True)
    second = _pytest([*_in_one_process(arguments), "--last-failed", "--last-failed-no-failures=none"])
    if second == 0:
        with _SECOND.open("a", encoding="utf-8") as file:
            file.writelines(f"{name}\n" for name in failed)
    return second


def _in_one_process(arguments: Sequence[str]) -> list[str]:
    """The same without pytest-xdist: each test has the machine for itself."""
    kept = list(arguments)
    for option in ("-n", "--dist"):
        if option in kept:
            at = kept.index(option)
            del kept[at : at + 2]
    return kept


def _pytest(arguments: Sequence[str]) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], check=False).returncode


def _names() -> list[str]:
    return _SECOND.read_text().splitlines() if _SECOND.exists() else []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
