"""Nouns whose number does not fit, or that lack an article."""

from __future__ import annotations

from ai_agent.tutor.corrector import lexicon as lx
from ai_agent.tutor.corrector.parse import Parse

_BARE_AFTER = frozenset(
    [
        "school",
        "bed",
        "work",
        "home",
        "university",
        "college",
        "hospital",
        "church",
        "class",
        "lunch",
        "dinner",
        "breakfast",
        "bus",
        "train",
        "car",
        "taxi",
        "foot",
    ]
)


def determiner_and_number(parse: Parse) -> bool:
    """ "A books", "these book", "many book", "every books"."""
    for noun in parse:
        if noun.tag not in ("NN", "NNS"):
            continue
        for child in parse.children(noun, "det", "amod", "nummod"):
            is_one = child.low in (
                "a",
                "an",
                "every",
                "each",
                "another",
                "this",
                "that",
                "one",
                "either",
                "neither",
            )
            is_many = child.low in (
                "these",
                "those",
                "many",
                "several",
                "few",
                "both",
                "various",
                "numerous",
                "two",
                "three",
                "four",
                "five",
                "six",
            )
            if is_many and child.low == "few" and parse.before(child).low == "a" and noun.tag == "NNS":
                continue
            if (
                is_one
                and noun.tag == "NNS"
                and noun.low not in lx.word_set("units")
                and not any(
                    c.tag == "CD" or c.low in ("few", "many", "great")
                    for c in parse.children(noun)
                    if c is not child
                )
            ):
                return True
            if (
                is_many
                and noun.tag == "NN"
                and noun.low not in lx.word_set("not_plural+either_number")
                and child.i < noun.i
                and noun.low not in lx.word_set("units")
            ):
                return True
            if (child.low == "much" and noun.tag == "NNS") or (
                child.low == "less" and noun.tag == "NNS" and noun.low not in lx.word_set("units")
            ):
                return True
    return False


def bare_singular(parse: Parse) -> bool:
    """ "I bought car", "he is good student": a thing that can be counted has no article."""
    for noun in parse:
        if (
            noun.tag != "NN"
            or noun.low not in lx.word_set("things+people+jobs+always_counted+counted") - _BARE_AFTER
        ):
            continue
        if (
            noun.dep not in ("dobj", "pobj", "attr", "nsubj", "nsubjpass", "conj")
            or parse.after(noun).is_noun
            or parse.before(noun).low in ("-", "by", "as", "no", "what", "which")
        ):
            continue
        if noun.dep == "conj" and parse.children(parse.head(noun), "det", "poss", "nummod"):
            continue
        if noun.low in (
            "time",
            "day",
            "night",
            "life",
            "fun",
            "language",
            "sport",
            "place",
            "cake",
            "chess",
            "tennis",
            "football",
            "lesson",
            "birthday",
        ):
            if noun.dep in ("pobj", "nsubj", "conj") or noun.low in ("time", "fun", "cake"):
                continue
        compound = parse.child(noun, "compound", "nmod")
        if compound is not None and compound.low not in lx.word_set("sure_verbs+learner_verbs"):
            continue
        if not parse.children(noun, "det", "poss", "nummod", "predet", "quantmod") and not any(
            c.low
            in (
                "such",
                "many",
                "much",
                "some",
                "any",
                "another",
                "which",
                "whose",
                "last",
                "next",
                "each",
                "own",
                "enough",
                "more",
                "most",
                "same",
                "other",
            )
            for c in parse.children(noun)
        ):
            return True
    return False


def uncountable_counted(parse: Parse) -> bool:
    for noun in parse:
        if noun.low in lx.UNCOUNTED or noun.low in lx.WRONG_PLURALS:
            return True
        if (
            noun.low in lx.word_set("never_one")
            and any(
                c.low in ("a", "an", "many", "few", "these", "those", "several") for c in parse.children(noun)
            )
            and not parse.after(noun).is_noun
        ):
            return True
    return False
