"""Forms of words, by lemminflect and, for what it does not know, by rules of spelling."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from lemminflect import getAllLemmas, getInflection

from ai_agent.tutor.corrector import lexicon as lx

PLURAL_ONLY = frozenset(["trousers", "jeans", "scissors", "glasses", "clothes", "thanks", "goods"])
_BE = {"VBZ": "is", "VBP": "are", "VBD": "was", "VBN": "been", "VBG": "being", "VB": "be"}


@lru_cache(4096)
def _form(lemma: str, tag: str) -> str:
    if lemma == "be":
        return _BE[tag]
    known = {"VBD": lx.PAST, "VBN": lx.PARTICIPLE}.get(tag, {})
    if lemma in known:
        return known[lemma]
    forms = cast("tuple[str, ...]", getInflection(lemma, tag=tag))
    return forms[0] if forms else lemma


def past(lemma: str) -> str:
    return _form(lemma, "VBD")


def participle(lemma: str) -> str:
    return _form(lemma, "VBN")


def ing(lemma: str) -> str:
    return _form(lemma, "VBG")


def third(lemma: str) -> str:
    return _form(lemma, "VBZ")


def plural(noun: str) -> str:
    return lx.PLURALS_OF.get(noun) or _form(noun, "NNS")


def comparative(adjective: str) -> str:
    return lx.graded(adjective, "er")


def superlative(adjective: str) -> str:
    return lx.graded(adjective, "est")


@lru_cache(8192)
def lemmas(word: str, pos: str) -> tuple[str, ...]:
    """Lemmas of a word as a "VERB", "NOUN", "ADJ" or "ADV"; empty if it is never one."""
    found = cast("dict[str, tuple[str, ...]]", getAllLemmas(word))
    return tuple(found.get(pos, ()))


def is_known(word: str) -> bool:
    """Whether it is an English content word in any form."""
    return bool(getAllLemmas(word))


def base(word: str) -> str:
    """The base form of a verb form. The word itself if it is not one."""
    if word in lx.BASE_OF:
        return lx.BASE_OF[word]
    found = lemmas(word, "VERB")
    return found[0] if found else word


def can_be_base(word: str) -> bool:
    return word in lemmas(word, "VERB")
