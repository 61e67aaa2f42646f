"""Word order, missing subjects and redundant words."""

from __future__ import annotations

import re

from ai_agent.tutor.corrector import lexicon as lx
from ai_agent.tutor.corrector.rule import rule

_O = "word_order"
_INDIRECT = "A question inside a sentence has the word order of a statement."
_ADVERB = "Put always, usually, often and never before the verb."
_ASK = "In a question, put do, does or did before the subject."
_ASKING = (
    r"(?:know|knows|knew|tell me|told me|wonder|wondered|ask(?:ed|s)? me|ask(?:ed)? him|ask(?:ed)? her|ask(?:ed)? them|remember|"
    r"understand|explain|not sure|forgot|forget|no idea|show me|asked)"
)
_WH = r"(?:where|what|when|why|how|who|how much|how old|how far|how long|what time|which \w+)"
_NP = r"(?:he|she|it|this|that|they|you|we|(?:<det>|her|his) [\w']+(?: [\w']+)?|these|those)"


def _embedded(match: re.Match[str]) -> str | None:
    rest = match["rest"] or ""
    if match["wh"].lower() == "who" and rest.strip():
        return None
    return f"{match['ask']} {match['wh']} {match['np']} {match['be']}{rest}"


def _embedded_do(match: re.Match[str]) -> str | None:
    verb, do = match["verb"].lower(), match["do"].lower()
    form = {"do": verb, "does": lx.third(verb), "did": lx.past(verb)}[do]
    return f"{match['ask']} {match['wh']} {match['np']} {form}"


def _adverb_first(match: re.Match[str]) -> str:
    return f"{match['who']} {match['adv']} {match['verb']}"


def _asked(match: re.Match[str]) -> str | None:
    verb, who = match["verb"].lower(), match["who"].lower()
    if re.search(r"\b(?:is|are|was|were|matters?|depends?|does|will|can)\b", match.string[match.end() :]):
        return None
    base = lx.THIRD.get(verb, verb)
    do = "does" if who in ("he", "she", "it") else "do"
    return f"{match['wh']} {do} {match['who']} {base}"


