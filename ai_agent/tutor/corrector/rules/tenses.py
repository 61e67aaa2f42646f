"""Tenses."""

from __future__ import annotations

import re

from ai_agent.tutor.corrector import lexicon as lx
from ai_agent.tutor.corrector.rule import expand, rule

_PAST = "Use the past simple for a finished time."
_SINCE = "Use have for something that began in the past and continues: I have lived here since 2015."
_FOR = "Use for with a length of time, and since with the time when it began."
_WHO = r"(?:i|we|they|he|she|you|(?:<poss>) <person>|(?:<poss>) <persons>)"
_MARK = r"(?:<wasthen>|this morning|in (?:19|20)[0-2]\d)"
_SPAN = r"(?:(?:a|an|one|<number>|some|many|a few|several) (?:<unit>|decades?)|a long time|ages)"


def _to_past(match: re.Match[str]) -> str | None:
    verb = match["verb"].lower()
    base = lx.THIRD.get(verb, verb)
    if base in lx.SAME_PAST and verb == base:
        return None
    start, end = match.start("verb") - match.start(), match.end("verb") - match.start()
    return match[0][:start] + lx.past(base) + match[0][end:]


def _simple(match: re.Match[str]) -> str | None:
    """ "I have seen him yesterday" -> "I saw him yesterday"."""
    participle, who, rest = match["verb"].lower(), match["who"], match["rest"]
    if re.search(r"\b(since|for|until|before|in the|over the|during the)\s*$", rest):
        return None
    if participle == "been":
        if rest.startswith(" to "):
            return f"{who} went{rest}{match['mark']}"
        be = "was" if who.lower() in ("i", "he", "she", "it") else "were"
        return f"{who} {be}{rest}{match['mark']}"
    base = lx.PARTICIPLE_OF.get(participle)
    return base and f"{who} {lx.past(base)}{rest}{match['mark']}"


def _have(who: str) -> str:
    first = who.lower().split()[-1]
    return (
        "has"
        if first in ("he", "she", "it")
        or (who.lower().split()[0] in ("my", "his", "her") and not first.endswith("s"))
        else "have"
    )


def _perfect(match: re.Match[str]) -> str | None:
    verb, who, rest = match["verb"].lower(), match["who"], match["rest"]
    if re.search(r"\b(?:when|if|because|but|and|was|were|will|did)\b", rest):
        return None
    if re.match(r" (?:been|not|never|always|already|just|had|ever)\b", rest) or (
        rest.split()[:1] and rest.split()[0] in lx.PARTICIPLE_OF
    ):
        return None
    base = lx.THIRD.get(verb, verb)
    return f"{who} {_have(who)} {lx.participle(base)}{rest}{_right_span(match['span'])}"


def _perfect_ing(match: re.Match[str]) -> str | None:
    return f"{match['who']} {_have(match['who'])} been {match['verb']}{match['rest']}{_right_span(match['span'])}"


def _perfect_be(match: re.Match[str]) -> str | None:
    return f"{match['who']} {_have(match['who'])} been{match['rest']}{_right_span(match['span'])}"


def _right_span(span: str) -> str:
    fixed = re.compile(expand(rf"^since (?={_SPAN}\b)"), re.IGNORECASE).sub("for ", span)
    return re.sub(r" ago$", "", fixed)


def _without_will(match: re.Match[str]) -> str:
    verb = match["verb"].lower()
    form = lx.third(verb) if match["who"].lower() in ("he", "she", "it") else verb
    if verb == "be":
        form = {"i": "am", "he": "is", "she": "is", "it": "is"}.get(match["who"].lower(), "are")
    return f"{match['when']} {match['who']} {form}"


def _unreal(match: re.Match[str]) -> str:
    verb = match["verb"].lower()
    return f"if {match['who']} {'were' if verb == 'be' else lx.past(verb)}{match['rest']}"


_SINCE_POINT = r"since (?:(?:19|20)\d\d|last \w+|<month>|<day>|yesterday|january|childhood|my \w+|i \w+|a long time|<SPAN>(?: ago)?)"
_SPAN_OF = r"(?P<span>(?:<SINCE>|for (?:<SPAN>)))".replace("<SINCE>", _SINCE_POINT).replace("<SPAN>", _SPAN)
_REST = r"(?P<rest>(?: [\w']+){0,6}? )"

