"""Agreement of verbs with their subjects."""

from __future__ import annotations

from collections.abc import Iterator

from ai_agent.tutor.corrector import inflection as forms
from ai_agent.tutor.corrector import lexicon as lx
from ai_agent.tutor.corrector.edit import Edit, Rule, replace
from ai_agent.tutor.corrector.parse import Parse, Token

_THIRD = frozenset({"he", "she", "it"})
_ONE = frozenset(
    [
        "everyone",
        "everybody",
        "someone",
        "somebody",
        "nobody",
        "anyone",
        "anybody",
        "everything",
        "something",
        "nothing",
    ]
)
_PLURAL = frozenset({"we", "they", "you"})
_SUBJUNCTIVE = frozenset(
    [
        "suggest",
        "recommend",
        "insist",
        "demand",
        "request",
        "propose",
        "ask",
        "require",
        "advise",
        "prefer",
        "important",
        "essential",
        "necessary",
        "vital",
        "wish",
        "rather",
        "lest",
        "would",
        "dare",
    ]
)
_SINGULAR_S = frozenset(
    ["news", "mathematics", "physics", "politics", "economics", "gymnastics", "series", "species"]
)
_ONE_DETERMINERS = frozenset(
    ["my", "your", "his", "her", "our", "their", "the", "this", "that", "a", "an", "every", "each"]
)
_MANY_DETERMINERS = frozenset(
    [
        "many",
        "several",
        "few",
        "these",
        "those",
        "both",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
    ]
)
_NOT_ONE = frozenset(
    {"lot", "few", "number", "couple", "hundred", "thousand", "million", "dozen", "variety", "pair", "bit"}
)


def number(parse: Parse, subject: Token) -> str | None:
    """ "I", "one" or "many"; None in doubt."""
    if subject.dep in {"csubj", "expl"}:
        return None
    if parse.child(subject, "conj", "cc", "preconj", "appos") is not None:
        return None
    low, tag = subject.low, subject.tag
    if parse.before(subject).text == "-":
        return None
    if low == "i":
        return "I"
    if low in _PLURAL:
        return "many"
    if low in _THIRD or low in _ONE:
        return "one"
    if low == "people":
        return "many"
    if low in lx.word_set("either_number+units") or (
        parse.child(subject, "quantmod", "nummod") and tag != "NNS"
    ):
        return None
    if tag == "NN":
        return _of_singular(parse, subject)
    if tag == "NNS" and low not in _SINGULAR_S and forms.lemmas(low, "NOUN") != (low,):
        if any(c.low in ("a", "an", "number", "one", "%") or c.tag == "CD" for c in parse.children(subject)):
            return None
        return "many"
    return None


def _of_singular(parse: Parse, subject: Token) -> str | None:
    determiner = parse.child(subject, "det", "poss")
    of = next((c for c in parse.children(subject, "prep") if c.low == "of"), None)
    if parse.child(subject, "predet") is not None or (
        of is not None and any(t.tag == "NNS" for t in parse.subtree(of))
    ):
        return None
    if determiner is None or subject.low.endswith("s"):
        return None
    if determiner.low not in _ONE_DETERMINERS and determiner.tag not in ("NN", "NNP"):
        return None
    if (
        determiner.dep == "poss"
        and determiner.tag in ("NN", "NNP")
        and parse.child(determiner, "case") is None
    ):
        return None
    return "one"


def _finite_verbs(parse: Parse) -> Iterator[tuple[Token, Token, Token]]:
    """(subject, finite word, main verb) of each clause."""
    for verb in parse:
        if verb.tag.startswith("VB") and verb.dep not in ("aux", "auxpass"):
            subject = parse.child(verb, "nsubj", "nsubjpass")
            if subject is not None:
                yield subject, parse.finite(verb), verb


def _relative(parse: Parse, subject: Token, verb: Token) -> Token | None:
    """The noun that "who" stands for, in "a friend who lives"."""
    if subject.low != "who" or verb.dep != "relcl" or subject.i != verb.i - 1:
        return subject if subject.low not in ("who", "that", "which", "what") else None
    noun = parse.head(verb)
    if noun.i != subject.i - 1:
        return None
    in_group = parse.before(noun, 2).low == "of" or parse.head(noun).low == "of" or noun.dep == "pobj"
    return None if in_group else noun


