"""The past simple with a finished time: "yesterday I went", not "yesterday I have gone"."""

from __future__ import annotations

from collections.abc import Iterator

from ai_agent.tutor.corrector import inflection as forms
from ai_agent.tutor.corrector import lexicon as lx
from ai_agent.tutor.corrector.edit import Edit, Rule, replace
from ai_agent.tutor.corrector.parse import Parse, Token

UNITS = frozenset(
    [
        "minute",
        "minutes",
        "hour",
        "hours",
        "day",
        "days",
        "week",
        "weeks",
        "month",
        "months",
        "year",
        "years",
        "decades",
        "decade",
    ]
)


_LAST = frozenset(
    [
        "night",
        "week",
        "weekend",
        "month",
        "year",
        "summer",
        "winter",
        "spring",
        "autumn",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "christmas",
        "tet",
        "evening",
    ]
)


PERSONS = frozenset({"i", "you", "he", "she", "it", "we", "they"})


_NO_PAST = ("since", "for", "until", "before", "if", "every", "always", "usually", "often", "will", "ever")


def past_time(parse: Parse) -> tuple[int, int] | None:
    """Places of the words that name a finished time: "yesterday", "last week", "two years ago"."""
    for token in parse:
        if (
            token.low == "yesterday"
            and parse.after(token).low not in ("'s", "was", "is")
            and parse.before(token).low not in ("from", "since", "than", "like", "of")
        ):
            return token.i, token.i + 1
        following = parse.after(token)
        if (
            token.low == "last"
            and following.low in _LAST
            and parse.before(token).low
            not in ("the", "since", "until", "from", "than", "of", "'s", "my", "for")
        ):
            if parse.after(following).low != "'s":
                return token.i, following.i + 1
        if token.low == "ago" and parse.before(token).low in UNITS:
            start = max(parse.left(token), token.i - 3)
            if not any(
                t.low in ("since", "until", "from") for t in parse.tokens[max(0, start - 2) : token.i]
            ):
                return start, token.i + 1
    return None


def past_of_finished_time(parse: Parse) -> Iterator[Edit]:
    """ "Yesterday I go to the cinema"."""
    span = past_time(parse)
    if span is None or parse.has(*_NO_PAST) or parse.has("would", "can", "could", "let", "please"):
        return
    for verb in parse:
        subject = (
            parse.subject(verb)
            if verb.tag in ("VBP", "VBZ", "VB") and verb.dep in ("ROOT", "conj", "ccomp")
            else None
        )
        if (
            subject is None
            or subject.i > verb.i
            or parse.child(verb, "aux", "auxpass") is not None
            or verb.low in ("be", "'s")
        ):
            continue
        if not _marks(parse, span, verb) or _has_past(parse) or verb.dep == "ccomp":
            continue
        base = forms.base(verb.low)
        if base == "have" and (
            parse.after(verb).tag in ("RB", "VBN", "TO") or parse.child(verb, "dobj") is None
        ):
            continue
        if base == "be" and (span[0] == 0 or subject.low in PERSONS):
            yield replace(verb, "were" if verb.low in ("are", "'re") else "was", "past_for_finished_time")
        elif (
            base == "be"
            or (base in lx.PAST and lx.PAST[base] == verb.low)
            or base in ("know", "think", "remember", "hope", "guess", "mean", "want", "need", "hear")
        ):
            continue
        else:
            yield replace(verb, forms.past(base), "past_for_finished_time")


def _has_past(parse: Parse) -> bool:
    return any(t.tag == "VBD" for t in parse)


def _marks(parse: Parse, span: tuple[int, int], verb: Token) -> bool:
    """Whether the time belongs to this verb: at the start of the sentence, or the end, with one finite verb."""
    finite = [t for t in parse if t.tag in ("VBP", "VBZ", "MD") or t is verb]
    if len(finite) > 1:
        return False
    last = parse.at(span[1] - 1)
    head = parse.head(last)
    if parse.at(span[0]).i == 0:
        return True
    return head == verb or (
        head.is_verb and head.tag == "VBG" and verb.lemma == "go" and head.i == verb.i + 1
    )


