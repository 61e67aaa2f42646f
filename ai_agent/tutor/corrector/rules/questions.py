"""Order of words in questions and in questions inside of sentences."""

from __future__ import annotations

from collections.abc import Iterator

from ai_agent.tutor.corrector import inflection as forms
from ai_agent.tutor.corrector.edit import Edit, Rule, replace
from ai_agent.tutor.corrector.parse import Parse, Token
from ai_agent.tutor.corrector.phrases import table

_WH = frozenset(["where", "what", "when", "why", "how", "who", "which"])
_SUBJECTS = frozenset({"you", "they", "we", "he", "she", "i", "it"})
_ASKING = frozenset(
    [
        "know",
        "tell",
        "wonder",
        "ask",
        "remember",
        "understand",
        "explain",
        "forget",
        "show",
        "see",
        "say",
        "sure",
        "idea",
    ]
)
_DETERMINERS = frozenset(
    ["the", "my", "your", "his", "her", "our", "their", "this", "that", "these", "those"]
)


def asked(parse: Parse) -> Iterator[Edit]:
    """ "What you do on Sunday", "where you live", "why you are sad"."""
    start = 0
    wh = parse.at(0)
    if (
        wh.low not in ("where", "what", "why", "how", "when", "who")
        or (wh.low in ("when", "who") and not parse.text.endswith("?"))
        or parse.text.endswith(("!", "."))
    ):
        return
    if wh.low == "how" and parse.at(1).low in ("long", "often", "many", "much", "old", "far"):
        start = 1
    if wh.low == "what" and parse.at(1).low in ("time", "kind"):
        start = 1
    subject, verb = parse.at(start + 1), parse.at(start + 2)
    if subject.low not in _SUBJECTS or _continues(parse, verb):
        return
    if (
        verb.low in ("are", "is", "was", "were", "am")
        and verb.lemma == "be"
        and wh.low in ("why", "where", "how")
    ):
        yield replace(subject, f"{verb.text} {subject.text}", "question_order", verb)
    elif verb.low in ("can", "should", "will", "must") and wh.low in ("why", "where", "how", "what", "when"):
        if verb.tag == "MD" and parse.after(verb).tag == "VB":
            yield replace(subject, f"{verb.text} {subject.text}", "question_order", verb)
    elif verb.low in ("do", "did", "does") and parse.after(verb).low in ("n't", "not") and wh.low == "why":
        yield replace(subject, f"{verb.text}n't {subject.text}", "question_order", parse.after(verb))
    elif (
        verb.tag in ("VBP", "VBZ", "VBD", "VB")
        and verb.low not in ("'re", "'m", "'s", "'d", "'ve", "had", "be")
        and verb.tag != "MD"
    ):
        if parse.after(verb).tag in ("VBN", "VBG") and verb.lemma == "have":
            return
        do = "did" if verb.tag == "VBD" else "does" if subject.low in ("he", "she", "it") else "do"
        base = forms.base(verb.low)
        yield replace(subject, f"{do} {subject.text} {base}", "do_in_questions", verb)


def _continues(parse: Parse, verb: Token) -> bool:
    """Whether another finite verb follows: "what you need is time"."""
    later = [t for t in parse.tokens[verb.i + 1 :] if t.tag in ("VBP", "VBZ", "VBD", "MD")]
    return bool(later)


def did_not_agree(parse: Parse) -> Iterator[Edit]:
    """ "Where do you went": the verb shows the past, so do becomes did."""
    for do in parse:
        subject, verb = parse.after(do), parse.after(do, 2)
        if (
            do.low in ("do", "does")
            and subject.low in _SUBJECTS
            and verb.tag == "VBD"
            and not forms.can_be_base(verb.low)
            and parse.before(do).low in _WH
        ):
            yield replace(do, f"did {subject.text} {forms.base(verb.low)}", "base_after_do", verb)


def _asks(parse: Parse, wh: Token) -> bool:
    before = parse.before(wh)
    if before.low in ("me", "him", "her", "us", "them", "you"):
        return parse.before(before).lemma in ("tell", "ask", "show")
    if before.lemma in ("remember", "understand", "wonder", "forget", "ask", "explain") or before.low in (
        "know",
        "knows",
        "knew",
    ):
        return True
    return f"{before.low}" in ("sure", "idea") and parse.before(before).low in ("not", "no", "am", "'m")


def embedded(parse: Parse) -> Iterator[Edit]:
    """ "I don't know where is the station", "tell me what does it mean"."""
    for wh in parse:
        if wh.i == 0 or wh.low not in _WH or not _asks(parse, wh):
            continue
        place = wh.i + 1
        if wh.low == "how" and parse.at(place).low in ("much", "old", "far", "long", "many", "often"):
            place += 1
        if wh.low == "what" and parse.at(place).low == "time":
            place += 1
        verb, subject = parse.at(place), parse.at(place + 1)
        if (
            subject.low in ("it", "he", "she", "they", "you", "i", "we", "this", "that")
            and not parse.at(place + 2).is_noun
        ):
            last = place + 1
        elif subject.low in _DETERMINERS:
            last = next(
                (
                    t.i
                    for t in parse.tokens[place + 2 : place + 5]
                    if t.is_noun and not parse.after(t).is_noun
                ),
                -1,
            )
        else:
            continue
        if last < 0:
            continue
        after = parse.at(last + 1)
        words = parse.text[subject.start : parse.at(last).end]
        if verb.low in ("is", "are", "was", "were") and (
            not after.is_word or after.low in ("from", "going", "doing", "called", "now", "today")
        ):
            if wh.low == "who" and subject.low not in _DETERMINERS | _SUBJECTS:
                continue
            yield replace(verb, f"{words} {verb.text}", "indirect_question", parse.at(last))
        elif (
            verb.low in ("do", "does", "did")
            and (after.tag in ("VB", "VBP") or forms.can_be_base(after.low))
            and after.is_word
        ):
            form = {"do": after.low, "does": forms.third(after.low), "did": forms.past(after.low)}[verb.low]
            yield replace(verb, f"{words} {form}", "indirect_question", after)


def mean(parse: Parse) -> Iterator[Edit]:
    """ "What means this word"."""
    what, means = parse.at(0), parse.at(1)
    if what.low == "what" and means.low in ("mean", "means") and parse.at(2).is_word:
        words = [t for t in parse.tokens[2:] if t.is_word]
        if len(words) <= 3 and (
            words[0].tag in ("DT", "NN", "VB", "JJ") or words[0].low in ("this", "that", "it")
        ):
            last = words[-1]
            yield replace(
                means, f"does {parse.text[words[0].start : last.end]} mean", "do_in_questions", last
            )


RULES: list[Rule] = [
    *table("have_since", ("^ [did you ever been]", "have you ever been")),
    mean,
    did_not_agree,
    *table("question_order", ("^ [how is called this|it|that] $", "what is {4} called")),
    asked,
    embedded,
]
