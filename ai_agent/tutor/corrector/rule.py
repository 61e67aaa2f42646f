"""A rule: a pattern, its replacement, and the explanation for the learner.

Patterns are regular expressions in which `<name>` matches a class of words: see CLASSES. They are for
spoken text: case is ignored, and no punctuation is needed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ai_agent.tutor.corrector import lexicon as lx

Replace = Callable[[re.Match[str]], str | None]

CLASSES = {
    "base": "|".join(sorted(lx.BASES, key=len, reverse=True)),
    "sure": "|".join(sorted(lx.SURE, key=len, reverse=True)),
    "third": "|".join(sorted(lx.THIRD, key=len, reverse=True)),
    "past": "|".join(sorted(lx.PAST_OF, key=len, reverse=True)),
    "pastonly": "|".join(sorted(lx.PAST_ONLY, key=len, reverse=True)),
    "ing": "|".join(sorted(lx.ING, key=len, reverse=True)),
    "wrongpast": "|".join(sorted(lx.WRONG_PAST, key=len, reverse=True)),
    "person": lx.alternatives("people"),
    "persons": lx.alternatives("people_plural"),
    "thing": lx.alternatives("things"),
    "things": "|".join(sorted(lx.PLURALS, key=len, reverse=True)),
    "mass": lx.alternatives("uncountable"),
    "neverone": lx.alternatives("never_one"),
    "job": lx.alternatives("jobs"),
    "short": lx.alternatives("short_adjectives"),
    "long": lx.alternatives("long_adjectives"),
    "adj": lx.alternatives("adjectives", "short_adjectives", "long_adjectives"),
    "color": lx.alternatives("colors"),
    "lang": lx.alternatives("languages"),
    "month": lx.alternatives("months"),
    "day": lx.alternatives("days"),
    "number": lx.alternatives("numbers") + r"|\d+",
    "country": lx.alternatives("countries"),
    "sport": lx.alternatives("sports"),
    "subject": lx.alternatives("subjects"),
    "adv": lx.alternatives("adverbs"),
    "poss": "my|your|his|her|our|their",
    "det": "my|your|his|her|our|their|the|this|that",
    "obj": "me|you|him|her|us|them",
    "subj": "i|you|he|she|it|we|they",
    "be": "am|is|are|was|were",
    "much": "very|really|so|too|quite|a bit|a little",
    "unit": "minutes?|hours?|days?|weeks?|months?|years?",
    # Words that may follow the end of a noun phrase.
    "ends": r"(?=\s*(?:$|[.,!?;])|\s+(?:in|on|at|and|but|or|with|for|from|near|now|because|who|that|to|of|"
    r"when|if|by|about|then|so|here|there|today|yesterday|tomorrow|is|are|was|were|every|after|before|during|last|this)\b)",
    "wasthen": r"(?:yesterday|last (?:night|week|weekend|month|year|summer|winter|spring|autumn|<day>)|"
    r"(?:a|an|one|<number>|some|many|a few|several) (?:<unit>) ago)",
    "start": r"(?:^|[.,!?;] ?|\b(?:and|but|because|so|that|then|when|while|if|think|know|said|says|believe|"
    r"maybe|perhaps|sometimes|usually|now|today) )",
}
_CLASS = re.compile(r"(?<!\?P)<([a-z]+)>")


def expand(pattern: str) -> str:
    while _CLASS.search(pattern):
        pattern = _CLASS.sub(lambda name: f"(?:{CLASSES[name[1]]})", pattern)
    return pattern


@dataclass(frozen=True, slots=True)
class Rule:
    """`replace` returns the replacement of the whole match, or None if the rule does not apply."""

    pattern: re.Pattern[str]
    replace: Replace
    category: str
    why: str


def rule(pattern: str, replace: str | Replace, category: str, why: str) -> Rule:
    compiled = re.compile(expand(pattern), re.IGNORECASE)
    if callable(replace):
        return Rule(compiled, replace, category, why)
    template = replace
    return Rule(compiled, lambda match: match.expand(template), category, why)
