"""`python -m tests.bench.knowledge`: how well a question finds its passage, on both databases.

`questions.tsv` has for each question the document and the heading with its answer, and a text that its
passage has. Those without a document have no answer in the documents.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from server.knowledge.service import KnowledgeBases
from server.rooms.model import Claim, User
from server.storage import Database, SqlKnowledgeStore, SqlUserStore
from tests.contract.storage_urls import new_database
from tests.fakes import postgres

_HERE = Path(__file__).parent
_TYPES = {".md": "text/markdown", ".txt": "text/plain"}
_K = 5
_ASKED = 0.9


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    document: str
    contains: str


@dataclass(frozen=True, slots=True)
class Score:
    """Shares of the questions: `recall`, whose passage is among the first _K, `first`, is the first one;
    `known`: rightly said to be answered; `unknown`: rightly said not to be."""

    recall: float
    first: float
    known: float
    unknown: float
    ms: float
    missed: tuple[str, ...]


def questions() -> list[Question]:
    rows = (line.split("\t") for line in (_HERE / "questions.tsv").read_text(encoding="utf-8").splitlines())
    return [Question(text, document, contains) for text, document, _heading, contains in rows]


async def measure(url: str) -> Score:
    database = Database(url)
    await database.start()
    bases = KnowledgeBases(SqlKnowledgeStore(database), None, time.time)
    try:
        await SqlUserStore(database).add_user(User("ann", "Ann", "/api/avatars/g/a.svg", 1.0))
        base = await bases.create("ann", "School", "en")
        for path in sorted((_HERE / "documents").iterdir()):
            await bases.add_document(Claim("ann"), base.id, path.name, _TYPES[path.suffix], path.read_bytes())
        return await _score(bases, base.id)
    finally:
        await bases.aclose()
        await database.aclose()


async def _score(bases: KnowledgeBases, base_id: str) -> Score:
    hits = first = known = unknown = 0
    missed: list[str] = []
    asked = questions()
    began = time.perf_counter()
    for question in asked:
        found = await bases.search("ann", base_id, question.text, _K)
        if not question.document:
            unknown += not found.is_answered
            if found.is_answered:
                missed.append(f"answered: {question.text}")
            continue
        right = [p.document == question.document and question.contains in p.text for p in found.passages]
        hits, first, known = hits + any(right), first + right[:1].count(True), known + found.is_answered
        if not any(right) or not found.is_answered:
            missed.append(f"{'missed' if not any(right) else 'not answered'}: {question.text}")
    ms = (time.perf_counter() - began) * 1_000 / len(asked)
    with_answer = sum(bool(question.document) for question in asked)
    without = len(asked) - with_answer
    return Score(
        hits / with_answer, first / with_answer, known / with_answer, unknown / without, ms, tuple(missed)
    )


async def _main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        scores = {"SQLite": await measure(f"sqlite+aiosqlite:///{folder}/parlor.db")}
    programs = postgres.binaries()
    if programs is not None:
        with postgres.running(programs) as socket:
            scores["PostgreSQL"] = await measure(await new_database(socket))
    print(f"{'':12}recall@{_K}  first  answered  not answered  ms a question")
    for name, score in scores.items():
        print(
            f"{name:12}{score.recall:8.2f}{score.first:7.2f}{score.known:10.2f}{score.unknown:14.2f}"
            f"{score.ms:15.1f}"
        )
        print("".join(f"    {line}\n" for line in score.missed), end="")
    return 0 if all(score.recall >= _ASKED for score in scores.values()) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(_main()))
