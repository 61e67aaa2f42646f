"""Chooses a question about what the learner just told. A vague one ("Tell me more") is asked seldom, and
none that the sentence answers: without a question, the talk goes on with the topic.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from ai_agent.tutor.scripted.bank import load_bank, read_data
from ai_agent.tutor.scripted.english import telling
from ai_agent.tutor.scripted.english.about_words import PREPOSITIONS, about_words, rotated, written
from ai_agent.tutor.scripted.english.hearing import words_of
from ai_agent.tutor.scripted.english.talk import Talk
from ai_agent.tutor.scripted.english.topic_questions import is_asked, is_told, topic_of_question
from ai_agent.tutor.words import dictionary

MAX_ACTS = 2
"""Questions in a row that would fit anything: after them comes one of the topic."""
_ALL = 200
_NOUN_WORDS = 4
"""In a longer sentence without a clause, a noun without written questions is often not what it is about."""
_VAGUE = re.compile(
    r"\b(?:tell me|what else|could you say more|what should i know|comes to your mind|how is that for you"
    r"|how was that for you|how do you feel about that|what is that like)\b",
    re.IGNORECASE,
)
"""Questions that fit nearly everything, and sound mechanical if they come often."""
_MOST_BACK = 1
"""Messages of the learner in which a thing is looked for that the talk is still about."""
_KIND_ASKED = re.compile(
    r"^(?:what|which)(?: kinds? of)? (?P<kind>\w+) (?:do|did|would) you|\bfavou?rite (?P<favourite>\w+)\?"
)
"""Asks for a kind of thing, which "pop music" or "my favourite singer is" has named."""
_HEARD = 3
"""Messages in which something was named."""
_BETWEEN = re.compile(r",|;|\band\b|\bor\b|\balso\b")
_ITEM_WORDS = 3
_FIRST = frozenset({"dislike", "cannot"})
"""Kinds of sentences whose questions go before those about their nouns."""
_ANSWERED = (
    (
        "how often|do you often|every day|do you do that every",
        r"\b(?:every|often|usually|always|sometimes|never|once|twice|one time|times|daily|minutes?|hours?)\b",
    ),
    ("^who (?:is|was|were|goes|went|do you)|who with|who else|with whom", r"\b(?:with|together|alone)\b"),
    ("^why|what makes|reason", r"\bbecause\b"),
    (
        "^when|since when|what time|how long|long have",
        r"\b(?:last|ago|since|o'clock|next|in \d{4}|\w+day|tomorrow|for \w+ (?:year|month|week|day)s?)\b",
    ),
    ("^where", r"\b(?:in|at|near) (?:the |a |my )?\w+"),
    (
        "^do you like|^did you like|do you like that|do you like it",
        r"\b(?:like|love|enjoy|hate|prefer|nice|great|beautiful|amazing|boring|bad)\b",
    ),
    (
        "how did you get there",
        r"\b(?:by (?:car|train|plane|bus|bike|boat|ship|motorbike)|flew|drove|on foot)\b",
    ),
    ("interested in|does your \\w+ like", r"\b(?:loves?|likes?|interested)\b"),
    (
        "when|who was|who else|where was|happened|did you feel",
        r"\b(?:never|didn't|haven't|not|no)\b",
    ),
    ("how old", r"\b(?:years? old|he is \w+|she is \w+|\d+)\b"),
    (
        "remember best|remember about|think of it today|looking back|stayed with you|still think|see it now",
        r"\b(?:today|just|now|this (?:morning|afternoon|evening)|yesterday|tonight|last night|late|back)\b",
    ),
    (
        "when will that be|when do you want|when would you|happy about it|looking forward|done that before",
        r"\bif (?:i|we|you|they)\b",
    ),
    ("how many", r"\b(?:one|two|three|four|five|six|seven|many|\d+)\b"),
    ("big or small|is it (?:a )?big", r"\b(?:big|small|large|huge|tiny)\b"),
    ("how do you feel|how did you feel", r"\b(?:happy|sad|tired|angry|nervous|afraid|feel|felt|excited)\b"),
    ("is it (?:difficult|hard)|is that work hard|is it easy", r"\b(?:difficult|hard|easy)\b"),
    ("expensive|how much is", r"\b(?:expensive|cheap|cost|dollars?|price)\b"),
    ("^what colour", r"\b(?:red|blue|green|yellow|black|white|brown|pink|grey|gray|orange|purple)\b"),
)
"""Pairs of patterns: a question like the first is not asked if the sentence already has its answer, like the
second.
"""


@dataclass(frozen=True, slots=True)
class Act:
    name: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    questions: Mapping[str, tuple[str, ...]]


def follow_up(talk: Talk, said: str) -> str | None:
    """A question about what was said, which is not answered in it. None: there is no fresh one."""
    heard = " ".join((*talk.said_before[-_HEARD:], said))
    fits = [q for q in _candidates(talk, said) if not (is_answered(q, said) or is_named(q, heard))]
    question = next((question for question in fits if not _VAGUE.search(question)), None)
    if question is None and not is_vague(talk.open_question):
        question = next(iter(fits), None)
    return question


def is_vague(told: str) -> bool:
    """Whether the message asks something that fits nearly everything."""
    return _VAGUE.search(told) is not None


def about_thread(talk: Talk) -> str | None:
    """A further question about the learner's sentence before, which their short answer belongs to."""
    before = replace(talk, clauses=talk.clauses_before)
    heard = " ".join((*talk.said_before[-2:], talk.said))
    asked = (*telling.questions(before, is_general=False), *telling.questions(before, is_general=True))
    fits = (
        q
        for q in asked
        if not (is_answered(q, heard) or telling.has_lead(q) or _VAGUE.search(q) or is_asked(talk, q))
    )
    return next(fits, None)


