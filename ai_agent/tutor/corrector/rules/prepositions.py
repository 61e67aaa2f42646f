"""Words that go with a certain preposition, or with none."""

from __future__ import annotations

import re

from ai_agent.tutor.corrector import lexicon as lx
from ai_agent.tutor.corrector.engine import rule

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
    rule(r"\b(depend|depends|depended|depending) (?:of|from|in|by)\b", r"\1 on", _P, "Depend goes with on."),
    rule(r"\b(listen|listens|listened|listening) (?=(?:music|songs|podcasts|radio|me\b|him\b|her\b|them\b|us\b|you\b|my|the|a song|english|some))",
         r"\1 to ", _P, "Listen goes with to."),
    rule(r"\b(married) with\b(?= (?:a|an|my|his|her|him|the|me|someone|somebody))", r"\1 to", _P, "Married goes with to."),
    rule(r"\bmarry with\b", "marry", _P, "Marry takes no preposition."),
    rule(rf"\b(?P<verb>arrive|arrives|arrived|arriving) to (?P<place>home|here|there|new york|(?:{_THE_PLACE})|\w+)", _arrive, _P,
         "Arrive goes with at, or with in for towns and countries."),
    rule(r"\binterested (?:on|for|at|about|of)\b", "interested in", _P, "Interested goes with in."),
    rule(r"\b(good|bad|great|terrible|better|best) in (?=(?:<subject>)\b)(?! class)", r"\1 at ", _P, "Good goes with at."),
    rule(r"\b(good|bad) in (?P<verb><ing>)\b", r"\1 at \g<verb>", _P, "Good goes with at."),
    rule(r"\b(?:in|at) (<day>)(s?)\b(?! (?:school|market|times|magazine))", r"on \1\2", _P, "Days take on."),
    rule(r"\b(?:on|at) (january|february|april|june|july|august|september|october|november|december)\b(?! (?:\d|the|first|second|third))",
         r"in \1", _P, "Months take in."),
    rule(r"\b(?:on|at) ((?:19|20)\d\d)\b", r"in \1", _P, "Years take in."),
    rule(r"\b(?:in|on) ((?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) o'?clock)\b", r"at \1", _P,
         "The hour takes at."),
    rule(r"\bat (?:the )?(morning|afternoon|evening)<ends>", r"in the \1", _P, "In the morning, in the evening."),
    rule(r"\bin (morning|afternoon|evening)\b", r"in the \1", "article", "In the morning, in the evening."),
    rule(r"\bin the night\b(?! of)", "at night", _P, "At night, without the."),
    rule(r"\bin the weekends?\b", "at the weekend", _P, "At the weekend, or on the weekend."),
    rule(r"\bin the same time\b", "at the same time", _P, "At the same time."),
    rule(r"\b(?:in|on|at) (?=(?:last|next) (?:week|month|year|weekend|night|summer|winter|<day>)\b)(?!last \w+'s)", "", _P,
         "Last and next take no preposition."),
    rule(r"\b(?:on|in|at) (tomorrow|yesterday|today)\b(?!'s)", r"\1", _P, "This word takes no preposition."),
    rule(r"\bin (my|the|this) (holiday|holidays|vacation)<ends>", r"on \1 \2", _P, "On holiday."),
    rule(r"\b(am|is|are|was|were|'m|went|go) in (holiday|holidays|vacation)\b", r"\1 on \2", _P, "On holiday."),
    rule(r"\b(wait|waits|waited|waiting) (?=(?:me|you|him|her|us|them)\b|(?:the bus|the train|my \w+)\b)", r"\1 for ", _P, "Wait goes with for."),
    rule(r"\b(?P<verb>explain|explained|explains) (?P<whom>me|us|him|her|them) (?P<what>(?!about\b)[\w' ]+?)(?=$|[.,!?]| please\b)", _explain, _P,
         "Explain something to somebody."),
    rule(r"\b(discuss|discussed|discussing) about\b", r"\1", _P, "Discuss takes no preposition."),
    rule(r"\b(enter|entered|entering) (?:in|into|to) (?=the|a|my|his|her|this)", r"\1 ", _P, "Enter takes no preposition."),
    rule(r"\b(afraid|scared|frightened) from\b", r"\1 of", _P, "Afraid goes with of."),
    rule(r"\b(go|goes|went|going|come|comes|came|coming|get|got|drive|drove|walk|walked|return|returned)( back)? to home\b", r"\1\2 home", _P,
         "Home takes no to."),
    rule(r"\b(go|goes|went|going|come|came) to (here|there|abroad)\b", r"\1 \2", _P, "This word takes no to."),
    rule(r"\bin abroad\b", "abroad", _P, "Abroad takes no preposition."),
    rule(r"\b(go|goes|went|going) to (shopping|swimming|fishing|dancing|skiing|camping|hiking|running)<ends>", r"\1 \2", _P, "Go shopping, without to."),
    rule(r"\b(ask|asked|asks) to (me|him|her|us|them|you)\b", r"\1 \2", _P, "Ask somebody, without to."),
    rule(r"\b(answer|answered) to (me|him|her|us|them|my question|the question|your question|this question)\b", r"\1 \2", _P,
         "Answer takes no to."),
    rule(r"\b(?:by foot|with foot)\b", "on foot", _P, "On foot."),
    rule(r"\b(angry) (?:on|to) (?=(?:me|him|her|us|them|you|my|his)\b)", r"\1 with ", _P, "Angry goes with with."),
    rule(r"\bresponsible (?:of|from|to) (?=(?:the|my|our|this|\w+ing|everything|it|all)\b)", "responsible for ", _P, "Responsible goes with for."),
    rule(r"\bdifferent (?:of|with|as)\b", "different from", _P, "Different goes with from."),
    rule(r"\bproud (?:for|about|on|with)\b", "proud of", _P, "Proud goes with of."),
    rule(r"\b((?:spend|spent|spends|spending) (?:a lot of |lots of |much |too much |so much |all my |all his |my |his |her |their |more )?money) "
         r"(?:in|for|at)\b(?= (?:clothes|books|food|shoes|games|\w+))(?! (?:the|a) (?:shop|market|restaurant|supermarket|bar|pub|town|city))",
         r"\1 on", _P, "Money is spent on something."),
    rule(r"\b((?:i|we|they|he|she|always|often) (?:dream|dreams|dreamed|dreamt)) to (?P<verb><base>|be)\b",
         lambda m: f"{m[1]} of {lx.ing(m['verb'].lower())}", _P, "Dream goes with of and -ing."),
    rule(r"\b(similar) (?:with|than|as|of)\b", r"\1 to", _P, "Similar goes with to."),
    rule(r"\b(apologize|apologized|apologise|apologised) (me|him|her|us|them)\b", r"\1 to \2", _P, "Apologize to somebody."),
    rule(r"\b(call|called|phone|ring|reach) (me|him|her|us|them) (?:to|in|at) (this|my|that|the) (number|phone)\b", r"\1 \2 on \3 \4", _P,
         "On a number."),
    rule(r"\b(think|thinks|thinking|thought) in (?=(?:my|you|him|her|them|it|that|the future|your|his)\b)", r"\1 about ", _P,
         "Think goes with about."),
    rule(r"\b(consist|consists) (?:in|on|from)\b", r"\1 of", _P, "Consist goes with of."),
    rule(r"\b(participate|participated|participates) (?:to|at|on)\b", r"\1 in", _P, "Participate goes with in."),
    rule(r"\b(believe|believes|believed) (?:to|on) (?=god|ghosts|love|me|you|him|her|them|santa|it)", r"\1 in ", _P, "Believe goes with in."),
    rule(r"\b(is|are|was|were|so) full with\b", r"\1 full of", _P, "Full goes with of."),
    rule(r"\bcapable to (?P<verb><base>)\b", lambda m: f"capable of {lx.ing(m['verb'].lower())}", _P, "Capable goes with of and -ing."),
    rule(r"\binsist(ed|s)? to (?P<verb><base>)\b", lambda m: f"insist{m[1] or ''} on {lx.ing(m['verb'].lower())}", _P,
         "Insist goes with on and -ing."),
    rule(r"\bbefore ((?:<number>|a|one|a few|some|many) (?:years|days|weeks|months|hours|year|month|week))(?: ago)?(?=$|[.,])", r"\1 ago", _P,
         "Counted back from now: ago."),
    rule(r"\bago ((?:<number>) (?:years|days|weeks|months|hours))\b", r"\1 ago", "word_order", "Ago stands behind the time."),
    rule(r"\bduring ((?:<number>|many|a few) (?:years|days|weeks|months|hours|minutes))\b", r"for \1", _P, "A length of time takes for."),
    rule(r"\b(?:by|for|on|from|with|at) my opinion\b", "in my opinion", _P, "In my opinion."),
    rule(r"\baccording (me|him|her|them|us|my|the)\b", r"according to \1", _P, "According goes with to."),
    rule(r"\b(look|looks|looked|looking) (?=(?:me|him|her|us|them|the picture|this picture|that man|my face)\b)(?!.*\bin the eye)", r"\1 at ", _P,
         "Look goes with at."),
    rule(r"\b(?:in|on) the (?:tv|television)\b|\bin (?:tv|television)\b", "on tv", _P, "On TV."),
    rule(r"\bon the (picture|photo)\b(?= (?:there|you|we|i|he|she|they|is))", r"in the \1", _P, "In the picture."),
    rule(r"\b(contact|contacted) (?:with|to) (?=(?:me|him|her|us|them|you|my|the)\b)", r"\1 ", _P, "Contact takes no preposition."),
    rule(r"\b(join|joined) (?:to|with) (?=(?:us|me|them|him|her|the|our)\b)", r"\1 ", _P, "Join takes no preposition."),
    rule(r"\breturn(ed|s)? back\b", r"return\1", _P, "Return means back already."),
    rule(r"\bin (facebook|instagram|youtube|twitter|tiktok)\b", r"on \1", _P, "On a website."),
    rule(r"\bin (my|his|her|your) age\b", r"at \1 age", _P, "At my age."),
    rule(r"\bin the age of\b", "at the age of", _P, "At the age of."),
    rule(r"\bprefer (\w+(?: \w+)?) than (?!rather)", r"prefer \1 to ", _P, "Prefer one thing to another."),
    rule(r"\b(lack|lacks) of (?=(?:money|time|experience)\b)(?<=i lack of )", r"\1 ", _P, "The verb lack takes no of."),
    rule(r"\b(pay|paid) (?=(?:the food|the coffee|the tickets?|the dinner|the lunch|the drinks|the room|everything)\b)", r"\1 for ", _P,
         "What one buys is paid for."),
    rule(r"\b(succeed|succeeded) to (?P<verb><base>)\b", lambda m: f"{m[1]} in {lx.ing(m['verb'].lower())}", _P, "Succeed in doing."),
]  # fmt: skip
