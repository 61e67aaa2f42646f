"""Forms of a verb after its auxiliaries, and forms that do not exist."""

from __future__ import annotations

from collections.abc import Iterator

from ai_agent.tutor.corrector import inflection as forms
from ai_agent.tutor.corrector import lexicon as lx
from ai_agent.tutor.corrector.edit import Edit, Rule, replace
from ai_agent.tutor.corrector.parse import Parse, Token
from ai_agent.tutor.corrector.phrases import table

_MIDDLE = frozenset(
    [
        "not",
        "n't",
        "always",
        "never",
        "also",
        "really",
        "still",
        "just",
        "even",
        "ever",
        "already",
        "usually",
        "often",
        "only",
    ]
)
_DO = frozenset({"do", "does", "did"})
_MODALS = frozenset(["can", "could", "must", "should", "may", "might", "will", "would", "ca", "wo", "shall"])
_BE_FORMS = frozenset({"am", "is", "are", "was", "were", "'m", "'re"})
_PRONOUNS = frozenset({"i", "you", "he", "she", "it", "we", "they"})


def _next_word(parse: Parse, token: Token) -> Token:
    following = parse.after(token)
    while following.low in _MIDDLE:
        following = parse.after(following)
    return following


def _is_not_base(verb: Token) -> bool:
    """Whether it is a form of a verb other than its base, and has no other use."""
    low = verb.low
    return (
        verb.tag in ("VBZ", "VBD", "VBN", "VBP", "NNS", "NN", "VB")
        and (not forms.can_be_base(low) or low in ("saw", "found", "felt"))
        and (low in lx.BASE_OF or bool(forms.lemmas(low, "VERB")))
        and not low.endswith("ing")
    )


def after_do(parse: Parse) -> Iterator[Edit]:
    """ "Didn't went", "did you saw", "does she lives"."""
    for do in parse:
        if do.low not in _DO:
            continue
        verb = _next_word(parse, do)
        is_negative = parse.after(do).low in ("not", "n't")
        if not is_negative:
            subject = next((parse.at(i) for i in range(do.i + 1, min(do.i + 6, len(parse.tokens)))
                            if parse.at(i).dep in ("nsubj", "nsubjpass")), None)  # fmt: skip
            if subject is None or do.i != parse.left(subject) - 1:
                continue
            if (do.i and do.dep not in ("aux", "ROOT", "ccomp", "advcl")) or parse.right(
                subject
            ) > subject.i + 3:
                continue
            verb = _next_word(parse, parse.at(parse.right(subject)))
            if do.dep != "aux" and verb.tag == "VBN":
                continue
        if _is_not_base(verb) and verb.tag != "NNS" and not verb.is_noun:
            yield replace(verb, forms.base(verb.low), "base_after_do")


def after_modal(parse: Parse) -> Iterator[Edit]:
    for modal in parse:
        if modal.tag != "MD" or modal.low not in _MODALS:
            continue
        following = _next_word(parse, modal)
        if (
            following.low == "to"
            and parse.after(following).tag == "VB"
            and (modal.head == following.i + 1 or modal.dep == "ROOT")
            and following.i == modal.i + 1 + (parse.after(modal).low in _MIDDLE)
        ):
            yield replace(following, parse.after(following).text, "base_after_modal", parse.after(following))
            continue
        if (
            following.tag in ("VBZ", "VBD", "VBN", "VBP")
            and _is_not_base(following)
            and following.low not in ("of", "better")
        ):
            yield replace(following, forms.base(following.low), "base_after_modal")
        if (
            following.tag == "VBG"
            and modal.low in ("can", "must", "should", "ca")
            and modal.head == following.i
            and (parse.before(modal).is_noun or parse.before(modal).low in _PRONOUNS)
        ):
            yield replace(following, forms.base(following.low), "base_after_modal")


def after_have(parse: Parse) -> Iterator[Edit]:
    """ "I have went" and "have you ever ate"."""
    for have in parse:
        if have.low not in ("have", "has", "had", "'ve", "having") or have.tag == "NN":
            continue
        verb = _next_word(parse, have)
        if verb.low in _PRONOUNS and have.low != "having":
            verb = _next_word(parse, verb)
        if (
            verb.low in lx.PAST_ONLY
            and verb.tag in ("VBD", "VBN", "VBP")
            and verb.low not in {"saw", "were"} | _clash(parse, have, verb)
        ):
            yield replace(verb, forms.participle(lx.PAST_ONLY[verb.low]), "participle_after_have")
        elif verb.low == "saw" and verb.tag in ("VBD", "VBN"):
            yield replace(verb, "seen", "participle_after_have")


def _clash(parse: Parse, have: Token, verb: Token) -> set[str]:
    """ "All I have came from her": the verb has its own subject."""
    is_clash = (verb.dep == "ROOT" and have.dep in ("relcl", "csubj", "nsubj")) or (
        parse.head(have) is not verb and have.dep == "relcl"
    )
    return {verb.low} if is_clash else set()


