"""Reads what a parsed sentence says: who does what, when, and which circumstances are named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ai_agent.tutor.corrector.parse import FINITE, SUBJECTS, Parse, Token

Tense = Literal["past", "present", "future", ""]
_MOST_CLAUSES = 6
_MOST_WORDS = 5
"""A longer phrase is cut to its noun: repeated whole it would sound like reading aloud."""
_OPENERS = frozenset(
    ["like", "love", "enjoy", "hate", "want", "need", "start", "try", "learn", "plan", "hope"]
)
"""Verbs whose infinitive or -ing form says what is done: "I like to play chess"."""
_SECOND = {"i": "you", "me": "you", "my": "your", "mine": "yours", "we": "you", "us": "you", "our": "your"}
_LOOSE = (
    *("relcl", "advcl", "acl", "cc", "conj", "punct"),
    *("appos", "prep", "intj", "parataxis", "ccomp"),
)
_PLACES = frozenset(["in", "at", "on", "near", "to", "from", "around", "into", "behind", "under"])
_TIME_WORDS = """
time day week weekend month year hour minute morning evening afternoon night today tomorrow
yesterday tonight monday tuesday wednesday thursday friday saturday sunday january february
march april may june july august september october november december summer winter spring
autumn o'clock am pm noon midnight century ago
"""
_TIMES = frozenset(_TIME_WORDS.split())
_OFTEN = frozenset(
    [
        "always",
        "usually",
        "often",
        "sometimes",
        "never",
        "rarely",
        "daily",
        "weekly",
        "every",
        "twice",
        "once",
    ]
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One main clause. Phrases are in the second person ("my cousin" is "your cousin").

    `subject`: a pronoun in lower case, or the phrase of a noun; `subject_noun`: that noun, empty for a name.
    `verb`: its base
    form; "be" for a complement, which is in `is_what`. `doing`: what is done, in the base form, with its
    object: "play chess" for "I like playing chess". `object`: the phrase; `object_noun`: its base form.
    `named`: which of "place", "time", "often", "with", "why" it says. `place`: the name of a place.
    `modal`: "should", "can".
    """

    subject: str
    subject_noun: str
    is_subject_plural: bool
    verb: str
    tense: Tense
    is_negated: bool
    is_question: bool
    doing: str = ""
    object: str = ""
    object_noun: str = ""
    is_plural: bool = False
    is_what: str = ""
    is_adjective: bool = False
    named: tuple[str, ...] = ()
    place: str = ""
    modal: str = ""


def clauses_of(parse: Parse) -> tuple[Clause, ...]:
    """The main clauses in order. Those without a subject and a finite verb are left out."""
    return tuple(clause for verb in _main_verbs(parse) if (clause := _clause(parse, verb)) is not None)[
        :_MOST_CLAUSES
    ]


def _main_verbs(parse: Parse) -> Iterator[Token]:
    for token in parse:
        if not token.is_verb or token.dep in ("aux", "auxpass"):
            continue
        if token.dep == "ROOT" or (token.dep in ("conj", "ccomp", "parataxis") and _is_main(parse, token)):
            yield token


def _is_main(parse: Parse, verb: Token) -> bool:
    """Whether it is joined to the sentence ("…, and he laughed", "I played, it was fun"), not part of another
    clause ("I think that he laughed")."""
    if parse.subject(verb) is None:
        return False
    head = parse.head(verb)
    if verb.dep == "ccomp":
        return verb.i < head.i
    return head.dep == "ROOT" or (head.dep in ("conj", "ccomp") and head.i != verb.i)


def _clause(parse: Parse, verb: Token) -> Clause | None:
    subject, finite = _subject(parse, verb), parse.finite(verb)
    if subject is None or finite.tag not in FINITE:
        return None
    inner = _inner(parse, verb)
    thing = _object(parse, inner)
    what = parse.child(verb, "acomp", "attr") if verb.lemma == "be" else None
    is_about_nouns = what is not None and what.is_noun
    return Clause(
        subject=_phrase(parse, subject) if subject.is_noun else subject.low,
        subject_noun="" if subject.tag in ("NNP", "NNPS") else subject.lemma,
        is_subject_plural=subject.tag in ("NNS", "NNPS") or bool(parse.children(subject, "conj")),
        verb=_verb(parse, verb),
        tense=_tense(parse, verb, finite),
        is_negated=_is_no(parse, thing)
        or any(t.dep == "neg" or t.low == "never" for t in parse.children(verb, "neg", "advmod")),
        is_question=_is_question(parse, verb),
        doing=_doing(parse, inner, thing),
        object=_phrase(parse, thing) if thing is not None else "",
        object_noun=thing.lemma if thing is not None else "",
        is_plural=thing is not None and thing.tag in ("NNS", "NNPS"),
        is_what=(what.lemma if is_about_nouns else what.low) if what is not None else "",
        is_adjective=what is not None and what.tag.startswith("JJ"),
        place=_place_name(parse, verb),
        modal=next((token.low for token in parse.children(verb, "aux") if token.tag == "MD"), ""),
        named=tuple(dict.fromkeys(_named(parse, verb))),
    )


