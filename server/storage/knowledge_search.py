"""Full text search of passages: FTS5 on SQLite, tsvector on PostgreSQL.

Each entry of the index has the base of its passage as a word, and each query asks for it, so that a search
reads the entries of its own base, however many passages others have.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

_ENGLISH = "en"
# Headings count more than the text. `english` and `simple` are of PostgreSQL; `simple` has no stems.
_INDEX = text(
    "INSERT INTO passage_search (passage_id, words)"
    " SELECT id, setweight(to_tsvector(CAST(:config AS regconfig), heading), 'A')"
    " || to_tsvector(CAST(:config AS regconfig), text) FROM passages WHERE document_id = :document_id"
)
_WITH_TERM = {
    # SQLite keeps the order of a CROSS JOIN; it may search the index again for each passage of the base.
    "sqlite": text(
        "SELECT passages.id FROM passage_search CROSS JOIN passages ON passages.id = passage_search.rowid"
        " WHERE passage_search MATCH :query AND passages.base_id = :base_id"
    ),
    # A query of stop words alone is empty, and with the base's word it would find the whole base.
    "postgresql": text(
        "SELECT passages.id FROM passage_search JOIN passages ON passages.id = passage_search.passage_id"
        " WHERE words @@ (plainto_tsquery(CAST(:config AS regconfig), :query) && CAST(:base AS tsquery))"
        " AND numnode(plainto_tsquery(CAST(:config AS regconfig), :query)) > 0"
        " AND passages.base_id = :base_id"
    ),
}
_RANKED_POSTGRESQL = text(
    "SELECT passages.id FROM passage_search JOIN passages ON passages.id = passage_search.passage_id"
    " WHERE words @@ (websearch_to_tsquery(CAST(:config AS regconfig), :query) && CAST(:base AS tsquery))"
    " AND numnode(websearch_to_tsquery(CAST(:config AS regconfig), :query)) > 0"
    " AND passages.base_id = :base_id"
    " ORDER BY ts_rank(words, websearch_to_tsquery(CAST(:config AS regconfig), :query), 1) DESC, passages.id"
    " LIMIT :limit"
)
# FTS5's own bm25() counts each word in the passages of everybody. `highlight` puts one sign before each of
# a word's places. The `+` keeps FTS5 from being asked for one passage at a time.
_COUNTS_SQLITE = text(
    "SELECT rowid, length(highlight(passage_search, 1, char(1), '')) - length(heading),"
    " length(highlight(passage_search, 2, char(1), '')) - length(text), length(heading) + length(text)"
    " FROM passage_search WHERE passage_search MATCH :query"
    " AND +passage_search.rowid IN (SELECT value FROM json_each(:ids))"
)
_MERGE = text("INSERT INTO passage_search(passage_search, rank) VALUES ('merge', :pages)")
_CHANGES = text("SELECT total_changes()")
PAGES_AT_ONCE = 256
"""About a megabyte."""
_HEADING = 3.0
"""Weight of a word in a heading, relative to one in the text."""
_K1, _B = 1.2, 0.75
"""BM25's constants, as FTS5 has them."""
_COUNTED = 100
"""Passages whose words are counted: those with most of what the question asks about."""


async def index_document(connection: AsyncConnection, document_id: str, language: str) -> None:
    """Call once its passages are stored. FTS5 follows them by itself."""
    if connection.dialect.name == "postgresql":
        await connection.execute(_INDEX, {"document_id": document_id, "config": _config(language)})


async def merge_some(connection: AsyncConnection, *, is_first: bool) -> bool:
    """A step of what FTS5's `optimize` does in one transaction: merging all parts of its index, since each
    may have words that are deleted. The first step says which parts there are. Returns whether there is more
    to merge; FTS5 shows that by the number of rows it has changed (section 6.7 of its documentation)."""
    before = await connection.scalar(_CHANGES) or 0
    await connection.execute(_MERGE, {"pages": -PAGES_AT_ONCE if is_first else PAGES_AT_ONCE})
    return (await connection.scalar(_CHANGES) or 0) - before >= 2


async def with_term(connection: AsyncConnection, base_id: str, language: str, term: str) -> frozenset[int]:
    """Ids of the base's passages with a form of the word."""
    is_sqlite = connection.dialect.name == "sqlite"
    query = _fts5(base_id, term) if is_sqlite else _quoted(term)
    return frozenset(await _run(connection, _WITH_TERM[connection.dialect.name], base_id, language, query))


async def ranked(
    connection: AsyncConnection,
    base_id: str,
    language: str,
    by_term: Mapping[str, frozenset[int]],
    *,
    total: int,
    limit: int,
) -> Sequence[int]:
    """Ids of the passages with some of the words, best first. `by_term`: those with each of them. `total`:
    passages of the base."""
    terms = [term for term, found in by_term.items() if found]
    if not terms:
        return []
    if connection.dialect.name == "postgresql":
        query = " OR ".join(_quoted(term) for term in terms)
        return await _run(connection, _RANKED_POSTGRESQL, base_id, language, query, limit=limit)
    return await _bm25(connection, base_id, {term: by_term[term] for term in terms}, total, limit)


async def _bm25(
    connection: AsyncConnection,
    base_id: str,
    by_term: Mapping[str, frozenset[int]],
    total: int,
    limit: int,
) -> Sequence[int]:
    """BM25 (Robertson and Zaragoza 2009) with the base's own frequencies."""
    idf = {
        term: math.log(1 + (total - len(found) + 0.5) / (len(found) + 0.5)) for term, found in by_term.items()
    }
    covered: defaultdict[int, float] = defaultdict(float)
    for term, found in by_term.items():
        for passage in found:
            covered[passage] += idf[term]
    candidates = sorted(covered, key=lambda passage: (-covered[passage], passage))[:_COUNTED]
    counts: dict[str, dict[int, float]] = {}
    lengths: dict[int, int] = {}
    for term in by_term:
        values = {"query": _fts5(base_id, term), "ids": json.dumps(candidates)}
        rows = (await connection.execute(_COUNTS_SQLITE, values)).all()
        counts[term] = {passage: _HEADING * heading + body for passage, heading, body, _ in rows}
        lengths |= {passage: length for passage, _, _, length in rows}
    mean = sum(lengths.values()) / max(1, len(lengths)) or 1.0
    scores = {
        passage: sum(
            idf[term] * count * (_K1 + 1) / (count + _K1 * (1 - _B + _B * lengths[passage] / mean))
            for term in by_term
            if (count := counts[term].get(passage, 0.0))
        )
        for passage in lengths
    }
    return sorted(scores, key=lambda passage: (-scores[passage], passage))[:limit]


async def _run(
    connection: AsyncConnection,
    statement: TextClause,
    base_id: str,
    language: str,
    query: str,
    **given: object,
) -> Sequence[int]:
    values: dict[str, object] = {"base_id": base_id, "query": query, **given}
    if connection.dialect.name == "postgresql":
        lexeme = f"base={base_id}".replace("\\", "\\\\").replace("'", "''")
        values |= {"config": _config(language), "base": f"'{lexeme}'"}
    return (await connection.execute(statement, values)).scalars().all()


def _fts5(base_id: str, term: str) -> str:
    return f"base_id : {_quoted(base_id)} AND {{heading text}} : {_quoted(term)}"


def _config(language: str) -> str:
    return "english" if language == _ENGLISH else "simple"


def _quoted(term: str) -> str:
    """FTS5 reads signs and capitals as operators outside quotes, websearch_to_tsquery in its own way."""
    return '"' + term.replace('"', " ") + '"'
