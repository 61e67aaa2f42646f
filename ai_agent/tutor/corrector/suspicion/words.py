"""Words that are no English, or used as what they never are, and texts that no sentence is made of."""

from __future__ import annotations

import re
from itertools import pairwise

from ai_agent.tutor.corrector import inflection as forms
from ai_agent.tutor.corrector import lexicon as lx
from ai_agent.tutor.corrector.parse import Parse

_OPEN_TAGS = ("NN", "NNS", "VB", "VBD", "VBG", "VBN", "VBP", "VBZ", "JJ", "RB")


_GLUED = re.compile(r"[a-z][.?!,][A-Za-z]|\w/\w|[<>{}\[\]_=]|\.\.")


def misspelled(parse: Parse) -> bool:
    return any(
        (token.tag in _OPEN_TAGS or (token.text.islower() and parse.text[0].isupper() and token.tag in ("NNP", "NNPS"))) and len(token.low) > 2 and token.low.isalpha() and not forms.is_known(token.low)
        and token.low not in lx.word_set("known+languages+countries+days+months+numbers")
        and not (token.text[0].isupper() and token.i > 0)
        for token in parse
    )  # fmt: skip


def wrong_part_of_speech(parse: Parse) -> bool:
    """A word used as what it never is: "a choose", "very success"."""
    for token in parse:
        if len(token.low) < 3 or not token.low.isalpha() or (token.text[0].isupper() and token.i > 0):
            continue
        if token.low in lx.word_set("known+languages+countries+days+months+numbers") or not forms.is_known(
            token.low
        ):
            continue
        pos = {
            "NN": "NOUN",
            "NNS": "NOUN",
            "VB": "VERB",
            "VBP": "VERB",
            "VBZ": "VERB",
            "VBD": "VERB",
            "VBN": "VERB",
            "VBG": "VERB",
            "JJ": "ADJ",
        }.get(token.tag)
        if (
            pos == "NOUN"
            and not forms.lemmas(token.low, "NOUN")
            and not token.low.endswith("ing")
            and token.tag == "NN"
            and forms.lemmas(token.low, "VERB")
        ):
            return True
        if pos == "VERB" and not forms.lemmas(token.low, "VERB") and token.low not in lx.BASE_OF:
            return True
        if (
            pos == "ADJ"
            and not forms.lemmas(token.low, "ADJ")
            and not forms.lemmas(token.low, "ADV")
            and not forms.lemmas(token.low, "VERB")
        ):
            if (
                forms.lemmas(token.low, "NOUN")
                and token.low not in ("many", "few", "several", "own")
                and parse.before(token).low in ("very", "so", "too", "more", "most", "is", "are", "was", "be")
            ):
                return True
    return False


def glued(parse: Parse) -> bool:
    return bool(_GLUED.search(parse.text)) or any(
        token.tag in ("XX", "FW", "ADD", "LS", "GW") for token in parse
    )


def repeated(parse: Parse) -> bool:
    words = [t for t in parse if t.is_word]
    return any(
        a.low == b.low and a.low not in ("had", "that", "very", "so", "bye", "ha", "no", "yes", "really", "is") and b.i == a.i + 1
        for a, b in pairwise(words)
    )  # fmt: skip


def unclassified(parse: Parse) -> bool:
    """The parser itself found no relation."""
    return any(token.dep in ("dep", "meta") for token in parse)
