"""Comparatives and superlatives."""

from __future__ import annotations

import re

from ai_agent.tutor.corrector import lexicon as lx
from ai_agent.tutor.corrector.rule import rule

_C = "comparative"
_ER = "Add -er or -est to short adjectives."
_MORE = "Use more or most with long adjectives."
_COMPARATIVES = "|".join(lx.comparative(a) for a in lx.words("short_adjectives")) + "|better|worse|further"
_LONG_ER = {
    form: adjective
    for adjective in (*lx.words("long_adjectives"), "famous", "bored", "modern", "special")
    for form in {lx.comparative(adjective), lx.superlative(adjective)}
}
_GOOD = {
    "gooder": "better", "goodest": "best", "badder": "worse", "baddest": "worst", "worser": "worse", "bestest": "best",
    "worstest": "worst", "betterer": "better", "farrer": "farther", "littler": "smaller", "funner": "more fun",
}  # fmt: skip
_OBJECT = r"(?:me|him|her|us|them|mine|yours|his|hers|ours|theirs|my|your|the|this|these|german|french|english|before|yesterday|last)"


def _long(match: re.Match[str]) -> str:
    form = match[0].lower()
    return f"{'most' if form.endswith('est') else 'more'} {_LONG_ER[form]}"


RULES = [
    rule(rf"\b(?:more|much more) ({_COMPARATIVES})\b", lambda m: ("much " if m[0].lower().startswith("much") else "") + m[1], _C,
         "Do not use more with a form in -er."),
    rule(r"\bmost (" + "|".join(lx.superlative(a) for a in lx.words("short_adjectives")) + r"|best|worst)\b", r"\1", _C,
         "Do not use most with a form in -est, or with best and worst."),
    rule(r"\b(?:much )?more (<short>)(?=\s+than\b|\s*$|[.,!?]|\s+(?:and|for|in)\b)",
         lambda m: ("much " if m[0].lower().startswith("much") else "") + lx.comparative(m[1].lower()), _C, _ER),
    rule(r"\bmore good\b", "better", _C, "Say: good, better, best."),
    rule(r"\bmore bad\b", "worse", _C, "Say: bad, worse, worst."),
    rule(r"\bmost good\b", "best", _C, "Say: good, better, best."),
    rule(r"\bmost bad\b", "worst", _C, "Say: bad, worse, worst."),
    rule(r"\b(the|my|his|her|our) most (<short>)\b", lambda m: f"{m[1]} {lx.superlative(m[2].lower())}", _C, _ER),
    rule(r"\b(" + "|".join(_GOOD) + r")\b", lambda m: _GOOD[m[1].lower()], _C, "This comparative is irregular: good, better, best; bad, worse, worst."),
    rule(r"\b(?:" + "|".join(sorted(_LONG_ER, key=len, reverse=True)) + r")\b", _long, _C, _MORE),
    rule(rf"\b((?:{_COMPARATIVES})|more (?:<long>)) (?:that|then|from|as) (?={_OBJECT}\b)(?!the (?:way|time|day)|this (?:way|time|morning)|my "
         r"(?:house|home|office) to)", r"\1 than ", _C, "Use than after a comparative: bigger than."),
    rule(r"\bas (<adj>) than\b", r"as \1 as", _C, "Use as twice: as big as."),
    rule(r"\bso (tall|big|old|good|bad|rich|fast|expensive|small) like (?=me|him|her|my|his|your|the)", r"as \1 as ", _C, "Use as twice: as big as."),
    rule(r"\bthe same (?:like|than|with) (?=me|him|her|my|his|your|mine|yours|the|you|in|us|them)", "the same as ", _C, "Say: the same as."),
]  # fmt: skip