RULES = [
    # Questions inside sentences
    rule(rf"\b(?P<ask>{_ASKING}) (?P<wh>{_WH}) (?P<be>is|are|was|were) (?P<np>{_NP})(?P<rest> (?:from|going|doing|called|now|today))?(?=$|[.,!?])",
         _embedded, _O, _INDIRECT),
    rule(r"\b(?P<ask>can you tell me|could you tell me|do you know) what time is it\b", r"\g<ask> what time it is", _O, _INDIRECT),
    rule(rf"\b(?P<ask>{_ASKING}) (?P<wh>{_WH}) (?P<do>do|does|did) (?P<np>i|you|he|she|it|we|they|(?:<det>) \w+) (?P<verb><base>)\b", _embedded_do, _O,
         _INDIRECT),
    # Questions
    rule(r"^why (?P<who>you|he|she|they|we|it) (?P<be>are|is|was|were)\b(?!.*\b(?:is|are|was)\b)", r"why \g<be> \g<who>", _O,
         "In a question, the verb comes before the subject."),
    rule(r"^(?P<wh>where|what|how|why|when|what time|who) (?P<who>you|they|we|he|she) (?P<verb>(?!be\b)<base>|<third>)\b", _asked, _O, _ASK),
    rule(r"^what means? (?P<what>this|that|it|the|[\w']+)(?P<rest>(?: [\w']+){0,3})$", r"what does \g<what>\g<rest> mean", _O, _ASK),
    rule(r"^how is called (?P<what>[\w' ]+)$", r"what is \g<what> called", _O, "Ask: what is it called?"),
    rule(r"\bhow do you call\b", "what do you call", "word_choice", "Ask with what: what do you call it?"),
    rule(r"\bhow (does|do|did) (it|he|she|they|your \w+|the \w+) look like\b", r"what \1 \2 look like", "word_choice", "Ask with what: what does it look like?"),
    # Adverbs
    rule(r"^always (?P<who>i|we|they|he|she|you) (?P<verb><base>|<third>|<past>)\b", r"\g<who> always \g<verb>", _O, _ADVERB),
    rule(r"\b(?P<who>i|we|they|you|he|she) (?P<verb>(?:go|goes|eat|eats|play|plays|drink|drinks|watch|watches|read|reads|cook|cooks|visit|visits|meet|"
         r"meets|see|sees|listen|listens|speak|speaks|work|works|walk|walks|travel|travels|make|makes|get|gets|take|takes|wake|"
         r"wakes|come|comes|forget|forgets|use|uses)) (?P<adv>always|usually|often|never)(?= [\w'])(?! enough)", _adverb_first, _O, _ADVERB),
    rule(r"\bi very (like|love|enjoy|want) (?P<rest>.+)", r"i really \1 \g<rest>", _O, "Use really, not very, before a verb."),
    rule(r"\b(like|likes|love|loves|enjoy|enjoys|liked|loved) very much (?P<what>(?:the|this|my|your|his|her|to|these|that|[\w']+)(?: [\w']+){0,5})$",
         r"\1 \g<what> very much", _O, "Put very much after the thing that you like."),
    rule(r"\b(speak|speaks|spoke) ((?:very |really |so |quite )?(?:well|badly|good|fluently)) (<lang>)\b",
         lambda m: f"{m[1]} {m[3]} {m[2].lower().replace('good', 'well')}", _O, "Say first what you speak, then how: I speak English well."),
    rule(r"^(?P<who>i|we|he|she|they) (?P<when>yesterday|tomorrow) (?P<what>(?:<past>|<base>|will)\b.*)$", r"\g<who> \g<what> \g<when>", _O,
         "Put the time at the end or at the beginning of the sentence."),
    rule(r"\b(is|are|was|were|am|isn't|not|'m) enough (<adj>)(?=$|[.,!?]| to\b| for\b)", r"\1 \2 enough", _O, "Put enough after an adjective."),
    rule(r"\b(have|has|had|bought|buy|want|see|saw|like|drive) an? (<thing>) (<color>|big|small|new|old|beautiful)(?=$|[.,!?]| and\b)",
         lambda m: f"{m[1]} {lx.article(m[3].lower())} {m[3]} {m[2]}", _O, "Put the adjective before the noun."),
    # Missing and doubled subjects
    rule(r"^is (raining|snowing|very hot|very cold|very important|important to|difficult to|easy to|necessary to|very difficult|very nice|very good|"
         r"better to|good to|hard to|true that|possible to)\b(?!.*\?)", r"it is \1", "pronoun", "An English sentence needs a subject: it is ..."),
    rule(r"^(my|his|her|our|your) (<person>) (?:he|she) (?=(?:is|was|has|had|works?|likes?|lives?|goes|can|will|does|doesn't|loves?|speaks?)\b)", r"\1 \2 ",
         "pronoun", "One subject is enough."),
    rule(r"^(my|his|her|our|your) (<persons>) they (?=(?:are|were|have|had|work|like|live|go|can|will|don't|love)\b)", r"\1 \2 ", "pronoun",
         "One subject is enough."),
    rule(r"^in (my country|my city|my town|my village|my house|my family|my class|vietnam|my school|hanoi) (?:have|has) "
         r"(?P<what>(?P<many>many|a lot of|two|three|four|five|six|some|lots of)?.*)$",
         lambda m: f"in {m[1]} there {'are' if m['many'] else 'is'} {m['what']}", "other", "Use there is or there are to say what is in a place."),
    rule(r"\b((?:man|woman|people|person|girl|boy|friend|teacher|doctor|friends|students|someone|somebody|neighbour)) which\b", r"\1 who", "pronoun",
         "Use who for people and which for things."),
    rule(r"\b(an? (?:(?:<adj>) )?friend) of (me|him|us|them|you)\b",
         lambda m: f"{m[1]} of {({'me': 'mine', 'him': 'his', 'us': 'ours', 'them': 'theirs', 'you': 'yours'})[m[2].lower()]}", "pronoun",
         "Say: a friend of mine, a friend of hers."),
    rule(r"\bi (wash|washed|enjoyed|hurt|cut) me(?=$| (?:before|after|at|in|with|very)\b)", r"i \1 myself", "pronoun", "Use myself when I do something to me: I hurt myself."),
    # Redundant words
    rule(r"\b(don't|doesn't|didn't|can't|couldn't|won't|haven't|hasn't|isn't|wasn't|never) ((?:[\w']+ ){0,2}?)(nothing|nobody|no one|nowhere)\b",
         lambda m: f"{m[1]} {m[2]}" + {"nothing": "anything", "nobody": "anybody", "no one": "anyone", "nowhere": "anywhere"}[m[3].lower()],
         "other", "Use only one negative word in a sentence."),
    rule(r"\b(nobody|no one|nothing) (?:didn't|did not) (?P<verb><base>)\b", lambda m: f"{m[1]} {lx.past(m['verb'].lower())}", "other",
         "Use only one negative word in a sentence."),
    rule(r"\b(nobody|no one|nothing) (?:doesn't|don't) (?P<verb><base>)\b", lambda m: f"{m[1]} {lx.third(m['verb'].lower())}", "other",
         "Use only one negative word in a sentence."),
    rule(r"^((?:although|though|even though) [\w' ]+?),? but (?=(?:i|he|she|we|they|it|you|my)\b)", r"\1 ", "other",
         "Use although or but, not both."),
    rule(r"^(because [\w' ]+?),? so (?=(?:i|he|she|we|they|it|you|my)\b)", r"\1 ", "other", "Use because or so, not both."),
]  # fmt: skip
