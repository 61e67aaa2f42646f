"""Times that go on, conditions, states."""

from __future__ import annotations

from collections.abc import Iterator

from ai_agent.tutor.corrector import inflection as forms
from ai_agent.tutor.corrector import lexicon as lx
from ai_agent.tutor.corrector.edit import Edit, Rule, replace
from ai_agent.tutor.corrector.parse import Parse, Token
from ai_agent.tutor.corrector.phrases import table
from ai_agent.tutor.corrector.rules.past import PERSONS, UNITS

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
        "only",
        "ever",
        "already",
        "even",
        "usually",
        "often",
    ]
)


def _span_of_time(parse: Parse, i: int) -> int | None:
    """The place after "three years" or "a long time" at this place."""
    first, second, third = parse.at(i), parse.at(i + 1), parse.at(i + 2)
    if first.low in ("a", "an", "one", "many", "several", "some") or first.tag == "CD":
        if second.low in UNITS:
            return i + 2
        if second.low in ("few", "long", "couple") and third.low in (*UNITS, "time"):
            return i + 3
    return i + 1 if first.low == "ages" else None


_MOMENTS = frozenset(
    [
        "start",
        "begin",
        "arrive",
        "come",
        "move",
        "leave",
        "marry",
        "buy",
        "meet",
        "stop",
        "finish",
        "open",
        "die",
    ]
)
"""Verbs of what happens at one time: "ago" may be meant, not "for"."""


def since_span(parse: Parse) -> Iterator[Edit]:
    """ "Since three years": for."""
    for since in parse:
        if since.low == "since" and (end := _span_of_time(parse, since.i + 1)) is not None:
            if parse.at(end).low == "ago" or any(token.lemma in _MOMENTS for token in parse):
                continue
            if not (
                parse.at(since.i + 1).tag == "CD"
                and parse.at(since.i + 1).text.isdigit()
                and len(parse.at(since.i + 1).text) == 4
            ):
                yield replace(since, "for", "for_span")


_LASTING = frozenset(
    [
        "live",
        "work",
        "study",
        "learn",
        "play",
        "teach",
        "know",
        "have",
        "own",
        "be",
        "wait",
        "stay",
        "cook",
        "practice",
        "practise",
    ]
)


def present_since(parse: Parse) -> Iterator[Edit]:
    """ "I live here since 2015", "I know her for five years", "she is working here for six months"."""
    mark = next((t for t in parse if _is_duration(parse, t)), None)
    if mark is None or len([t for t in parse if t.tag in ("VBP", "VBZ", "VBD", "MD") and t.i < mark.i]) != 1:
        return
    for subject in parse:
        finite = parse.after(subject)
        if subject.dep not in ("nsubj", "nsubjpass") or finite.tag not in ("VBP", "VBZ") or finite.i > mark.i:
            continue
        if parse.after(finite).low in _MIDDLE:
            continue
        verb, base = parse.after(finite), forms.base(finite.low)
        have = "has" if subject.low in ("he", "she", "it") or subject.tag in ("NN", "NNP") else "have"
        if parse.child(subject, "conj") is not None:
            have = "have"
        is_for = mark.low == "for"
        if (
            (base == "be" and verb.tag == "VBG" and (verb.lemma in _LASTING or not is_for))
            or (
                base == "be"
                and verb.tag != "VBN"
                and verb.low
                in ("married", "here", "there", "sick", "ill", "single", "a", "in", "friends", "the")
                and parse.after(mark).low not in ("i", "he", "she", "my")
                and (not is_for or verb.low in ("married", "here", "sick", "ill"))
            )
            or (base == "be" and verb.low == "married")
        ):
            yield replace(finite, f"{have} been", "have_since")
        elif base in _LASTING - {"be"} and (
            not is_for or (base in ("know", "live", "work") and _is_end(parse, mark))
        ):
            if base == "have" and (verb.tag in ("VBN", "TO") or is_for):
                continue
            if (
                base in ("work", "live")
                and is_for
                and parse.has("every", "usually", "often", "always", "day", "each")
            ):
                continue
            yield replace(finite, f"{have} {forms.participle(base)}", "have_since")


