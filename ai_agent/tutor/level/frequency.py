"""The frequency of an English word: its place in the reduced WordNet, whose words are in order of
frequency."""

from __future__ import annotations

from functools import cache
from importlib import resources

from ai_agent.tutor.words.forms import lemmas
from ai_agent.tutor.words.glossary import glossary

COMMON = 1_000
"""Rank of the words of our own glossary at the most: those that learners meet first."""
UNLISTED = 100_000
_DATA = resources.files("ai_agent.tutor.words") / "data"
_CONTRACTIONS = ("n't", "'s", "'m", "'re", "'ve", "'ll", "'d")


def rank(word: str) -> int:
    """1 for the commonest word; UNLISTED if it is in no list. Forms count as their word."""
    plain = word.lower().replace("’", "'")
    for ending in _CONTRACTIONS:
        plain = plain.removesuffix(ending)
    if not plain or plain in _small_words():
        return 1
    ranks = _ranks()
    return min((ranks[lemma] for lemma in lemmas(plain) if lemma in ranks), default=UNLISTED)


@cache
def _small_words() -> frozenset[str]:
    """Words without an entry in WordNet, which has nouns, verbs, adjectives and adverbs alone."""
    return frozenset((_DATA / "small_words.txt").read_text("utf-8").split())


@cache
def _ranks() -> dict[str, int]:
    text = (_DATA / "wordnet.tsv").read_text("utf-8")
    ordered = dict.fromkeys(line.partition("\t")[0] for line in text.splitlines())
    ranks = {word: place for place, word in enumerate(ordered, 1)}
    for pair in glossary():
        for part in pair.word.split():
            ranks[part] = min(ranks.get(part, COMMON), COMMON)
    return ranks