def past_fallback(parse: Parse) -> Iterator[Edit]:
    """The same where the parser does not see the verb: "yesterday I meet him"."""
    span = past_time(parse)
    if span is None or parse.has(*_NO_PAST) or _has_past(parse):
        return
    for subject in parse:
        verb = parse.after(subject)
        verb = parse.after(verb) if verb.low in ("also", "really", "just") else verb
        if subject.low not in PERSONS or not (
            subject.i == 0 or subject.i == span[1] or parse.before(subject).low == ","
        ):
            continue
        if verb.low in lx.word_set("sure_verbs") - {"think", "know", "need", "want", "have"} and not any(
            t.tag == "MD" or t.lemma == "be" for t in parse
        ):
            past = forms.past(verb.low)
            if past != verb.low and verb.tag not in ("VBD", "VBN", "VBG"):
                yield replace(verb, past, "past_for_finished_time")


def past_beside_past(parse: Parse) -> Iterator[Edit]:
    """ "When I was a child I play outside"."""
    when = next((t for t in parse if t.low == "when"), None)
    if (
        when is None
        or parse.after(when).low not in PERSONS
        or parse.after(when, 2).low not in ("was", "were")
    ):
        return
    if not any(
        parse.at(i).low in ("child", "kid", "young", "little", "small", "boy", "girl", "student", "teenager")
        for i in range(when.i + 3, when.i + 7)
    ):
        return
    for verb in parse:
        subject = parse.child(verb, "nsubj")
        if (
            verb.tag in ("VBP", "VBZ")
            and subject is not None
            and subject.low in PERSONS
            and verb.dep == "ROOT"
        ):
            base = forms.base(verb.low)
            if parse.child(verb, "aux", "auxpass") is None and base not in (
                "remember",
                "think",
                "guess",
                "be",
                "know",
                "believe",
                "miss",
            ):
                yield replace(verb, forms.past(base), "past_for_finished_time")


def perfect_with_finished_time(parse: Parse) -> Iterator[Edit]:
    """ "I have seen him yesterday"."""
    span = past_time(parse)
    if span is None or (
        parse.has("since", "for", "until", "before", "in", "over", "more", "than")
        and parse.has("since", "for", "until", "over")
    ):
        return
    for verb in parse:
        have = parse.child(verb, "aux")
        subject = parse.child(verb, "nsubj")
        if verb.tag != "VBN" or have is None or have.low not in ("have", "has", "'ve") or subject is None:
            continue
        if (
            have.i < subject.i
            or parse.after(have).low in ("not", "n't", "been", "never", "already", "just", "recently")
            or len([t for t in parse if t.tag in ("VBP", "VBZ", "VBD", "MD")]) > 1
        ):
            continue
        if parse.children(verb, "auxpass"):
            continue
        between = [t.text for t in parse.tokens[have.i + 1 : verb.i]]
        yield replace(
            have, " ".join([*between, forms.past(forms.base(verb.low))]), "past_for_finished_time", verb
        )


def been_with_finished_time(parse: Parse) -> Iterator[Edit]:
    """ "I have been there last month"."""
    span = past_time(parse)
    if span is None or parse.has("since", "for", "until", "over"):
        return
    for have in parse:
        been, subject = parse.after(have), parse.before(have)
        if (
            have.low in ("have", "has", "'ve")
            and been.low == "been"
            and subject.low in PERSONS
            and not parse.after(been).is_verb
        ):
            if parse.after(been).low == "to":
                yield replace(have, "went", "past_for_finished_time", been)
            elif parse.after(been).low in ("there", "in", "at", "sick", "ill", "here", "very", "so"):
                be = "was" if subject.low in ("i", "he", "she", "it") else "were"
                yield replace(have, be, "past_for_finished_time", been)


RULES: list[Rule] = [
    perfect_with_finished_time,
    been_with_finished_time,
    past_of_finished_time,
    past_fallback,
    past_beside_past,
]
