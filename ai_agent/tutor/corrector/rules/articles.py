"""a, an and the."""

from __future__ import annotations

from collections.abc import Iterator

from ai_agent.tutor.corrector import inflection as forms
from ai_agent.tutor.corrector import lexicon as lx
from ai_agent.tutor.corrector.edit import Edit, Rule, insert, replace
from ai_agent.tutor.corrector.parse import Parse, Token
from ai_agent.tutor.corrector.phrases import table

_DETERMINERS = ("det", "poss", "nummod", "predet")


def a_or_an(parse: Parse) -> Iterator[Edit]:
    for article in parse:
        word = parse.after(article)
        if (
            article.low not in ("a", "an")
            or article.dep != "det"
            or len(word.text) < 3
            or not word.low.isalpha()
        ):
            continue
        if (
            word.tag not in ("NN", "JJ", "JJR", "RB", "VBN", "VBG")
            or word.text.isupper()
            or word.low.startswith(("herb", "x", "hist"))
        ):
            continue
        head = parse.head(article)
        if (
            head.tag != "NN"
            or not forms.is_known(word.low)
            or (
                forms.can_be_base(word.low)
                and word.tag == "NN"
                and parse.before(article).tag in ("PRP", "MD")
            )
        ):
            continue
        if article.low == "an" and forms.can_be_base(word.low):
            continue
        right = lx.article(word.low)
        if right != article.low:
            yield replace(article, right, "a_or_an")


def _is_bare(parse: Parse, noun: Token) -> bool:
    return not parse.children(noun, *_DETERMINERS) and parse.child(noun, "conj", "cc", "appos") is None


def job(parse: Parse) -> Iterator[Edit]:
    """ "I am student", "she works as nurse"."""
    for noun in parse:
        if (
            noun.low not in lx.word_set("jobs")
            or noun.tag != "NN"
            or noun.dep not in ("attr", "pobj")
            or not _is_bare(parse, noun)
        ):
            continue
        left = parse.left(noun)
        before, subject = parse.at(left - 1), parse.at(left - 2)
        if (
            any(t.tag not in ("JJ", "NN", "RB", "VBN") for t in parse.tokens[left : noun.i])
            or parse.after(noun).low in ("of", "to")
            or parse.after(noun).is_noun
        ):
            continue
        is_being = before.low in ("am", "is", "'m", "was", "'s", "are", "be", "become", "became") and (
            subject.low in ("i", "he", "she", "you", "to", "been") or subject.low in lx.word_set("people")
        )
        is_as = before.low == "as" and subject.lemma in ("work", "job")
        if ((is_being and noun.dep == "attr") or is_as) and not any(
            t.text[0].isupper() for t in parse.tokens[left : noun.i + 1]
        ):
            yield insert(parse.at(left), lx.article(parse.at(left).low), "a_with_jobs")


def thing(parse: Parse) -> Iterator[Edit]:
    """ "I have dog", "it is good idea": a thing that can be counted."""
    for noun in parse:
        if (
            noun.tag != "NN"
            or noun.low not in lx.word_set("always_counted")
            or not _is_bare(parse, noun)
            or parse.after(noun).is_noun
        ):
            continue
        if parse.children(noun, "compound", "nmod", "appos") or parse.after(noun).low in (
            "-",
            "of",
            "'s",
            "to",
        ):
            continue
        left = parse.left(noun)
        verb = parse.at(left - 1)
        modifiers = parse.tokens[left : noun.i]
        if any(
            t.dep not in ("amod", "advmod")
            or t.tag not in ("JJ", "RB")
            or t.low
            in (
                "many",
                "much",
                "same",
                "next",
                "last",
                "such",
                "other",
                "own",
                "enough",
                "more",
                "which",
                "whose",
                "whatever",
                "first",
            )
            for t in modifiers
        ):
            continue
        is_had = (
            noun.dep == "dobj"
            and verb.lemma in ("have", "want", "need", "buy", "get", "see", "find")
            and verb.is_verb
            and parse.head(noun) == verb
        )
        is_being = (
            noun.dep == "attr"
            and bool(modifiers)
            and verb.low in ("is", "was", "'s")
            and any(t.low in lx.word_set("adjectives") for t in modifiers)
        )
        is_there = noun.dep == "attr" and verb.low in ("is", "was") and parse.before(verb).tag == "EX"
        if is_had or is_being or is_there:
            yield insert(parse.at(left), lx.article(parse.at(left).low), "a_with_one_thing")


def superlative(parse: Parse) -> Iterator[Edit]:
    """ "He is best player in the team"."""
    for best in parse:
        noun = parse.after(best, 2 if best.low == "most" else 1)
        is_superlative = best.tag == "JJS" or (best.low == "most" and parse.after(best).tag == "JJ")
        if is_superlative and best.low != "least" and noun.tag == "NN" and noun.dep == "attr":
            if best.low == "most" and parse.after(best).tag != "JJ":
                continue
            be, follows = parse.before(best), parse.after(noun)
            if (
                be.low in ("is", "was", "'s", "are")
                and follows.low in ("in", "of", "that", "i")
                and not parse.children(noun, *_DETERMINERS)
            ):
                yield insert(best, "the", "the_superlative")


RULES: list[Rule] = [
    a_or_an,
    job,
    thing,
    superlative,
    *table(
        "no_the_games",
        (
            "=play [the] football|tennis|basketball|volleyball|badminton|chess|golf|baseball|rugby|soccer @ends",
            "",
        ),
    ),
    *table(
        "no_the_bed",
        ("=go to [the bed] $", "bed"),
    ),
    *table(
        "in_the_morning",
        ("in [] morning|afternoon|evening @ends !of", "the"),
    ),
    *table("the_internet", ("[in] internet", "on the"), ("on [] internet @ends", "the")),
    *table(
        "most_of",
        ("most [of] people|children|students|women|men @ends !in", ""),
        ("[the] most of the|my|our|people", ""),
        ("[almost] people #VBP", "most"),
    ),
    *table("an_other", ("[an other] #NN", "another")),
    *table("the_country", ("in|to|from [] united|usa|uk|philippines|netherlands states|kingdom? $", "the")),
]
