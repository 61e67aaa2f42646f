"""Agreement of verbs with their subjects."""

from __future__ import annotations

import re

from ai_agent.tutor.corrector import lexicon as lx
from ai_agent.tutor.corrector.rule import rule

_S = "After he, she and it, add -s to the verb."
_PLURAL = "Use the verb without -s after I, we, they and plural nouns."
# After these words the verb is rightly in its base form: "does he go", "let him go", "I saw her go".
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
         "agreement", "Use doesn't with he, she and it."),
    rule(r"\b(my <person>|his <person>|her <person>|the <person>) don't\b", r"\1 doesn't", "agreement",
         "Use doesn't with one person."),
    rule(r"\b(i|we|they|you|people|my <persons>|the <persons>) doesn't\b", r"\1 don't", "agreement",
         "Use don't with I, you, we and they."),
    rule(_NO_AUX + r"\b(he|she) have\b(?! to be said)", r"\1 has", "agreement", "Use has with he, she and it."),
    rule(r"<start>it have\b", lambda m: m[0][:-4] + "has", "agreement", "Use has with he, she and it."),
    rule(_NO_AUX + r"\b((?:my|his|her|our|your|the) <person>) have\b", r"\1 has", "agreement", "Use has with one person."),
    rule(_NO_AUX + r"\b((?:i|we|they|you)|(?:my|his|her|our|the) <persons>) has\b", r"\1 have", "agreement",
         "Use have with I, you, we and they."),
    rule(r"\b(they|we|you) was\b", r"\1 were", "agreement", "Use were with they, we and you."),
    rule(r"<start>((?:my|our|his|her|the|their) <persons>|people) was\b", lambda m: m[0][:-3] + "were", "agreement",
         "Use were with more than one person."),
    rule(r"\b(they|we|you) is\b", r"\1 are", "agreement", "Use are with they, we and you."),
    rule(r"<start>((?:my|our|his|her|the|their) <persons>|people) is\b", lambda m: m[0][:-2] + "are", "agreement",
         "Use are with more than one person."),
    rule(r"\b(the people (?:in|of|from|here in) (?:my|this|our|the) \w+) is\b", r"\1 are", "agreement",
         "People is a plural word."),
    rule(_NO_AUX + r"\b(he|she) are\b", r"\1 is", "agreement", "Use is with he and she."),
    rule(r"\bi (is|are)\b", "i am", "agreement", "Use am with I."),
    rule(r"\bthere is (many|several|two|three|four|five|six|seven|eight|nine|ten|a few|few|lots of <things>|"
         r"a lot of (?:people|<things>)|some (?:people|<things>))\b",
         r"there are \1", "agreement", "Use there are for more than one."),
    rule(r"\bthere are (a|an|one)\b(?! (?:lot|few|number|couple|hundred|thousand|million|great many|dozen|hundred))",
         r"there is \1", "agreement", "Use there is for one."),
    rule(r"\bthere was (many|several|two|three|four|five|six|seven|eight|nine|ten|a lot of people|a lot of <things>)\b",
         r"there were \1", "agreement", "Use there were for more than one."),
    rule(r"\b(the )?news (are|were)\b", lambda m: f"{m[1] or ''}news {'is' if m[2].lower() == 'are' else 'was'}",
         "agreement", "News is singular: the news is."),
    rule(r"\b(one|some|many|most|none|two|three|both) of (my|his|her|our|their|your) "
         r"(friend|brother|sister|colleague|cousin|student|teacher|neighbour|child|uncle|aunt)\b(?!s|')",
         lambda m: f"{m[1]} of {m[2]} {lx.plural(m[3].lower())}", "countability", "Use the plural after of: one of my friends."),
    rule(r"\b(everybody|everyone|somebody|someone|nobody) (?P<verb><sure>|work|like|love|speak|play|live)\b", _third,
         "agreement", "Everybody and somebody are singular: add -s to the verb."),
    # "He go"
    rule(_NO_AUX + r"\b(?:he|she) (?:(?:<adv>) )?(?P<verb>(?!be\b)(?:<base>))\b(?!-)", _third, "agreement", _S),
    rule(r"<start>it (?:(?:always|usually|often|sometimes|never|also|really) )?"
         r"(?P<verb>(?!like\b|start\b|stop\b)(?:depend|seem|take|make|happen|work|look|rain|snow|help|cost|need|taste|"
         r"smell|mean|belong|give|become))\b", _third, "agreement", _S),
    rule(_NO_AUX + r"\b(?:my|his|her|our|your|the) <person> (?:(?:<adv>) )?"
         r"(?P<verb>(?!be\b|like\b|call\b|visit\b|request\b|list\b|plan\b|answer\b|show\b|care\b|phone\b)(?:<base>))\b"
         r"(?! (?:me|us)? ?$)", _third, "agreement", _S),
    # "They goes"
    rule(_NO_AUX + r"\b(?:i|we|they) (?:(?:<adv>) )?(?P<verb><third>)\b", _base, "agreement", _PLURAL),
    rule(r"<start>(?:people|(?:my|our|his|her|their|the) <persons>) (?:(?:<adv>) )?(?P<verb><third>)\b", _base,
         "agreement", _PLURAL),
    rule(r"<start>you (?P<verb>(?:goes|likes|has|wants|lives|knows|speaks|needs|thinks))\b", _base, "agreement",
         "Use the verb without -s after you."),
]  # fmt: skip
