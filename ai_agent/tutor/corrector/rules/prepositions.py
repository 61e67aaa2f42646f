"""Words that need a certain preposition, or none."""

from __future__ import annotations

import re

from ai_agent.tutor.corrector import lexicon as lx
from ai_agent.tutor.corrector.rule import rule

_P = "preposition"


def _explain(match: re.Match[str]) -> str | None:
    verb, whom, what = match["verb"], match["whom"], match["what"]
    if re.match(r"(?:how|what|why|where|when|that|if|who)\b", what, re.IGNORECASE):
        return f"{verb} to {whom} {what}"
    return f"{verb} {what} to {whom}"


def _arrive(match: re.Match[str]) -> str:
    verb, place = match["verb"], match["place"].lower()
    if place in ("home", "here", "there"):
        return f"{verb} {place}"
    far = lx.words("countries") + lx.words("cities")
    return f"{verb} {'in' if place in far else 'at'} {match['place']}"


_THE_PLACE = r"(?:<det>) [\w']+"

RULES = [
    rule(r"\b(depend|depends|depended|depending) (?:of|from|in|by)\b", r"\1 on", _P, "Say: depend on."),
    rule(r"\b(listen|listens|listened|listening) (?=(?:music|songs|podcasts|radio|me\b|him\b|her\b|them\b|us\b|you\b|my|the|a song|english|some))",
         r"\1 to ", _P, "Say: listen to."),
    rule(r"\b(married) with\b(?= (?:a|an|my|his|her|him|the|me|someone|somebody))", r"\1 to", _P, "Say: married to somebody."),
    rule(r"\bmarry with\b", "marry", _P, "Use marry without a preposition: marry somebody."),
    rule(rf"\b(?P<verb>arrive|arrives|arrived|arriving) to (?P<place>home|here|there|new york|(?:{_THE_PLACE})|\w+)", _arrive, _P,
         "Say: arrive at a place, but arrive in a town or a country."),
    rule(r"\binterested (?:on|for|at|about|of)\b", "interested in", _P, "Say: interested in."),
    rule(r"\b(good|bad|great|terrible|better|best) in (?=(?:<subject>)\b)(?! class)", r"\1 at ", _P, "Say: good at something, bad at something."),
    rule(r"\b(good|bad) in (?P<verb><ing>)\b", r"\1 at \g<verb>", _P, "Say: good at something, bad at something."),
    rule(r"\b(?:in|at) (<day>)(s?)\b(?! (?:school|market|times|magazine))", r"on \1\2", _P, "Use on with days: on Monday."),
    rule(r"\b(?:on|at) (january|february|april|june|july|august|september|october|november|december)\b(?! (?:\d|the|first|second|third))",
         r"in \1", _P, "Use in with months: in May."),
    rule(r"\b(?:on|at) ((?:19|20)\d\d)\b", r"in \1", _P, "Use in with years: in 2015."),
    rule(r"\b(?:in|on) ((?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) o'?clock)\b", r"at \1", _P,
         "Use at with the time: at five o'clock."),
    rule(r"\bat (?:the )?(morning|afternoon|evening)<ends>", r"in the \1", _P, "Say: in the morning, in the afternoon, in the evening."),
    rule(r"\bin (morning|afternoon|evening)\b", r"in the \1", "article", "Say: in the morning, in the afternoon, in the evening."),
    rule(r"\bin the night\b(?! of)", "at night", _P, "Say: at night, without the."),
    rule(r"\bin the weekends?\b", "at the weekend", _P, "Say: at the weekend or on the weekend."),
    rule(r"\bin the same time\b", "at the same time", _P, "Say: at the same time."),
    rule(r"\b(?:in|on|at) (?=(?:last|next) (?:week|month|year|weekend|night|summer|winter|<day>)\b)(?!last \w+'s)", "", _P,
         "Use last and next without a preposition: last week, next year."),
    rule(r"\b(?:on|in|at) (tomorrow|yesterday|today)\b(?!'s)", r"\1", _P, "Use today, tomorrow and yesterday without a preposition."),
    rule(r"\bin (my|the|this) (holiday|holidays|vacation)<ends>", r"on \1 \2", _P, "Say: on holiday."),
    rule(r"\b(am|is|are|was|were|'m|went|go) in (holiday|holidays|vacation)\b", r"\1 on \2", _P, "Say: on holiday."),
    rule(r"\b(wait|waits|waited|waiting) (?=(?:me|you|him|her|us|them)\b|(?:the bus|the train|my \w+)\b)", r"\1 for ", _P, "Say: wait for."),
    rule(r"\b(?P<verb>explain|explained|explains) (?P<whom>me|us|him|her|them) (?P<what>(?!about\b)[\w' ]+?)(?=$|[.,!?]| please\b)", _explain, _P,
         "Say: explain something to somebody."),
    rule(r"\b(discuss|discussed|discussing) about\b", r"\1", _P, "Use discuss without a preposition: discuss a plan."),
    rule(r"\b(enter|entered|entering) (?:in|into|to) (?=the|a|my|his|her|this)", r"\1 ", _P, "Use enter without a preposition: enter a room."),
    rule(r"\b(afraid|scared|frightened) from\b", r"\1 of", _P, "Say: afraid of."),
    rule(r"\b(go|goes|went|going|come|comes|came|coming|get|got|drive|drove|walk|walked|return|returned)( back)? to home\b", r"\1\2 home", _P,
         "Use home without to: go home."),
    rule(r"\b(go|goes|went|going|come|came) to (here|there|abroad)\b", r"\1 \2", _P, "Use here, there and abroad without to."),
    rule(r"\bin abroad\b", "abroad", _P, "Use abroad without a preposition: live abroad."),
    rule(r"\b(go|goes|went|going) to (shopping|swimming|fishing|dancing|skiing|camping|hiking|running)<ends>", r"\1 \2", _P, "Say: go shopping, without to."),
    rule(r"\b(ask|asked|asks) to (me|him|her|us|them|you)\b", r"\1 \2", _P, "Say: ask somebody, without to."),
    rule(r"\b(answer|answered) to (me|him|her|us|them|my question|the question|your question|this question)\b", r"\1 \2", _P,
         "Use answer without to: answer a question."),
    rule(r"\b(?:by foot|with foot)\b", "on foot", _P, "Say: on foot."),
    rule(r"\b(angry) (?:on|to) (?=(?:me|him|her|us|them|you|my|his)\b)", r"\1 with ", _P, "Say: angry with somebody."),
    rule(r"\bresponsible (?:of|from|to) (?=(?:the|my|our|this|\w+ing|everything|it|all)\b)", "responsible for ", _P, "Say: responsible for."),
    rule(r"\bdifferent (?:of|with|as)\b", "different from", _P, "Say: different from."),
    rule(r"\bproud (?:for|about|on|with)\b", "proud of", _P, "Say: proud of."),
    rule(r"\b((?:spend|spent|spends|spending) (?:a lot of |lots of |much |too much |so much |all my |all his |my |his |her |their |more )?money) "
         r"(?:in|for|at)\b(?= (?:clothes|books|food|shoes|games|\w+))(?! (?:the|a) (?:shop|market|restaurant|supermarket|bar|pub|town|city))",
         r"\1 on", _P, "Say: spend money on something."),
    rule(r"\b((?:i|we|they|he|she|always|often) (?:dream|dreams|dreamed|dreamt)) to (?P<verb><base>|be)\b",
         lambda m: f"{m[1]} of {lx.ing(m['verb'].lower())}", _P, "Say: dream of doing something."),
    rule(r"\b(similar) (?:with|than|as|of)\b", r"\1 to", _P, "Say: similar to."),
    rule(r"\b(apologize|apologized|apologise|apologised) (me|him|her|us|them)\b", r"\1 to \2", _P, "Say: apologize to somebody."),
    rule(r"\b(call|called|phone|ring|reach) (me|him|her|us|them) (?:to|in|at) (this|my|that|the) (number|phone)\b", r"\1 \2 on \3 \4", _P,
         "Say: call me on this number."),
    rule(r"\b(think|thinks|thinking|thought) in (?=(?:my|you|him|her|them|it|that|the future|your|his)\b)", r"\1 about ", _P,
         "Say: think about."),
    rule(r"\b(consist|consists) (?:in|on|from)\b", r"\1 of", _P, "Say: consist of."),
    rule(r"\b(participate|participated|participates) (?:to|at|on)\b", r"\1 in", _P, "Say: participate in."),
    rule(r"\b(believe|believes|believed) (?:to|on) (?=god|ghosts|love|me|you|him|her|them|santa|it)", r"\1 in ", _P, "Say: believe in."),
    rule(r"\b(is|are|was|were|so) full with\b", r"\1 full of", _P, "Say: full of."),
    rule(r"\bcapable to (?P<verb><base>)\b", lambda m: f"capable of {lx.ing(m['verb'].lower())}", _P, "Say: capable of doing something."),
    rule(r"\binsist(ed|s)? to (?P<verb><base>)\b", lambda m: f"insist{m[1] or ''} on {lx.ing(m['verb'].lower())}", _P,
         "Say: insist on doing something."),
    rule(r"\bbefore ((?:<number>|a|one|a few|some|many) (?:years|days|weeks|months|hours|year|month|week))(?: ago)?(?=$|[.,])", r"\1 ago", _P,
         "Use ago to count back from now: two years ago."),
    rule(r"\bago ((?:<number>) (?:years|days|weeks|months|hours))\b", r"\1 ago", "word_order", "Put ago after the time: two years ago."),
    rule(r"\bduring ((?:<number>|many|a few) (?:years|days|weeks|months|hours|minutes))\b", r"for \1", _P, "Use for with a length of time: for two hours."),
    rule(r"\b(?:by|for|on|from|with|at) my opinion\b", "in my opinion", _P, "Say: in my opinion."),
    rule(r"\baccording (me|him|her|them|us|my|the)\b", r"according to \1", _P, "Say: according to."),
    rule(r"\b(look|looks|looked|looking) (?=(?:me|him|her|us|them|the picture|this picture|that man|my face)\b)(?!.*\bin the eye)", r"\1 at ", _P,
         "Say: look at."),
    rule(r"\b(?:in|on) the (?:tv|television)\b|\bin (?:tv|television)\b", "on tv", _P, "Say: on TV."),
    rule(r"\bon the (picture|photo)\b(?= (?:there|you|we|i|he|she|they|is))", r"in the \1", _P, "Say: in the picture."),
    rule(r"\b(contact|contacted) (?:with|to) (?=(?:me|him|her|us|them|you|my|the)\b)", r"\1 ", _P, "Use contact without a preposition: contact somebody."),
    rule(r"\b(join|joined) (?:to|with) (?=(?:us|me|them|him|her|the|our)\b)", r"\1 ", _P, "Use join without a preposition: join a club."),
    rule(r"\breturn(ed|s)? back\b", r"return\1", _P, "Use return without back: return means to come or go back."),
    rule(r"\bin (facebook|instagram|youtube|twitter|tiktok)\b", r"on \1", _P, "Say: on a website."),
    rule(r"\bin (my|his|her|your) age\b", r"at \1 age", _P, "Say: at my age."),
    rule(r"\bin the age of\b", "at the age of", _P, "Say: at the age of twenty."),
    rule(r"\bprefer (\w+(?: \w+)?) than (?!rather)", r"prefer \1 to ", _P, "Say: prefer one thing to another."),
    rule(r"\b(lack|lacks) of (?=(?:money|time|experience)\b)(?<=i lack of )", r"\1 ", _P, "Use the verb lack without of: we lack time."),
    rule(r"\b(pay|paid) (?=(?:the food|the coffee|the tickets?|the dinner|the lunch|the drinks|the room|everything)\b)", r"\1 for ", _P,
         "Say: pay for something."),
    rule(r"\b(succeed|succeeded) to (?P<verb><base>)\b", lambda m: f"{m[1]} in {lx.ing(m['verb'].lower())}", _P, "Say: succeed in doing something."),
]  # fmt: skip
