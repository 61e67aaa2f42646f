"""Articles, plurals and countability."""

from __future__ import annotations

import re

from ai_agent.tutor.corrector import lexicon as lx
from ai_agent.tutor.corrector.rule import rule

_AN = "Use an before a vowel sound, and a before the other sounds."
_ONE = "Use a or an with one thing that you can count."
_MASS = "You cannot count this word: use it without a and without -s."
_MANY = "Use the plural for more than one."
_JOB = "Use a or an with jobs: I am a teacher."


def _article(word: str) -> str:
    return lx.article(word.lower())


def _insert(match: re.Match[str]) -> str:
    head, tail = match["head"], match[0][len(match["head"]) :].lstrip()
    return f"{head.rstrip()} {_article(tail)} {tail}"


def _wrong_an(match: re.Match[str]) -> str | None:
    given, word = match[1].lower(), match[2].lower()
    if word[0] == "h" and not word.startswith(("hour", "honest", "honour", "honor", "heir")):
        return None if given == "a" else f"a {match[2]}"
    right = lx.article(word)
    return None if right == given or len(word) < 3 else f"{right} {match[2]}"


def _pluralised(match: re.Match[str]) -> str:
    return match[0][: -len(match["noun"])] + lx.plural(match["noun"].lower())


def _singular(match: re.Match[str]) -> str:
    return match[0][: -len(match["noun"])] + lx.PLURALS[match["noun"].lower()]


_HAVE = (
    r"(?:have|has|had|want|wants|need|needs|buy|bought|see|saw|want to buy|want to have|got|found|would like)"
)
_UNCOUNTED = {
    "advices": "advice", "informations": "information", "furnitures": "furniture", "homeworks": "homework",
    "luggages": "luggage", "baggages": "baggage", "equipments": "equipment", "knowledges": "knowledge",
    "musics": "music", "moneys": "money", "trafics": "traffic", "traffics": "traffic", "housework's": "housework",
    "houseworks": "housework", "weathers": "weather", "softwares": "software", "hardwares": "hardware",
}  # fmt: skip

