"""Decides which passages answer a question, from what full text search and embeddings find, without I/O.

A list of each kind is made, and they are joined by reciprocal rank fusion (Cormack, Clarke and Büttcher
2009), which needs no common scale.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence

from server.knowledge.model import Matches
from server.knowledge.stop_words import STOP_WORDS

MAX_TERMS = 12
_RRF = 60
"""The constant of the paper: how little the first places count more than those after them."""
_COVERED = 0.5
"""Share of what a question asks about that a passage must have to answer it. In `tests/bench/knowledge` 94 %
of the questions with an answer have it, and 10 % of the others."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


def terms_of(question: str) -> list[str]:
    """The words of the question that say what it is about, each once, at most MAX_TERMS. If it has none but
    common words, those."""
    words = list(dict.fromkeys(_WORD.findall(unicodedata.normalize("NFC", question).casefold())))
    return [w for w in words if w.partition("'")[0].partition("’")[0] not in STOP_WORDS][:MAX_TERMS] or words[
        :MAX_TERMS
    ]


def weights_of(terms: Sequence[str], matches: Matches) -> dict[str, float]:
    """The weight of each term: how well it tells passages apart (the IDF of BM25, Robertson and Zaragoza
    2009, never below 0). A term that no passage has weighs as one that a single passage has."""
    total = max(matches.total, 1)
    weights = {}
    for term in terms:
        having = max(len(matches.by_term.get(term, ())), 1)
        weights[term] = math.log(1 + (total - having + 0.5) / (having + 0.5))
    return weights


def coverage(terms: Sequence[str], matches: Matches) -> dict[int, float]:
    """For each passage with some of the terms, the share of their weight that it has: 0 to 1."""
    weights = weights_of(terms, matches)
    whole = sum(weights.values()) or 1.0
    covered: defaultdict[int, float] = defaultdict(float)
    for term, weight in weights.items():
        for passage in matches.by_term.get(term, ()):
            covered[passage] += weight / whole
    return dict(covered)


def fused(lists: Iterable[Sequence[int]], limit: int) -> list[int]:
    """The first of several lists of ids joined, best first."""
    scores: defaultdict[int, float] = defaultdict(float)
    for ids in lists:
        for rank, passage in enumerate(ids, 1):
            scores[passage] += 1 / (_RRF + rank)
    return sorted(scores, key=lambda passage: (-scores[passage], passage))[:limit]


def by_words(terms: Sequence[str], matches: Matches, limit: int) -> tuple[list[int], bool]:
    """Passages by their words, best first, and whether the best of them answers the question."""
    covered = coverage(terms, matches)
    ranked = [passage for passage in matches.ranked if passage in covered]
    widest = sorted(ranked, key=lambda passage: -covered[passage])
    found = fused([ranked, widest], limit)
    return found, any(covered[passage] >= _COVERED for passage in found[:3])
