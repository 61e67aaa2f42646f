"""Comparatives and superlatives."""

from __future__ import annotations

from collections.abc import Iterator

from ai_agent.tutor.corrector import inflection as forms
from ai_agent.tutor.corrector import lexicon as lx
from ai_agent.tutor.corrector.edit import Edit, Rule, remove, replace
from ai_agent.tutor.corrector.parse import Parse
from ai_agent.tutor.corrector.phrases import table

_SHORT = lx.word_set("short_adjectives")
_ER = {forms.comparative(a): a for a in _SHORT} | {"better": "good", "worse": "bad", "further": "far"}
_EST = {forms.superlative(a): a for a in _SHORT} | {"best": "good", "worst": "bad"}
_LONG = {
    form: adjective
    for adjective in lx.word_set("long_adjectives")
    for form in (lx.graded(adjective, "er"), lx.graded(adjective, "est"))
}
_GOOD = {
    "gooder": "better",
    "goodest": "best",
    "badder": "worse",
    "baddest": "worst",
    "worser": "worse",
    "bestest": "best",
    "farrer": "farther",
}


def doubled(parse: Parse) -> Iterator[Edit]:
    """ "More better", "the most biggest"."""
    for more in parse:
        word, after = parse.after(more), parse.after(more, 2)
        if (
            more.low == "more"
            and word.low in _ER
            and word.low not in ("lower", "later", "further")
            and not after.is_noun
            and after.tag != "JJ"
        ):
            yield remove(more, "no_more_with_er")
        if more.low == "most" and word.low in _EST:
            yield remove(more, "no_most_with_est")


def short(parse: Parse) -> Iterator[Edit]:
    """ "More tall than", "the most happy"."""
    for more in parse:
        word, after = parse.after(more), parse.after(more, 2)
        if (
            more.low == "more"
            and word.low in _SHORT - _BOTH
            and (word.tag == "JJ" or word.low == "fast")
            and after.low == "than"
        ):
            yield replace(more, forms.comparative(word.low), "er", word)
        if (
            more.low == "more"
            and word.low in ("good", "bad")
            and word.tag == "JJ"
            and not after.is_noun
            and not (after.low == "than" and parse.after(after).tag == "JJ")
        ):
            yield replace(more, {"good": "better", "bad": "worse"}[word.low], "good_better", word)
        if (
            more.low == "most"
            and word.low in (_SHORT - _BOTH) | {"good", "bad"}
            and word.tag == "JJ"
            and parse.before(more).low in ("the", "my", "his", "her", "our")
        ):
            yield replace(more, forms.superlative(word.low), "er", word)


_BOTH = frozenset(
    [
        "angry",
        "clean",
        "clear",
        "kind",
        "quiet",
        "pretty",
        "tired",
        "lucky",
        "ugly",
        "friendly",
        "healthy",
        "lazy",
        "dark",
        "sweet",
        "weak",
        "near",
        "late",
    ]
) - {"lazy", "weak", "late", "dark", "clean"}


def long(parse: Parse) -> Iterator[Edit]:
    """ "Beautifuler"."""
    for word in parse:
        if word.low in _LONG:
            yield replace(word, f"{'most' if word.low.endswith('est') else 'more'} {_LONG[word.low]}", "more")
        if word.low in _GOOD:
            yield replace(word, _GOOD[word.low], "good_better")


def than(parse: Parse) -> Iterator[Edit]:
    """ "Taller then me", "more expensive that this"."""
    for word in parse:
        given, what = parse.after(word), parse.after(word, 2)
        is_comparative = (word.low in _ER and word.tag in ("JJR", "RBR")) or (
            parse.before(word).low == "more" and word.tag == "JJ"
        )
        if (
            is_comparative
            and given.low in ("then", "that", "from", "as")
            and what.low
            in (
                "me",
                "him",
                "her",
                "us",
                "them",
                "mine",
                "yours",
                "my",
                "your",
                "his",
                "before",
                *tuple(lx.word_set("languages")),
            )
        ):
            following = parse.after(what)
            if (
                what.low in ("my", "your", "his", "her")
                and given.low in ("that", "from", "as")
                and following.is_noun
                and parse.after(following).is_word
            ):
                continue
            yield replace(given, "than", "than")


RULES: list[Rule] = [
    doubled,
    short,
    long,
    than,
    *table("as_as", ("as #JJ [than] me|him|her|us|them|my|his|your|the", "as")),
    *table("same_as", ("the same [like|than] me|him|her|my|his|mine|yours|the|you|us|them", "as")),
]
