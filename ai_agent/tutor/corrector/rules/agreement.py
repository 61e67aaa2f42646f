"""Subjects and their verbs."""

from __future__ import annotations

import re

from ai_agent.tutor.corrector import lexicon as lx
from ai_agent.tutor.corrector.engine import rule

_S = "After he, she or it the verb takes -s."
_PLURAL = "A plural subject takes the plain verb."
# A verb before the subject asks or orders, and takes the plain form itself: "does he go", "let him go", "I saw her go".
_NO_AUX = (
    r"(?<!do )(?<!does )(?<!did )(?<!can )(?<!could )(?<!will )(?<!would )(?<!should )(?<!must )(?<!may )(?<!might )"
    r"(?<!let )(?<!make )(?<!made )(?<!makes )(?<!help )(?<!helped )(?<!see )(?<!saw )(?<!hear )(?<!heard )(?<!watch )"
    r"(?<!suggest )(?<!that )(?<!n't )(?<!watched )(?<!of )(?<!and )(?<!or )(?<!shall )(?<!insist )(?<!with )(?<!to )(?<!is )(?<!was )(?<!'s )(?<!are )(?<!n't )"
)


def _adds_s(verb: str) -> str | None:
    return None if verb.lower() in lx.SAME_PAST else lx.third(verb.lower())


def _third(match: re.Match[str]) -> str | None:
    verb = _adds_s(match["verb"])
    return f"{match[0][: -len(match['verb'])]}{verb}" if verb else None


def _base(match: re.Match[str]) -> str:
    return f"{match[0][: -len(match['verb'])]}{lx.THIRD[match['verb'].lower()]}"


RULES = [
    rule(r"\b(he|she|it|everybody|everyone|somebody|someone|nobody|he always|she always) don't\b", r"\1 doesn't",
         "agreement", "He, she and it take doesn't."),
    rule(r"\b(my <person>|his <person>|her <person>|the <person>) don't\b", r"\1 doesn't", "agreement",
         "One person takes doesn't."),
    rule(r"\b(i|we|they|you|people|my <persons>|the <persons>) doesn't\b", r"\1 don't", "agreement",
         "I, you, we and they take don't."),
    rule(_NO_AUX + r"\b(he|she) have\b(?! to be said)", r"\1 has", "agreement", "He, she and it take has."),
    rule(r"<start>it have\b", lambda m: m[0][:-4] + "has", "agreement", "He, she and it take has."),
    rule(_NO_AUX + r"\b((?:my|his|her|our|your|the) <person>) have\b", r"\1 has", "agreement", "One person takes has."),
    rule(_NO_AUX + r"\b((?:i|we|they|you)|(?:my|his|her|our|the) <persons>) has\b", r"\1 have", "agreement",
         "I, you, we and they take have."),
    rule(r"\b(they|we|you) was\b", r"\1 were", "agreement", "They, we and you take were."),
    rule(r"<start>((?:my|our|his|her|the|their) <persons>|people) was\b", lambda m: m[0][:-3] + "were", "agreement",
         "More than one takes were."),
    rule(r"\b(they|we|you) is\b", r"\1 are", "agreement", "They, we and you take are."),
    rule(r"<start>((?:my|our|his|her|the|their) <persons>|people) is\b", lambda m: m[0][:-2] + "are", "agreement",
         "More than one takes are."),
    rule(r"\b(the people (?:in|of|from|here in) (?:my|this|our|the) \w+) is\b", r"\1 are", "agreement",
         "People is a plural word."),
    rule(_NO_AUX + r"\b(he|she) are\b", r"\1 is", "agreement", "He and she take is."),
    rule(r"\bi (is|are)\b", "i am", "agreement", "I takes am."),
    rule(r"\bthere is (many|several|two|three|four|five|six|seven|eight|nine|ten|a few|few|lots of <things>|"
         r"a lot of (?:people|<things>)|some (?:people|<things>))\b",
         r"there are \1", "agreement", "More than one: there are."),
    rule(r"\bthere are (a|an|one)\b(?! (?:lot|few|number|couple|hundred|thousand|million|great many|dozen|hundred))",
         r"there is \1", "agreement", "Just one: there is."),
    rule(r"\bthere was (many|several|two|three|four|five|six|seven|eight|nine|ten|a lot of people|a lot of <things>)\b",
         r"there were \1", "agreement", "More than one: there were."),
    rule(r"\b(the )?news (are|were)\b", lambda m: f"{m[1] or ''}news {'is' if m[2].lower() == 'are' else 'was'}",
         "agreement", "News looks plural, but takes is."),
    rule(r"\b(one|some|many|most|none|two|three|both) of (my|his|her|our|their|your) "
         r"(friend|brother|sister|colleague|cousin|student|teacher|neighbour|child|uncle|aunt)\b(?!s|')",
         lambda m: f"{m[1]} of {m[2]} {lx.plural(m[3].lower())}", "countability", "Of several: the plural."),
    rule(r"\b(everybody|everyone|somebody|someone|nobody) (?P<verb><sure>|work|like|love|speak|play|live)\b", _third,
         "agreement", "Everybody and somebody count as one: the verb takes -s."),
    # He go
    rule(_NO_AUX + r"\b(?:he|she) (?:(?:<adv>) )?(?P<verb>(?!be\b)(?:<base>))\b(?!-)", _third, "agreement", _S),
    rule(r"<start>it (?:(?:always|usually|often|sometimes|never|also|really) )?"
         r"(?P<verb>(?!like\b|start\b|stop\b)(?:depend|seem|take|make|happen|work|look|rain|snow|help|cost|need|taste|"
         r"smell|mean|belong|give|become))\b", _third, "agreement", _S),
    rule(_NO_AUX + r"\b(?:my|his|her|our|your|the) <person> (?:(?:<adv>) )?"
         r"(?P<verb>(?!be\b|like\b|call\b|visit\b|request\b|list\b|plan\b|answer\b|show\b|care\b|phone\b)(?:<base>))\b"
         r"(?! (?:me|us)? ?$)", _third, "agreement", _S),
    # They goes
    rule(_NO_AUX + r"\b(?:i|we|they) (?:(?:<adv>) )?(?P<verb><third>)\b", _base, "agreement", _PLURAL),
    rule(r"<start>(?:people|(?:my|our|his|her|their|the) <persons>) (?:(?:<adv>) )?(?P<verb><third>)\b", _base,
         "agreement", _PLURAL),
    rule(r"<start>you (?P<verb>(?:goes|likes|has|wants|lives|knows|speaks|needs|thinks))\b", _base, "agreement",
         "You takes the plain verb."),
]  # fmt: skip
