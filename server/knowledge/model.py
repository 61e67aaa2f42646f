"""Stored knowledge bases, their documents and passages. Times are seconds since the epoch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MAX_BASES = 10
"""Of one person."""
MAX_DOCUMENTS = 50
MAX_PASSAGES = 5_000
"""Of one knowledge base."""
MAX_UPLOAD_BYTES = 10 * 1024 * 1024
MAX_TEXT = 1_000_000
"""Characters of one document."""


@dataclass(frozen=True, slots=True)
class KnowledgeBase:
    """`language`: primary tag of what its documents are written in. `documents`, `passages`: how many."""

    id: str
    owner_id: str
    name: str
    language: str
    created_at: float
    documents: int = 0
    passages: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """`size`: bytes of the file that was added. The file itself is not kept, only its passages."""

    id: str
    base_id: str
    name: str
    media_type: str
    size: int
    created_at: float
    passages: int


@dataclass(frozen=True, slots=True)
class NewPassage:
    """Some sentences that belong together, under the headings of their part of the document (`A > B`)."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """`number`: its place in the document, from 0. `document`: the document's name."""

    id: int
    document_id: str
    document: str
    number: int
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Matches:
    """The result of a full text search in one base. `by_term`: ids of the passages with a form of each term.
    `ranked`: the best of those, best first, by the database's own measure. `total`: passages of the base."""

    by_term: Mapping[str, frozenset[int]]
    ranked: Sequence[int]
    total: int


@dataclass(frozen=True, slots=True)
class Findings:
    """`passages`, best first. `is_answered`: the best one has most of what the question asks about; if not,
    the documents do not seem to answer it."""

    passages: Sequence[Passage]
    is_answered: bool
