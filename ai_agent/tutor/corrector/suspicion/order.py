"""Words at odd places. Each rule looks at one word and its neighbours."""

from __future__ import annotations

import re

from ai_agent.tutor.corrector import lexicon as lx
from ai_agent.tutor.corrector.parse import FINITE, Parse, Token

_FINITE_BE = frozenset({"am", "is", "are", "was", "were"})
_BE = _FINITE_BE | {"'m", "'re", "be", "been"}
_PRONOUNS = frozenset({"i", "you", "he", "she", "it", "we", "they"})
_OBJECTS = frozenset({"me", "him", "us", "them"})
_LY_AFTER_BE = frozenset({"only", "really", "early", "likely", "friendly", "daily", "probably"})
"""Adverbs in -ly that may stand after "be"."""
_MISSPELT = frozenset({"everytimes", "alot", "alright", "sometime"})
_PAIRS = frozenset(
    {("that", "what"), ("a", "lots"), ("an", "lots"), ("some", "times"), ("own", "'s"), ("own", "s")}
)
_MAY_END = frozenset({"in", "on", "around", "over", "by", "off", "up", "before", "since", "down", "though"})
"""Prepositions that also are adverbs, at the end of a sentence."""
_AFTER_ARTICLE = frozenset({"IN", "DT", "PRP", "PRP$", "MD", "VB", "VBZ", "VBP", "CC", "TO", "WDT"})
"""Tags that cannot follow an article."""
_ODD_TAG = re.compile(r", (?:is|are|do|does|did|was|were)n't\?\Z")


def odd_order(parse: Parse) -> bool:
    """ "I very like", "what you do", "is enough good", "pick up it"."""
    rules = (_odd_degree, _odd_pair, _is_object_as_subject, _is_particle_before_pronoun)
    if any(rule(parse, token) for token in parse for rule in rules):
        return True
    return _asks_without_verb(parse) or bool(_ODD_TAG.search(parse.text))


def odd_phrase(parse: Parse) -> bool:
    """A determiner without a noun, two determiners, "friends what", "hers friends", "doesn't sure"."""
    rules = (_odd_possessive, _odd_relative, _odd_negation, _odd_article, _is_wrong_article, _is_left_alone)
    return any(rule(parse, token) for token in parse for rule in rules)


def _odd_degree(parse: Parse, token: Token) -> bool:
    """ "very like", "is enough good", "is slowly", "more better", "most best"."""
    following = parse.after(token)
    match token.low:
        case "very":
            return following.tag in ("VBP", "VBZ", "VB", "VBD", "MD") and following.low != "much"
        case "enough" if following.tag == "JJ" and parse.before(token).low in _BE:
            return True
        case "more":
            return following.tag in ("JJR", "RBR")
        case "most":
            return following.tag == "JJS"
        case _:
            is_adverb = token.tag == "RB" and token.low.endswith("ly")
            return token.dep in ("attr", "acomp") and is_adverb and token.low not in _LY_AFTER_BE


def _odd_pair(parse: Parse, token: Token) -> bool:
    """ "that what", "a lots", "the one of", "some times", "is are", "alot", "an own room"."""
    following = parse.after(token)
    if token.low in _MISSPELT or (token.low, following.low) in _PAIRS:
        return True
    if token.low in _FINITE_BE and following.low in _FINITE_BE:
        return True
    if token.low == "own" and token.tag == "JJ":
        return parse.before(token).tag not in ("PRP$", "POS")
    return (token.low, following.low, parse.after(following).low) == ("the", "one", "of")


def _is_object_as_subject(parse: Parse, token: Token) -> bool:
    """ "Me like it"."""
    if token.low not in _OBJECTS or token.dep != "nsubj":
        return False
    verb = parse.head(token)
    return verb.tag in ("VBP", "VBZ", "VBD") and verb.dep == "ROOT" and token.i < verb.i


def _is_particle_before_pronoun(parse: Parse, token: Token) -> bool:
    """ "pick up it"."""
    following = parse.after(token)
    return (
        (token.tag == "RP" or token.low in ("back", "up", "off", "away"))
        and token.dep != "prep"
        and parse.before(token).is_verb
        and parse.head(token).is_verb
        and following.low in (*_OBJECTS, "it", "her")
        and following.dep in ("dobj", "pobj")
    )


def _asks_without_verb(parse: Parse) -> bool:
    """ "What you do?"."""
    return (
        parse.at(0).low in ("what", "where", "why", "how")
        and parse.at(1).low in _PRONOUNS
        and not any(t.tag in FINITE for t in parse.tokens[3:])
    )


def _odd_possessive(parse: Parse, token: Token) -> bool:
    """ "hers friends", "my the friend"."""
    following = parse.after(token)
    if token.low in ("hers", "theirs", "ours", "mine", "yours") and following.is_noun:
        return True
    return (
        token.tag == "PRP$"
        and following.tag in ("DT", "PRP", "IN", "MD", "VBZ", "PRP$")
        and following.low != "like"
    )


def _odd_relative(parse: Parse, token: Token) -> bool:
    """ "friends what"."""
    if not token.is_noun or parse.after(token).low != "what":
        return False
    return not any(t.lemma in ("ask", "tell", "show", "know") for t in parse)


def _odd_negation(parse: Parse, token: Token) -> bool:
    """ "doesn't sure"."""
    if token.low not in ("n't", "not") or parse.before(token).low not in ("do", "does", "did"):
        return False
    return parse.after(token).tag in ("JJ", "DT")


def _odd_article(parse: Parse, token: Token) -> bool:
    """An article without its noun: "the of", "a my friend", "I bought a"."""
    if token.low not in ("a", "an", "the") or token.tag != "DT":
        return False
    following, head = parse.after(token), parse.head(token)
    if not following.is_word and following.text not in ('"', "'", "$", "-"):
        return True
    if following.tag in _AFTER_ARTICLE and following.low not in ("like", "both", "all"):
        return True
    return (head.is_verb and head.tag != "VBG" and token.dep == "det") or head.i < token.i


def _is_left_alone(parse: Parse, token: Token) -> bool:
    """A preposition that ends the sentence without a noun: "I listen to"."""
    return (
        token.tag == "IN"
        and token.dep == "prep"
        and token.low not in _MAY_END
        and not parse.children(token)
        and token.i == len(parse.words()) - 1
        and parse.head(token).tag != "VBN"
        and not any(t.tag in ("WP", "WDT", "WRB", "TO") or t.dep in ("relcl", "acl") for t in parse)
    )


def _is_wrong_article(parse: Parse, token: Token) -> bool:
    """ "a apple", "an book"; before h and u the letter does not say it."""
    following = parse.after(token)
    return (
        token.low in ("a", "an")
        and token.dep == "det"
        and following.is_word
        and following.low.isalpha()
        and following.low[0] not in "hu"
        and following.tag in ("NN", "JJ")
        and not following.text.isupper()
        and lx.article(following.low) != token.low
    )
