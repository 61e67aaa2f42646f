"""Words at odd places."""

from __future__ import annotations

import re

from ai_agent.tutor.corrector import lexicon as lx
from ai_agent.tutor.corrector.parse import FINITE, Parse

_BE = frozenset({"am", "is", "are", "was", "were", "'m", "'re", "be", "been"})


_PRONOUNS = frozenset({"i", "you", "he", "she", "it", "we", "they"})


_OBJECTS = frozenset({"me", "him", "us", "them"})


def odd_order(parse: Parse) -> bool:
    """ "I very like", "what you do", "is enough good", "I go always"."""
    for token in parse:
        following = parse.after(token)
        if (
            token.low == "very"
            and following.tag in ("VBP", "VBZ", "VB", "VBD", "MD")
            and following.low != "much"
        ):
            return True
        if token.low == "enough" and following.tag == "JJ" and parse.before(token).low in _BE:
            return True
        if (
            token.dep in ("attr", "acomp")
            and token.tag == "RB"
            and token.low.endswith("ly")
            and token.low not in ("only", "really", "early", "likely", "friendly", "daily", "probably")
        ):
            return True
        if token.low == "own" and following.low in ("'s", "s"):
            return True
        if (token.low == "that" and following.low == "what") or (
            token.low in ("a", "an") and following.low in ("lots", "few") and following.low == "lots"
        ):
            return True
        if token.low == "own" and token.tag == "JJ" and parse.before(token).tag not in ("PRP$", "POS"):
            return True
        if (token.low == "sometime" and any(t.tag in ("VBP", "VBZ") for t in parse)) or token.low in (
            "everytimes",
            "alot",
            "alright",
            "sometime",
        ):
            return True
        if (
            token.low in _OBJECTS
            and token.dep == "nsubj"
            and parse.head(token).tag in ("VBP", "VBZ", "VBD")
            and token.i < parse.head(token).i
            and parse.head(token).dep == "ROOT"
        ):
            return True
        if (
            (token.tag == "RP" or token.low in ("back", "up", "off", "away"))
            and parse.before(token).is_verb
            and following.low in (*_OBJECTS, "it", "her")
            and parse.head(token).is_verb
            and following.dep in ("dobj", "pobj")
            and token.dep != "prep"
        ):
            return True
        if (token.low == "more" and following.tag in ("JJR", "RBR")) or (
            token.low == "most" and following.tag == "JJS"
        ):
            return True
        if (token.low == "the" and following.low == "one" and parse.after(following).low == "of") or (
            token.low == "some" and following.low == "times"
        ):
            return True
        if token.low in ("am", "is", "are", "was", "were") and following.low in (
            "am",
            "is",
            "are",
            "was",
            "were",
        ):
            return True
    first = parse.at(0)
    if (
        first.low in ("what", "where", "why", "how")
        and parse.at(1).low in _PRONOUNS
        and not any(t.tag in FINITE for t in parse.tokens[3:])
    ):
        return True
    return parse.text.endswith("?") and bool(
        re.search(r", (?:is|are|do|does|did|was|were)n't\?$", parse.text)
    )


def odd_phrase(parse: Parse) -> bool:
    """A determiner without a noun, two determiners, "friends what", "hers friends", "doesn't sure"."""
    for token in parse:
        following = parse.after(token)
        if token.low in ("hers", "theirs", "ours", "mine", "yours") and following.is_noun:
            return True
        if (
            token.is_noun
            and following.low == "what"
            and not any(t.lemma in ("ask", "tell", "show", "know") for t in parse)
        ):
            return True
        if (
            token.low in ("n't", "not")
            and parse.before(token).low in ("do", "does", "did")
            and following.tag in ("JJ", "DT")
        ):
            return True
        if token.low in ("a", "an", "the") and token.tag == "DT":
            if (not following.is_word and following.text not in ('"', "'", "$", "-")) or (
                following.tag in ("IN", "DT", "PRP", "PRP$", "MD", "VB", "VBZ", "VBP", "CC", "TO", "WDT")
                and following.low not in ("like", "both", "all")
            ):
                return True
            if (
                parse.head(token).is_verb and parse.head(token).tag != "VBG" and token.dep == "det"
            ) or parse.head(token).i < token.i:
                return True
        if (
            token.tag == "PRP$"
            and following.tag in ("DT", "PRP", "IN", "MD", "VBZ", "PRP$")
            and following.low != "like"
        ):
            return True
        if (
            token.tag == "IN"
            and token.dep == "prep"
            and not parse.children(token)
            and token.i == len(parse.words()) - 1
            and not any(t.tag in ("WP", "WDT", "WRB", "TO") for t in parse)
        ):
            if (
                parse.head(token).tag != "VBN"
                and not any(t.dep in ("relcl", "acl") for t in parse)
                and token.low
                not in ("in", "on", "around", "over", "by", "off", "up", "before", "since", "down", "though")
            ):
                return True
        if (
            token.low in ("a", "an")
            and parse.after(token).is_word
            and token.dep == "det"
            and following.low.isalpha()
            and following.tag in ("NN", "JJ")
            and lx.article(following.low) != token.low
            and not following.text.isupper()
            and following.low[0] not in "hu"
        ):
            return True
    return False