def still_about(talk: Talk) -> str | None:
    """A written question about a thing in the learner's message before."""
    return next(_still_about(talk, talk.said), None)


def _still_about(talk: Talk, said: str) -> Iterator[str]:
    """Written questions about the things that the learner spoke of since the tutor last changed the topic."""
    bank = load_bank("en")
    heard = " ".join((*talk.said_before[-2:], said))
    pairs = zip(reversed(talk.said_before[-_MOST_BACK:]), reversed(talk.told[-_MOST_BACK:]), strict=False)
    for before, told in pairs:
        if topic_of_question(bank, [told]) is not None:
            return
        for question in written(talk, before):
            if not (is_answered(question, heard) or _is_old(talk, question)):
                yield question


def _is_list(said: str) -> bool:
    """Whether it only names several things: "flower and cat and sometimes train"."""
    parts = [words_of(part) for part in _BETWEEN.split(said) if words_of(part)]
    return len(parts) > 1 and all(
        len(p) <= _ITEM_WORDS and p[0] not in PREPOSITIONS and dictionary.is_noun(p[-1]) for p in parts
    )


def _is_old(talk: Talk, question: str) -> bool:
    return talk.has_said(question, _ALL) or is_told(talk, question) or is_asked(talk, question)


def _candidates(talk: Talk, said: str) -> Iterator[str]:
    """From what the parser is sure of; then about the words; then questions that fit much."""
    only = telling.subjects_of(talk) if talk.clauses else None
    fresh = (question for question in about_words(talk, said, only) if not _is_old(talk, question))
    if talk.clauses:
        yield from telling.questions(talk, is_general=False)
        yield from fresh
        yield from telling.questions(talk, is_general=True)
        return
    if _is_list(said):
        return
    acts = list(_acts_of(said))
    yield from _fresh_acts(talk, said, [act for act in acts if act.name in _FIRST])
    is_short = not talk.is_read or len(words_of(said)) <= _NOUN_WORDS
    yield from fresh if is_short else (q for q in written(talk, said) if not _is_old(talk, q))
    acts = [] if _act_questions(talk) >= MAX_ACTS else acts
    yield from _fresh_acts(talk, said, acts)


def _fresh_acts(talk: Talk, said: str, acts: Iterable[Act]) -> Iterator[str]:
    return (question for question in _of_acts(talk, said, acts) if not talk.has_said(question, _ALL))


def _act_questions(talk: Talk) -> int:
    """How many of the tutor's last messages in a row asked a question that would fit anything."""
    known = [q.split("{")[0] for act in _acts() for q in act.questions[talk.band] if len(q.split("{")[0]) > 3]
    for number, told in enumerate(reversed(talk.told)):
        if not any(question in told for question in known):
            return number
    return len(talk.told)


def is_answered(question: str, said: str) -> bool:
    lowered, asked = said.lower(), question.lower()
    return any(re.search(kind, asked) and re.search(sign, lowered) for kind, sign in _ANSWERED)


def is_named(question: str, heard: str) -> bool:
    """Whether the learner has named the kind of thing that the question asks for."""
    noun = _KIND_ASKED.search(question.lower())
    if noun is None:
        return False
    kind = noun["kind"] or noun["favourite"]
    return re.search(rf"\b(?!this |that |the |to |my |any |some )\w+ {kind}\b", heard.lower()) is not None


def _acts_of(said: str) -> Iterator[Act]:
    lowered = said.lower().replace("’", "'").strip()
    return (
        act
        for act in _acts()
        if act.pattern.search(lowered) and not (act.unless and act.unless.search(lowered))
    )


def _of_acts(talk: Talk, said: str, acts: Iterable[Act]) -> Iterator[str]:
    is_she = re.search(r"\bshe(?:'s)?\b", said, re.IGNORECASE) is not None
    for act in acts:
        for question in rotated(talk, act.questions[talk.band]):
            yield question.replace("{him}", "her" if is_she else "him").replace(
                "{them}", "she" if is_she else "he"
            )


@cache
def _acts() -> tuple[Act, ...]:
    return tuple(
        Act(
            given["name"],
            re.compile(given["pattern"]),
            re.compile(given["unless"]) if "unless" in given else None,
            {band: tuple(given[band]) for band in "abc"},
        )
        for given in read_data("en/acts.toml")["act"]
    )
