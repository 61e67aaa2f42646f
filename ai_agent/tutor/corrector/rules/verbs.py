"""Forms of verbs: after auxiliaries, after other verbs, after prepositions."""

from __future__ import annotations

import re

from ai_agent.tutor.corrector import lexicon as lx
from ai_agent.tutor.corrector.rule import rule

_PLAIN = "After do, does and did, use the base form of the verb."
_MODAL = "After can, must, should and will, use the base form of the verb, without to."
_TO = "After this verb, use to and the base form."
_ING = "After this verb, use the -ing form."
_PREP = "After a preposition, use the -ing form."
_FORM = "This verb is irregular."
_MODALS = "can|could|must|should|may|might|can't|couldn't|mustn't|shouldn't|cannot"
_HAVE = r"(?:have|has|had|haven't|hasn't|hadn't|having|i've|you've|we've|they've)"


def _plain(form: str) -> str | None:
    form = form.lower()
    if form in lx.BASES:
        return None
    return lx.THIRD.get(form) or lx.PAST_OF.get(form)


def _last_plain(match: re.Match[str]) -> str | None:
    base = _plain(match["verb"])
    return base and match[0][: -len(match["verb"])] + base


def _last_ing(match: re.Match[str]) -> str:
    return match[0][: -len(match["verb"])] + lx.ing(match["verb"].lower())


def _participle(match: re.Match[str]) -> str:
    return match[0][: -len(match["verb"])] + lx.participle(lx.PAST_OF[match["verb"].lower()])


def _wrong_past(match: re.Match[str]) -> str:
    base = lx.WRONG_PAST[match["verb"].lower()]
    form = lx.participle(base) if match["have"] else lx.past(base)
    return match[0][: -len(match["verb"])] + form


def _wants_that(match: re.Match[str]) -> str | None:
    subject = {"i": "me", "he": "him", "she": "her", "we": "us", "they": "them"}
    who = subject.get(match["who"].lower(), match["who"])
    verb = lx.THIRD.get(match["verb"].lower(), match["verb"])
    return f"{match['want']} {who} to {verb}"


def _agree(match: re.Match[str]) -> str:
    subject, be = match["who"], match["be"].lower()
    negative = match["not"]
    if subject.lower() in ("he", "she"):
        return f"{subject} doesn't agree" if negative else f"{subject} agrees"
    if be in ("was", "were"):
        return f"{subject} didn't agree" if negative else f"{subject} agreed"
    return f"{subject} don't agree" if negative else f"{subject} agree"


def _be_base(match: re.Match[str]) -> str | None:
    verb, subject, be = match["verb"].lower(), match["who"], match["be"].lower()
    if be in ("was", "were"):
        return f"{subject} {lx.past(verb)}"
    return f"{subject} {lx.third(verb) if subject.lower() in ('he', 'she', 'it') else verb}"


_NUMBER_AGE = r"(?:\d{1,2}|<number>|twenty[ -]\w+|thirty[ -]\w+|forty[ -]\w+|fifty[ -]\w+)"


def _age(match: re.Match[str]) -> str | None:
    be = {"i": "am", "we": "are", "they": "are", "you": "are"}.get(match["who"].lower(), "is")
    return f"{match['who']} {be} {match['age']} years old"


