"""`python -m tests.bench.dialogues [FOLDER ...] [--write] [-q]`: prints dialogues with the scripted tutor and
their grades.

`--write` writes the replies to `gradings/`, where a person fills in the grades of those that are new (`?`).
"""

from __future__ import annotations

import asyncio
import sys

from tests.bench.dialogues import grades
from tests.bench.dialogues.talks import Turn, files, run


def main() -> None:
    options = sys.argv[1:]
    for folder in [name for name in options if not name.startswith("-")] or [
        "fresh",
        "blind",
        "later",
        "contact",
        "second",
        "third",
    ]:
        talks = {path.stem: asyncio.run(run(path.stem, path.read_text("utf-8"))) for path in files(folder)}
        known = grades.load(folder)
        if "--write" in options:
            grades.save(folder, talks, known)
        if "-q" not in options:
            for name, turns in talks.items():
                _show(name, turns, known)
        _show_summary(folder, grades.summary(talks, known))


def _show(name: str, turns: list[Turn], known: dict[grades.Key, grades.Grade]) -> None:
    print(f"\n== {name}")
    for turn in turns:
        grade = known.get((name, turn.number, turn.answered))
        if turn.number:
            print(f"{turn.number:3} > {turn.said}")
        print(f"    {turn.answered}   [{f'{grade.grade} {grade.request}' if grade else '?'}]")


def _show_summary(folder: str, found: grades.Summary) -> None:
    print(f"\n{folder}: {dict(found.grades)}")
    print(f"  coherent or fine     {found.coherent_share:6.1%}")
    print(f"  requests             {dict(found.requests)}, met or declined {found.met_share:.1%}")
    print(f"  first incoherent at  {sorted(found.first_bad)}, median {found.median_first_bad:g}")


main()
