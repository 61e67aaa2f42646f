"""Grades of replies, in `gradings/<folder>.tsv`: one line a reply, which counts only for the text it was
given for.

A grade is `coherent`, `fine`, `weak` (it fits little), `incoherent` or `wrong` (also hurtful). `request` is
`met`, `declined` (honestly) or `missed` if the learner asked or wanted something, else `-`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.dialogues.talks import HERE, Turn

GRADES = ("coherent", "fine", "weak", "incoherent", "wrong")
REQUESTS = ("met", "declined", "missed", "-")
UNGRADED = "?"


@dataclass(frozen=True, slots=True)
class Grade:
    grade: str
    request: str


Key = tuple[str, int, str]
"""Name of the file, number of the turn, and the reply."""


def path_of(folder: str) -> Path:
    return HERE / "gradings" / f"{folder}.tsv"


def load(folder: str) -> dict[Key, Grade]:
    path = path_of(folder)
    if not path.is_file():
        return {}
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()[1:]]
    return {(name, int(turn), reply): Grade(grade, request) for name, turn, grade, request, _, reply in rows}


def save(folder: str, talks: Mapping[str, list[Turn]], known: Mapping[Key, Grade]) -> None:
    """Keeps the grades of replies that are unchanged; others are `?`."""
    lines = ["dialogue\tturn\tgrade\trequest\tlearner\ttutor"]
    for name, turns in talks.items():
        for turn in turns[1:]:
            grade = known.get((name, turn.number, turn.answered), Grade(UNGRADED, UNGRADED))
            lines.append(
                f"{name}\t{turn.number}\t{grade.grade}\t{grade.request}\t{turn.said}\t{turn.answered}"
            )
    path_of(folder).parent.mkdir(exist_ok=True)
    path_of(folder).write_text("\n".join(lines) + "\n", "utf-8")


@dataclass(frozen=True, slots=True)
class Summary:
    grades: Counter[str]
    requests: Counter[str]
    first_bad: tuple[int, ...]
    """By dialogue: the first turn that is incoherent or wrong, one after its last turn if there is none."""

    @property
    def coherent_share(self) -> float:
        return (self.grades["coherent"] + self.grades["fine"]) / max(self.grades.total(), 1)

    @property
    def met_share(self) -> float:
        asked = self.requests.total() - self.requests["-"]
        return (self.requests["met"] + self.requests["declined"]) / max(asked, 1)

    @property
    def median_first_bad(self) -> float:
        return median(self.first_bad)


def summary(talks: Mapping[str, list[Turn]], known: Mapping[Key, Grade]) -> Summary:
    grades, requests, first = Counter[str](), Counter[str](), list[int]()
    for name, turns in talks.items():
        bad = list[int]()
        for turn in turns[1:]:
            grade = known.get((name, turn.number, turn.answered), Grade(UNGRADED, UNGRADED))
            grades[grade.grade] += 1
            requests[grade.request] += 1
            bad += [turn.number] if grade.grade in ("incoherent", "wrong", UNGRADED) else []
        first.append(min(_or(bad, len(turns))))
    return Summary(grades, requests, tuple(first))


def _or(numbers: Iterable[int], otherwise: int) -> list[int]:
    return [*numbers] or [otherwise]