def _is_duration(parse: Parse, token: Token) -> bool:
    if token.low == "since":
        following = parse.after(token)
        is_year = following.text.isdigit() and len(following.text) == 4
        is_point = is_year or following.low in ("last", "yesterday", "childhood", "january", "february", "march", "april", "june", "july",
                                               "august", "september", "october", "november", "december", "monday", "christmas", "i", "my", "he", "she", "nineteen")  # fmt: skip
        return is_point or _span_of_time(parse, following.i) is not None
    return token.low == "for" and _span_of_time(parse, token.i + 1) is not None


def _is_end(parse: Parse, mark: Token) -> bool:
    end = _span_of_time(parse, mark.i + 1)
    return end is not None and not parse.at(end).is_word


def will_after_if(parse: Parse) -> Iterator[Edit]:
    for conjunction in parse:
        subject, will, verb = (parse.after(conjunction, n) for n in (1, 2, 3))
        if conjunction.low not in ("if", "when", "unless", "until", "after", "before") or will.low != "will":
            continue
        if (
            subject.low not in PERSONS
            or (subject.low, conjunction.low) == ("you", "if")
            or verb.tag != "VB"
            or parse.head(verb).lemma in ("know", "ask", "wonder", "tell", "say", "see")
        ):
            continue
        others = [t for t in parse if t.low in ("will", "'ll", "wo", "can", "going") and t is not will]
        if not others or parse.before(conjunction).lemma in (
            "know",
            "ask",
            "wonder",
            "tell",
            "sure",
            "see",
            "me",
            "say",
        ):
            continue
        if conjunction.i > 0 and conjunction.low in ("if", "when") and parse.before(conjunction).is_verb:
            continue
        low = subject.low
        if verb.low == "be":
            form = {"i": "am", "he": "is", "she": "is", "it": "is"}.get(low, "are")
        else:
            form = forms.third(verb.low) if low in ("he", "she", "it") else verb.low
        yield replace(will, form, "present_after_if", verb)


def would_have_after_if(parse: Parse) -> Iterator[Edit]:
    """ "If I would have known, I would have come": had known."""
    first, subject, would, have = (parse.at(i) for i in range(4))
    is_begun = first.low == "if" and subject.low in PERSONS and would.low in ("would", "'d")
    if not is_begun or have.low != "have" or parse.at(4).tag != "VBN":
        return
    if any(token.low in ("would", "'d", "could", "might") for token in parse.tokens[5:]):
        yield replace(would, "had", "past_perfect_after_if", have)


def would_after_if(parse: Parse) -> Iterator[Edit]:
    first, subject, would, verb = (parse.at(i) for i in range(4))
    if (
        first.low != "if"
        or subject.low not in PERSONS
        or would.low != "would"
        or verb.tag != "VB"
        or verb.low == "like"
    ):
        return
    if not any(t.low in ("would", "'d", "could") for t in parse.tokens[4:]) or parse.at(4).tag == "VBN":
        return
    yield replace(would, "were" if verb.low == "be" else forms.past(verb.low), "past_after_if", verb)


def stative(parse: Parse) -> Iterator[Edit]:
    """ "I am wanting"."""
    for verb in parse:
        be, subject = parse.before(verb), parse.before(verb, 2)
        if (
            verb.tag != "VBG"
            or verb.lemma not in lx.word_set("stative")
            or verb.lemma in ("mean", "contain")
            or be.low not in ("am", "is", "are", "'m", "'re")
        ):
            continue
        if subject.low in PERSONS:
            yield replace(
                be,
                forms.third(verb.lemma) if subject.low in ("he", "she", "it") else verb.lemma,
                "no_ing_for_states",
                verb,
            )


RULES: list[Rule] = [
    since_span,
    present_since,
    *table(
        "have_since",
        (
            "how long [are you] #VBG&living|working|learning|studying|waiting|playing|teaching|staying",
            "have you been",
        ),
        ("how long [do you know]", "have you known"),
    ),
    *table("how_long", ("how long [time] #VBP|VBZ|VBD|MD", "")),
    will_after_if,
    would_have_after_if,
    would_after_if,
    stative,
]