RULES = [
    # A or an
    rule(r"\b(an?) ([a-z]{3,})\b(?!-)", _wrong_an, "article", _AN),
    # Uncountable
    rule(r"\ban? (good |very good |great |bad |useful )?(neverone)<ends>".replace("neverone", "<neverone>"),
         lambda m: f"some {m[1] or ''}{m[2]}" if m[2].lower() not in ("weather", "progress", "traffic") else f"{m[1] or ''}{m[2]}",
         "countability", _MASS),
    rule(r"\b(many|so many|too many) (advices|informations|furnitures|homeworks|luggages|equipments|moneys)\b",
         lambda m: f"{m[1].lower().replace('many', 'much') if m[1].lower() != 'many' else 'a lot of'} {_UNCOUNTED[m[2].lower()]}",
         "countability", _MASS),
    rule(r"\b(" + "|".join(_UNCOUNTED) + r")\b", lambda m: _UNCOUNTED[m[1].lower()], "countability", _MASS),
    rule(r"\b(long|short|black|blond|blonde|brown|red|grey|white|dark|curly|straight|beautiful|my|her|his) hairs\b", r"\1 hair",
         "countability", "Use hair without -s for the hair on your head."),
    rule(r"\b(don't \w+|doesn't \w+|didn't \w+|not|isn't|how|too|so) many (<mass>)\b(?! (?:shops?|bags?|bottles?|cups?|stations?))",
         r"\1 much \2", "countability", "Use much, not many, with words that you cannot count."),
    rule(r"(?<!how )(?<!so )(?<!too )(?<!not )\bmany (<mass>)<ends>", r"a lot of \1", "countability",
         "Use a lot of or much with words that you cannot count."),
    rule(r"\bmuch (people|children|men|women|<things>)\b", r"many \1", "countability", "Use many, not much, with things that you can count."),
    rule(r"\bless (people|children|cars|friends|books|problems|students|mistakes|hours|days|tourists|shops|things|lessons)\b",
         r"fewer \1", "countability", "Use fewer, not less, with things that you can count."),
    rule(r"\ba few (<mass>)<ends>", r"a little \1", "countability", "Use a little, not a few, with words that you cannot count."),
    # Plurals
    rule(r"\b(" + "|".join(lx.WRONG_PLURALS) + r")\b(?!')", lambda m: lx.WRONG_PLURALS[m[1].lower()], "countability",
         "This plural is irregular."),
    rule(r"\b(?:<number>|many|several|a lot of|lots of|these|those|a few|different|both|so many|too many|how many) "
         r"(?:(?:new|old|good|big|small|beautiful|little|young|nice|different|other|best|interesting) )?(?P<noun>(?!(?:one|plan|test|sport)\b)<thing>)"
         r"<ends>", lambda m: None if re.search(r"\b(?:1|one)\b", m[0]) or (m[0].lower().startswith(("these", "those")))
         else _pluralised(m), "countability", _MANY),
    rule(r"\bmany (?P<noun><thing>)(?= (?:in|at|of|speak|like|have|are|go|think|want|live|from)\b)", _pluralised, "countability", _MANY),
    rule(r"\b(?:every|each) (?P<noun><things>)\b", _singular, "countability", "Use the singular after every and each."),
    rule(r"\bevery people\b", "everybody", "countability", "Say everybody or all people."),
    rule(r"\ban other\b", "another", "article", "Write another as one word."),
    rule(r"\banother (people|children|things|countries|students|books|friends|places|languages)\b", r"other \1", "countability",
         "Use another with the singular, and other with the plural."),
    rule(r"\bothers (people|children|things|countries|students|places|languages|cities|cultures|friends)\b", r"other \1",
         "countability", "Use other without -s before a noun."),
    rule(r"\beach others\b", "each other", "pronoun", "Say: each other, without -s."),
    rule(r"\bthis (people|children|men|women|(?:<things>))\b(?! (?:me|us|that|is))", r"these \1", "agreement",
         "Use these for more than one."),
    rule(r"\bthat (people|children|men|women|books|cars|houses|shoes|words|students)(?= (?:is|are|was|were)\b)", r"those \1", "agreement",
         "Use those for more than one."),
    rule(r"\bthese (kind|sort|type) of\b", r"this \1 of", "agreement", "Kind is singular here: this kind of."),
    rule(r"\b(these|those) (?P<noun><thing>|man|woman|child|person)(?= (?:is|was)\b)",
         lambda m: f"{'this' if m[1].lower() == 'these' else 'that'} {m['noun']}", "agreement", "Use this or that for one."),
    # Missing article
    rule(r"\b(?P<head>(?:i am|i'm|he is|he's|she is|she's|you are|i was|he was|she was|works as|work as|worked as|working as|become|became|"
         r"(?:<poss>) (?:<person>) (?:is|was)|to be) )(?:(?:good|very good|famous|great) )?(?:<job>)<ends>", _insert, "article", _JOB),
    rule(rf"\b(?P<head>{_HAVE} )(?:(?:very |really )?(?:<adj>) )?(?:dog|cat|car|house|flat|apartment|bike|bicycle|motorbike|computer|laptop|camera|"
         r"brother|sister|son|daughter|baby|boyfriend|girlfriend|friend|garden|problem|question|idea|dream|ticket|bag|umbrella|book|"
         r"hobby|sandwich|apple|dress|shirt|jacket|hat|big family|meeting|exam|headache|cold|fever|phone)<ends>"
         , lambda m: None if re.search(r"\b(?:have|has|had) cold$", m[0]) else _insert(m), "article", _ONE),
    rule(r"\b(?P<head>(?:is|was|it's|that's|he's|she's) (?:not )?)(?:very |really )?(?:<adj>) (?:day|problem|idea|man|woman|person|city|town|country|"
         r"film|movie|book|house|game|story|place|teacher|student|friend|restaurant|hotel|job|question|language|song|trip|example|reason|boy|girl|"
         r"park|car|dog|cat|plan|mistake)<ends>", lambda m: None if re.search(r"\b(?:is|was|'s) best\b", m[0]) else _insert(m),
         "article", _ONE),
    # The
    rule(r"(?<!the )(?<!my )(?<!his )(?<!her )(?<!our )(?<!your )(?<!their )\b(is|was|he's|she's|it's|are|were) (best|worst|biggest|oldest|youngest|most "
         r"(?:<long>)) (?=(?:player|day|film|movie|book|song|student|teacher|city|restaurant|place|thing|person|friends?|team|country|singer|food|"
         r"one|child|part|game|moment|way|year) (?:in|of|on|i|for|that|at)\b)", r"\1 the \2 ", "article",
         "Use the with a superlative: the best."),
    rule(r"\b(play|plays|played|playing) the (<sport>)\b", r"\1 \2", "article", "Use games and sports without the: play football."),
    rule(r"\b(go|goes|went|going|stay|stayed) (to|in) the bed\b", r"\1 \2 bed", "article", "Say: go to bed, without the."),
    rule(r"^the (life|nature|love|happiness|health|society) (is|can|gives|makes)\b", r"\1 \2", "article",
         "Do not use the when you speak about things in general."),
    rule(r"\bthe (<country>)(?!ese|n)\b(?! (?:team|flag|government|embassy|war|trip|national|food|people|cup|office|airport|wall|sea|coast|tour))",
         r"\1", "article", "Use most names of countries without the."),
    rule(rf"(?<!the )\b(in|to|from) ({lx.THE_COUNTRIES})\b", r"\1 the \2", "article", "Use the with the name of this country."),
    rule(r"\bmost of (people|children|students|women|men)\b", r"most \1", "article", "Use most without of before a noun: most people."),
    rule(r"\bthe most of (the|my|our|people)\b", r"most of \1", "article", "Say: most of, without the before most."),
    rule(r"\bin internet\b", "on the internet", "article", "Say: on the internet."),
]  # fmt: skip