RULES = [
    rule(rf"^(?:{_MARK})(?: (?:morning|evening|afternoon|night))?,? (?:{_WHO}) (?:(?:<adv>) )?(?P<verb>(?!(?:be|have|has|do|does)\b)(?:<base>|<third>))\b"
         r"(?! to have)", _to_past, "tense", _PAST),
    rule(rf"^(?:{_WHO}) (?P<verb>(?!(?:be|do|does)\b)(?!(?:have|has) (?!a|an|the|my|lunch|dinner|breakfast|fun|no|some)\b)(?:<base>|<third>))\b(?= (?:[\w']+ ){{0,7}}?(?<!\band )(?<!\bbut )(?<!\bso )(?:<wasthen>)\b)(?!.*\b(?:since|before|until|for)\b)",
         _to_past, "tense", _PAST),
    rule(r"^(?:(?:<wasthen>) )(?:my|the|our|his|her) \w+ (?P<verb>break|go|come|die|begin|fall|get|leave|give|take|buy|make|lose)s?\b",
         lambda m: m[0][: m.start("verb") - m.start()] + lx.past(m["verb"].lower()), "tense", _PAST),
    rule(rf"\b(?P<who>{_WHO}) (?:have|has) (?P<verb>been|seen|met|gone|bought|visited|eaten|done|watched|finished|started|"
         rf"arrived|lost|found|talked|called|played|worked|studied|read|had|made|come|left|told|heard|taken|written|travelled|"
         rf"cooked|moved)(?P<rest>(?: [\w']+){{0,6}}? )(?P<mark>(?:<wasthen>|in (?:19|20)[0-2]\d))\b", _simple, "tense", _PAST),
    rule(rf"\b(?P<who>i|we|they|he|she|(?:<poss>) <person>) (?:am|are|is) (?P<verb>living|working|studying|learning|waiting|playing|"
         rf"teaching|staying){_REST}{_SPAN_OF}", _perfect_ing, "tense", _SINCE),
    rule(rf"\b(?P<who>i|we|they|he|she|(?:<poss>) <person>) (?P<verb>live|lives|work|works|study|studies|know|knows|learn|learns|have|"
         rf"has|play|plays|teach|teaches|own|owns|speak|speaks)(?P<rest>(?: [\w']+){{0,5}}? )(?P<span>{_SINCE_POINT})"
         .replace("<SPAN>", _SPAN), _perfect, "tense", _SINCE),
    rule(rf"\b(?P<who>i|we|they|he|she) (?P<verb>know|knows)(?P<rest>(?: [\w']+){{1,3}}? )(?P<span>for (?:{_SPAN}))", _perfect, "tense",
         _SINCE),
    rule(rf"\b(?P<who>i|we|they|he|she|(?:<poss>) <person>) (?:am|are|is)(?P<rest> (?:here|married|sick|ill|single|a \w+|in \w+|friends) )"
         rf"(?P<span>{_SINCE_POINT})".replace("<SPAN>", _SPAN), _perfect_be, "tense", _SINCE),
    rule(rf"\bsince (?={_SPAN}\b)(?!.*\bago\b)", "for ", "preposition", _FOR),
    rule(r"(?:^|[,.] ?)(?P<when>if|when|as soon as|before|after|until) (?P<who><subj>) will (?P<verb><base>|be)\b(?=.+)"
         r"(?! you\?)", lambda m: m[0][: m.start("when") - m.start()] + _without_will(m), "tense",
         "After if and when, use the present to talk about the future."),
    rule(r"^if (?P<who><subj>) would (?P<verb>(?!have\b|like\b)(?:<base>|be|have))\b(?P<rest>.* (?:would|i'd|could) )", _unreal, "tense",
         "After if, use the past for something unreal: if I were rich."),
    rule(r"\b(?P<who>i|we|they|you) (?:am|are|'m|'re) (?P<verb>wanting|understanding|knowing|needing|believing|agreeing|preferring|"
         r"owning|belonging)\b", lambda m: f"{m['who']} {lx.ING.get(m['verb'].lower(), m['verb'][:-3])}", "tense",
         "Verbs like know, want and need have no -ing form here."),
    rule(r"\b(?P<who>he|she) is (?P<verb>wanting|understanding|knowing|needing|believing|preferring|owning)\b",
         lambda m: f"{m['who']} {lx.third(lx.ING.get(m['verb'].lower(), m['verb'][:-3]))}", "tense",
         "Verbs like know, want and need have no -ing form here."),
    rule(r"\b(i|we|they) use to (?P<verb><base>)(?P<rest>.* (?:every|each|on) )", r"\1 usually \g<verb>\g<rest>", "tense",
         "Use usually for a habit of today. Used to is for the past."),
]  # fmt: skip