RULES = [
    # Auxiliaries
    rule(r"\b(?:doesn't|didn't|don't|does not|did not|do not) (?:(?:<adv>) )?(?P<verb><third>|<past>)\b", _last_plain,
         "verb_form", _PLAIN),
    rule(r"\b(?:did|does|do) (?:<subj>|(?:<poss>|the) (?:<person>|<persons>)|people) (?:(?:<adv>) )?"
         r"(?P<verb><third>|<past>)\b(?! (?:doing|do)\b)", _last_plain, "verb_form", _PLAIN),
    rule(r"\b(<modals>) to (?=(?:<base>|be)\b)".replace("<modals>", _MODALS), r"\1 ", "verb_form", _MODAL),
    rule(r"(?<!the )(?<!my )(?<!no )(?<!a )(?<!his )(?<!her )(?<!their )\b(will|won't) to (?=(?:<sure>|be|go)\b)", r"\1 ",
         "verb_form", _MODAL),
    rule(r"\b(?:<modals>|will|would|won't|wouldn't) (?:(?:<adv>) )?(?P<verb><third>)\b".replace("<modals>", _MODALS),
         _last_plain, "verb_form", _MODAL),
    rule(r"\b(?:<modals>|will|won't) (?:not )?(?P<verb><ing>)\b(?! (?:is|was|be)\b)".replace("<modals>", _MODALS),
         lambda m: m[0][: -len(m["verb"])] + lx.ING[m["verb"].lower()], "verb_form", _MODAL),
    rule(r"\bcould (?P<verb>passed|went|saw|got|bought|found|finished|came|spoke|did|made|took)\b", _last_plain,
         "verb_form", _MODAL),
    rule(r"\b(will|would|must|should|may|might) can (?=(?:<base>|be)\b)", r"\1 be able to ", "verb_form",
         "Use be able to after another modal verb: I will be able to."),
    rule(r"\b(?:can|could) able to\b", "can", "verb_form", "Can and be able to have the same meaning. Use only one."),
    rule(r"^do you can (?=<base>)", "can you ", "word_order", "Questions with can do not need do."),
    # Forms
    rule(r"\b(?P<have><HAVE> (?:(?:<adv>|ever|already|just) )?)?(?P<verb><wrongpast>)\b".replace("<HAVE>", _HAVE),
         _wrong_past, "verb_form", _FORM),
    rule(r"\b(?:<HAVE>)(?:n't)? (?:(?:ever|never|already|just|not|also|always|you ever|you already|you|he|she|they|we) )?"
         r"(?P<verb><pastonly>)\b".replace("<HAVE>", _HAVE), _participle, "verb_form",
         "After have, use the past participle."),
    rule(r"\b(?:was|were|been|is|are|being) (?P<verb>wrote|stole|broke|chose|gave|took|ate|drove|forgot|knew|grew|spoke|"
         r"threw|drew|hid|woke|froze|shook|tore|wore)\b", _participle, "verb_form",
         "In the passive, use the past participle after be."),
    rule(r"\b(?:i|he|she) (?:was |were |am |is )?borned\b|\b(i|he|she) born (?=in|on|at)",
         lambda m: re.split(r"\s", m[0].strip())[0] + " was born" + (" " if m[0].endswith(" ") else ""), "verb_form",
         "Say: I was born, always with was or were."),
    rule(r"\b(we|they|my <persons>) born (?=in|on|at)", r"\1 were born ", "verb_form", "Say: I was born, they were born."),
    # Verb after verb
    rule(r"\b(want|wants|wanted|need|needs|needed|hope|hopes|decide|decided|forgot|plan to|would like|i'd like|"
         r"he'd like|she'd like|we'd like|they'd like|you'd like) (?=(?:<sure>|go|eat|buy|see|know|learn|be|sleep|sing|swim|cook)\b)"
         r"(?!be\b.*\bed\b)", r"\1 to ", "verb_form", _TO),
    rule(r"\b(want|wants|like|likes|need|needs|have|has|had|try|would like|going|able) to (?P<verb><ing>)\b"
         r"(?! (?:class|classes|lesson|lessons|room|pool))",
         lambda m: f"{m[1]} to {lx.ING[m['verb'].lower()]}" if m["verb"].lower() not in ("building", "meeting", "training", "painting")
         and not (m[1].lower() == "going" and m["verb"].lower() in ("shopping", "swimming", "dancing")) else None,
         "verb_form", _TO),
    rule(r"\b(?P<want>wants?|wanted) that (?P<who>i|he|she|we|they|you|(?:<poss>) \w+) (?P<verb><base>|<third>)\b", _wants_that,
         "verb_form", "After want, use the person and to: she wants me to go."),
    rule(r"\b(enjoy|enjoys|enjoyed|finish|finished|finishes|avoid|avoids|avoided|suggest|suggests|suggested|dislike|dislikes|"
         r"consider|considered|practise|practised|practice|practiced|imagine|don't mind|doesn't mind|keep|keeps|quit) to "
         r"(?P<verb><base>)\b", lambda m: f"{m[1]} {lx.ing(m['verb'].lower())}", "verb_form", _ING),
    rule(r"\b(enjoy|enjoys|enjoyed|finish|finished|avoid|avoids|avoided|suggest|suggested) (?P<verb>cook|read|swim|sing|"
         r"<sure>)\b(?! (?:is|of))",
         lambda m: f"{m[1]} {lx.ing(m['verb'].lower())}" if m["verb"].lower() not in ("visit", "read", "find", "have", "want") else None,
         "verb_form", _ING),
    rule(r"\b(decide|decided|decides|want|wants|wanted|hope|hopes|hoped|agreed|promise|promised|refuse|refused|expect|"
         r"expected|managed|offered|learned|learnt|would like) (?P<verb><ing>)\b(?! (?:lessons|classes|games))",
         lambda m: f"{m[1]} to {lx.ING[m['verb'].lower()]}" if m["verb"].lower() not in ("meeting", "training", "building", "feeling")
         else None, "verb_form", _TO),
    rule(r"\b(looking forward|look forward|looks forward|looked forward) to (?P<verb><sure>|work|see|meet|visit|be|play|travel)\b",
         lambda m: f"{m[1]} to {lx.ing(m['verb'].lower())}",
         "verb_form", "After look forward to, use the -ing form."),
    rule(r"\b((?:am|is|are|'m|'re|'s|was|were|get|got|getting) (?:not )?used) to (?P<verb>(?!be\b)<base>)\b",
         lambda m: f"{m[1]} to {lx.ing(m['verb'].lower())}", "verb_form", "After be used to, use the -ing form."),
    rule(r"\b(interested in|good at|bad at|tired of|afraid of|fond of|thank you for|thanks for|instead of|without|dream of|"
         r"dreams of|dreamed of|think of|thinking of|thinking about|excited about|worried about|sorry for|responsible for|capable of|"
         r"insist on|proud of) "
         r"(?P<verb>(?:<sure>|help|come|sing|dance|swim|run|cook|speak|learn|work|study|travel|meet|play|drive))\b(?!ing)"
         r"(?! (?:is|was|from home))", lambda m: None if m["verb"].lower() in ("work", "help", "play", "dance", "drive", "visit",
         "study", "travel", "run", "cook") and not re.search(r"(at|in|for) $", m[0][: -len(m["verb"])])
         else _last_ing(m), "verb_form", _PREP),
    rule(r"\b(before|after) (?P<verb>go|eat|come|leave|see|buy|meet|take|sleep|finish|arrive|become|learn|write|speak)\b",
         _last_ing, "verb_form", "Here, use the -ing form after before and after."),
    rule(r"\b(make|makes|made|let|lets) (<obj>|my \w+|people) to (?=(?:<base>|be)\b)", r"\1 \2 ", "verb_form",
         "After make and let, use the base form of the verb, without to."),
    rule(r"\b(suggested|suggests|suggest) (?:me|him|her|us|them) to (?P<verb><base>)\b",
         lambda m: f"{m[1]} {lx.ing(m['verb'].lower())}", "verb_form", "After suggest, use the -ing form."),
    rule(r"\bfor to (?=(?:<base>|be)\b)", "to ", "verb_form", "Use to, without for, to say why you do something."),
    rule(r"\b(?<!thank you )(?<!thanks )(?<!ask )(?<!good )for (?P<verb>learn|see|buy|visit|eat|meet|get|improve|find|become|take|speak|go|"
         r"listen|earn|study|understand|help) (?=my|your|his|her|our|the|a|an|me|you|him|them|some|english|more|better|new|money|"
         r"spanish|french|german)", r"to \g<verb> ", "verb_form", "Use to and the base form of the verb to say why you do something."),
    # Be and have
    rule(r"\b(?P<who>i|you|we|they|he|she) (?P<be>am|are|is|was|were) (?P<not>not )?agree\b(?!d)", _agree, "verb_form",
         "Agree is a verb. Do not use be before it."),
    rule(r"\b(?:i'm|we're|they're) (not )?agree\b", lambda m: m[0].split("'")[0] + (" don't agree" if m[1] else " agree"),
         "verb_form", "Agree is a verb. Do not use be before it."),
    rule(r"\bare you agree\b", "do you agree", "verb_form", "Agree is a verb. Do not use be before it."),
    rule(r"\b(?P<who>i|you|we|they|he|she) (?P<be>am|are|is|was|were) (?P<verb>go|live|want|come|eat|study|learn|speak|know|think|"
         r"understand|have|work|play|get|take|buy|sleep|write|teach|wait|need|die|see|say|tell|listen|remember|forget|believe|"
         r"depend|arrive|begin|stay|visit)\b", _be_base, "verb_form", "Do not use be before the base form of a verb: I go, or I am going."),
    rule(r"\b(?P<who>i|we|they|he|she|(?:<poss>) <person>) (?:have|has|'ve) (?P<age><NUM>) years(?: old)?<ends>"
         .replace("<NUM>", _NUMBER_AGE), lambda m: None if re.match(r"\s+(?:of|in|to|with|at|on|here|from|ago)", m.string[m.end():])
         else _age(m), "verb_form", "Use be for age: I am twenty years old."),
    rule(r"\bi have (hungry|thirsty|afraid|sleepy|tired|sick|angry)\b", r"i am \1", "verb_form",
         "Use be for feelings: I am hungry."),
    rule(r"\b(he|she) has (hungry|thirsty|afraid|sleepy|tired|sick|angry)\b", r"\1 is \2", "verb_form",
         "Use be for feelings: he is hungry."),
    rule(r"\b(i|we|they|you|people) (?:no|not) (?P<verb>like|want|know|have|go|understand|need|think|speak|eat|drink|work|live)\b",
         r"\1 don't \g<verb>", "verb_form", "Use don't before the verb in a negative sentence."),
    rule(r"\b(he|she) (?:no|not) (?P<verb>like|want|know|have|go|understand|need|think|speak|eat|drink|work|live)s?\b",
         r"\1 doesn't \g<verb>", "verb_form", "Use doesn't before the verb in a negative sentence."),
]  # fmt: skip