def _is_base_rightly(parse: Parse, verb: Token) -> bool:
    head = parse.head(verb)
    above = {head.lemma, parse.head(head).lemma} if verb.dep != "ROOT" else set()
    if above & _SUBJUNCTIVE or parse.has("lest", "whether", "dare"):
        return True
    return verb.dep == "ccomp" and head.lemma in (
        "let",
        "make",
        "have",
        "help",
        "see",
        "hear",
        "watch",
        "feel",
        "if",
    )


def verbs(parse: Parse) -> Iterator[Edit]:
    """ "My brother work" and "they goes"."""
    for subject, finite, verb in _finite_verbs(parse):
        who = _relative(parse, subject, verb)
        count = number(parse, who) if who is not None else None
        inverted = finite.i < subject.i
        if count is None or (inverted and finite.lemma not in ("do", "have", "be")):
            continue
        if finite.tag == "MD" or (inverted and finite is verb and finite.lemma != "be"):
            continue
        if not inverted and any(parse.at(i).tag in ("MD", "TO") or parse.at(i).low in ("do", "does", "did", "let")
                                for i in range(subject.i, finite.i)):  # fmt: skip
            continue
        if _is_base_rightly(parse, verb) or who is None or _may_be_noun(who, finite):
            continue
        yield from _agreeing(parse, who, finite, verb, count)


def _may_be_noun(subject: Token, finite: Token) -> bool:
    """Whether "your eye shadow" may have been taken for a subject and a verb."""
    return (
        subject.is_noun
        and subject.i == finite.i - 1
        and bool(forms.lemmas(finite.low, "NOUN"))
        and finite.lemma not in ("be", "have", "do")
        and finite.low not in lx.word_set("sure_verbs+learner_verbs")
        and forms.base(finite.low) not in lx.word_set("sure_verbs+learner_verbs")
    )


def _is_surely_one(parse: Parse, noun: Token) -> bool:
    """Whether the verb is wrong, not the noun: "my brother are", but not "our chance are"."""
    if noun.low in lx.word_set("people+uncountable"):
        return True
    return any(
        c.low in ("a", "an", "this", "that", "every", "each", "one") for c in parse.children(noun, "det")
    )


def _agreeing(parse: Parse, subject: Token, finite: Token, verb: Token, count: str) -> Iterator[Edit]:
    low = finite.low
    if low in ("am", "is", "are", "was", "were", "'m", "'re"):
        right = _be(low, count)
        if (
            count == "many"
            and parse.before(parse.at(parse.left(subject))).low in ("what", "how", "that")
            and subject.is_noun
        ):
            return
        if count == "one" and subject.tag == "NN" and not _is_surely_one(parse, subject):
            return
        if (
            count == "many"
            and subject.is_noun
            and any(c.tag == "NN" and parse.child(c, "det") is not None for c in parse.children(verb, "attr"))
        ):
            return
        if right is not None and right != low:
            yield replace(finite, right, "be_agrees")
    elif (
        count == "one"
        and _keeps_tense(low)
        and finite.tag in ("VBP", "VB")
        and low not in ("be", "get")
        and forms.can_be_base(low)
    ):
        third = forms.third(low)
        reason = {"do": "doesnt", "have": "has"}.get(low, "adds_s")
        if third != low:
            yield replace(finite, third, reason)
    elif count in ("many", "I") and finite.tag == "VBZ" and low not in ("'s", "ai"):
        reason = {"does": "dont", "has": "have"}.get(low, "no_s")
        yield replace(finite, forms.base(low), reason)


def _keeps_tense(base: str) -> bool:
    """Whether it is present: not "it cost", which may be past."""
    return lx.PAST.get(base) != base


def _be(low: str, count: str) -> str | None:
    if low in ("was", "were"):
        return {"many": "were"}.get(count)
    if low in {"'re", "'m"}:
        return None
    return {"I": "am", "one": "is", "many": "are"}[count]