def _verb(parse: Parse, verb: Token) -> str:
    """ "want" for "would like", "plan" for "I am thinking of"."""
    if verb.lemma == "think" and verb.tag == "VBG" and parse.child(verb, "prep") is not None:
        return "plan"
    is_wish = verb.lemma in ("like", "love") and any(
        t.low in ("would", "'d") for t in parse.children(verb, "aux")
    )
    return "want" if is_wish else verb.lemma


def _place_name(parse: Parse, verb: Token) -> str:
    for token in parse.subtree(verb):
        place = parse.child(token, "pobj") if token.dep == "prep" and token.low in _PLACES else None
        is_unknown = (
            place is not None and place.tag == "NN" and token.low == "from" and verb.lemma in ("be", "come")
        )
        is_name = place is not None and (place.tag == "NNP" or is_unknown) and not parse.child(place, "det")
        if place is not None and is_name and place.lemma not in _TIMES:
            name = _phrase(parse, place).removeprefix("the ")
            return name if name != name.lower() else name.title()
    return ""


def _subject(parse: Parse, verb: Token) -> Token | None:
    """Also of the verb that this one is joined to: "I came home and slept"."""
    while (found := parse.subject(verb)) is None and verb.dep in ("conj", "xcomp") and verb.head != verb.i:
        verb = parse.head(verb)
    return found


def _inner(parse: Parse, verb: Token) -> Token:
    """The verb that says what is done."""
    inner = parse.child(verb, "xcomp") if verb.lemma in _OPENERS else None
    return inner if inner is not None and inner.is_verb else verb


def _object(parse: Parse, verb: Token) -> Token | None:
    found = parse.child(verb, "dobj")
    return found if found is not None and found.is_noun else None


def _is_no(parse: Parse, thing: Token | None) -> bool:
    """Whether it is "no time"."""
    return thing is not None and any(token.low == "no" for token in parse.children(thing, "det"))


def _doing(parse: Parse, verb: Token, thing: Token | None) -> str:
    if verb.lemma in ("be", "have"):
        return ""
    particle = parse.child(verb, "prt")
    words = [verb.lemma, particle.low if particle else "", _phrase(parse, thing) if thing else ""]
    return " ".join(word for word in words if word)


def _tense(parse: Parse, verb: Token, finite: Token) -> Tense:
    helpers = {token.low for token in parse.children(verb, "aux")}
    if finite.tag == "VBD" or "did" in helpers:
        return "past"
    if helpers & {"will", "'ll"} or (verb.lemma == "go" and verb.tag == "VBG" and parse.child(verb, "xcomp")):
        return "future"
    if finite.lemma == "have" and finite.i != verb.i and verb.tag == "VBN":
        is_state = verb.lemma == "be" or parse.child(verb, "auxpass") is not None
        is_lasting = any(token.low in ("for", "since") for token in parse.children(verb, "prep", "mark"))
        return "" if is_state or is_lasting else "past"
    if finite.tag not in ("VBP", "VBZ"):
        return ""
    return "future" if parse.has("tomorrow", "tonight") or "next" in _said_of_time(parse) else "present"


def _said_of_time(parse: Parse) -> set[str]:
    """The words before a time: "next" of "next month I go to London"."""
    return {parse.before(token).low for token in parse if token.low in _TIMES}


def _is_question(parse: Parse, verb: Token) -> bool:
    subject, finite = parse.subject(verb), parse.finite(verb)
    is_turned = subject is not None and finite.i < subject.i and subject.dep in SUBJECTS
    return parse.text.rstrip().endswith("?") or (is_turned and subject is not None and subject.low != "there")


def _named(parse: Parse, verb: Token) -> Iterator[str]:
    for token in parse.subtree(verb):
        if token.low in _OFTEN:
            yield "often"
        if token.lemma in _TIMES or token.dep == "npadvmod":
            yield "time"
        if token.low == "because" or (token.low == "so" and token.dep == "mark"):
            yield "why"
        if token.low in ("with", "together", "alone", "myself"):
            yield "with"
        if token.dep == "prep" and token.low in _PLACES:
            place = parse.child(token, "pobj")
            if place is not None and place.lemma not in _TIMES and place.tag != "CD":
                yield "place"
        if token.dep == "advmod" and token.low in ("here", "there", "home", "abroad", "outside", "online"):
            yield "place"


def _phrase(parse: Parse, noun: Token) -> str:
    """The noun with what stands before it, in the second person and definite."""
    loose = {
        token.i for child in parse.children(noun) if child.dep in _LOOSE for token in parse.subtree(child)
    }
    words = [token for token in parse.subtree(noun) if token.i not in loose and token.i <= noun.i]
    if len(words) > _MOST_WORDS:
        words = [token for token in words if token.dep == "poss" or token.i == noun.i]
    said = [
        _SECOND.get(token.low, _as_written(token)) for token in words if token.is_word or token.low == "'s"
    ]
    return " ".join(said).replace(" 's", "'s")


def _as_written(token: Token) -> str:
    return (
        token.text
        if token.tag in ("NNP", "NNPS") or (token.text.isupper() and len(token.text) > 1)
        else token.low
    )