def in_passive(parse: Parse) -> Iterator[Edit]:
    """ "It was wrote"."""
    for be in parse:
        if be.low in ("was", "were", "been", "is", "are", "being") and be.tag.startswith("VB"):
            verb = _next_word(parse, be)
            if (
                verb.low in lx.PAST_ONLY
                and verb.low not in ("saw", "bore", "bit", "rose", "were", "was")
                and verb.tag in ("VBD", "VBN")
            ):
                yield replace(verb, forms.participle(lx.PAST_ONLY[verb.low]), "participle_in_passive")
            elif (
                verb.low in lx.PAST
                and parse.after(verb).low == "by"
                and lx.PARTICIPLE[verb.low] != verb.low
                and verb.tag in ("VB", "VBP")
            ):
                yield replace(verb, lx.PARTICIPLE[verb.low], "participle_in_passive")


def wrong_past(parse: Parse) -> Iterator[Edit]:
    """ "Buyed", "teached"."""
    for verb in parse:
        if verb.low not in lx.WRONG_PAST or (verb.tag in ("NNP", "NNPS") and verb.i > 0):
            continue
        base = lx.WRONG_PAST[verb.low]
        before = parse.before(verb)
        while before.low in _MIDDLE or (
            before.low in _PRONOUNS and parse.before(before).low in ("have", "has")
        ):
            before = parse.before(before)
        is_participle = before.low in (
            "have",
            "has",
            "had",
            "'ve",
            "be",
            "been",
            "was",
            "were",
            "is",
            "are",
            "being",
        )
        yield replace(verb, forms.participle(base) if is_participle else forms.past(base), "irregular_past")


def be_and_base(parse: Parse) -> Iterator[Edit]:
    """ "I am agree", "I am work"."""
    for subject in parse:
        be = parse.after(subject)
        if subject.low not in _PRONOUNS or be.low not in _BE_FORMS or be.tag not in ("VBP", "VBZ", "VBD"):
            continue
        if be.low in ("'m", "'re"):
            continue
        is_negative = parse.after(be).low == "not"
        verb = parse.after(be, 2 if is_negative else 1)
        if (
            verb.low
            not in lx.word_set("sure_verbs+learner_verbs")
            - {
                "like",
                "set",
                "put",
                "open",
                "hurt",
                "use",
                "clean",
                "dream",
                "close",
                "live",
                "free",
                "present",
            }
            or (verb.tag not in ("VB", "VBP", "NN") and verb.low not in ("agree", "disagree", "go", "depend"))
            or parse.after(verb).low in ("and", "or", ",")
        ):
            continue
        if (
            verb.is_noun
            and verb.low not in lx.word_set("sure_verbs") | {"work", "travel", "study", "wait", "practice"}
        ) or (verb.low in ("become", "come", "set") and not is_negative):
            continue
        if is_negative and verb.low not in (
            "agree",
            "understand",
            "know",
            "like",
            "want",
            "need",
            "have",
            "think",
            "believe",
            "remember",
        ):
            continue
        yield replace(be, _without_be(subject.low, be.low, verb.low, is_negative), "no_be", verb)


def _without_be(who: str, be: str, verb: str, is_negative: bool) -> str:
    is_past = be in ("was", "were")
    is_third = who in ("he", "she", "it")
    if is_negative:
        return f"{'did' if is_past else 'does' if is_third else 'do'}n't {verb}"
    return forms.past(verb) if is_past else forms.third(verb) if is_third else verb


def negative(parse: Parse) -> Iterator[Edit]:
    """ "I no like" and "he not understand"."""
    for subject in parse:
        word, verb = parse.after(subject), parse.after(subject, 2)
        if (
            subject.low not in _PRONOUNS - {"it"}
            or word.low not in ("no", "not")
            or subject.dep not in ("nsubj", "nsubjpass", "ROOT", "dep", "advmod", "npadvmod")
        ):
            continue
        if subject.i > 0 and parse.before(subject).low not in (
            "and",
            "but",
            "because",
            "so",
            ",",
            "that",
            "if",
            "when",
            "well",
        ):
            continue
        base = verb.low if forms.can_be_base(verb.low) else forms.base(verb.low)
        if base in lx.word_set("sure_verbs+learner_verbs") and verb.tag in (
            "VB",
            "VBP",
            "VBZ",
            "IN",
            "NN",
            "UH",
        ):
            do = "doesn't" if subject.low in ("he", "she") else "don't"
            yield replace(word, f"{do} {base}", "dont_in_negatives", verb)


RULES: list[Rule] = [
    *table(
        "no_be",
        ("^ [are you agree]", "do you agree"),
        ("i|we|they ['m|'re not agree]", "don't agree"),
        ("i|we|they ['m|'re agree]", "agree"),
        ("[it 's depend]", "it depends"),
        ("[it is depend]", "it depends"),
    ),
    *table(
        "two_modals",
        ("#MD&will|would|must|should|may|might [can] #VB", "be able to"),
        ("[can|could able to] #VB", "can"),
    ),
    *table(
        "was_born",
        ("i|he|she|it [born] in|on|at|into", "was born"),
        ("we|they|you [born] in|on|at|into", "were born"),
        ("=be [borned]", "born"),
        ("i|he|she [borned]", "was born"),
        ("i [am|'m] born in|on|at", "was"),
        ("he|she|grandmother|grandfather|mother|father [is|'s] born in|on", "was"),
    ),
    *table(
        "doubled_do", ("^ [do you can] #VB", "can you"), ("^ what [you do] on|at|in|every|after", "do you do")
    ),
    wrong_past,
    after_do,
    after_modal,
    after_have,
    in_passive,
    be_and_base,
    negative,
]