def base_after_pronoun(parse: Parse) -> Iterator[Edit]:
    """ "He like football": the parser takes the verb for a preposition or a noun."""
    for subject in parse:
        verb = parse.after(subject, 2 if parse.after(subject).low in lx.word_set("adverbs") else 1)
        if subject.low not in ("he", "she") and subject.low not in _ONE:
            continue
        if subject.i > 0 and parse.before(subject).low not in (
            "and",
            "but",
            "because",
            "that",
            "so",
            ",",
            "when",
            "if",
            "think",
            "know",
        ):
            continue
        if any(t.tag in ("VBP", "VBZ", "VBD") for t in parse):
            continue
        if (
            verb.tag in ("IN", "NN", "VB")
            and verb.low in lx.word_set("sure_verbs+learner_verbs")
            and not any(
                t.tag == "MD"
                or t.low in ("do", "does", "did", "let", "make", "would", "rather")
                or t.lemma in _SUBJUNCTIVE
                for t in parse.tokens[: subject.i]
            )
        ):
            yield replace(verb, forms.third(verb.low), "adds_s")


def there_is(parse: Parse) -> Iterator[Edit]:
    for verb in parse:
        there = parse.before(verb)
        if there.low != "there" or there.tag != "EX":
            there = (
                parse.after(verb)
                if parse.after(verb).low == "there" and parse.after(verb).tag == "EX"
                else there
            )
        if there.low != "there" or there.tag != "EX":
            continue
        start = max(there.i, verb.i) + 1
        first, second = parse.at(start), parse.at(start + 1)
        noun = next(
            (t for t in parse.tokens[start:] if t.is_noun and t.dep in ("attr", "nsubj", "dobj")), None
        )
        if noun is None or noun.low in lx.word_set("units") or parse.child(noun, "conj", "cc") is not None:
            continue
        is_many = noun.tag == "NNS" and (
            first.low in _MANY_DETERMINERS or f"{first.low} {second.low}" in ("a few", "so many", "too many")
        )
        if f"{first.low} {second.low}" == "a lot" and noun.low == "lot":
            thing = next((t for t in parse.subtree(noun) if t.dep == "pobj"), None)
            is_many = thing is not None and thing.tag == "NNS" and parse.child(thing, "conj") is None
        if verb.low in ("is", "was") and is_many:
            yield replace(verb, {"is": "are", "was": "were"}[verb.low], "there_are")
        is_one = first.low in ("a", "an", "one") and noun.tag == "NN" and first.dep in ("det", "nummod")
        if (
            verb.low in ("are", "were")
            and is_one
            and parse.after(noun).low != "of"
            and noun.low not in _NOT_ONE
            and second.low not in _NOT_ONE
        ):
            yield replace(verb, {"are": "is", "were": "was"}[verb.low], "there_is")


def news(parse: Parse) -> Iterator[Edit]:
    for verb in parse:
        subject = parse.child(verb, "nsubj")
        if (
            verb.low in ("are", "were")
            and subject is not None
            and subject.low in ("news", "information", "furniture", "advice")
        ):
            if parse.child(subject, "conj") is None:
                yield replace(verb, {"are": "is", "were": "was"}[verb.low], "mass_singular")


def these(parse: Parse) -> Iterator[Edit]:
    """ "This books": before a plural noun with a verb in the plural, or at the end."""
    for token in parse:
        noun = parse.head(token)
        if token.dep != "det" or token.low not in ("this", "that") or noun.tag != "NNS" or noun.i <= token.i:
            continue
        between = parse.tokens[token.i + 1 : noun.i]
        if noun.low in lx.word_set("units+either_number") or any(t.tag != "JJ" for t in between):
            continue
        if (
            noun.low in _SINGULAR_S
            or noun.dep == "compound"
            or parse.after(noun).is_noun
            or forms.lemmas(noun.low, "NOUN") == (noun.low,)
        ):
            continue
        if (
            forms.lemmas(noun.low, "VERB")
            and noun.dep not in ("dobj", "pobj")
            and parse.after(noun).low not in ("are", "were", "have", "is")
        ):
            continue
        if token.low == "that" and parse.before(token).is_verb:
            continue
        yield replace(token, {"this": "these", "that": "those"}[token.low], "these")


RULES: list[Rule] = [verbs, base_after_pronoun, there_is, news, these]
