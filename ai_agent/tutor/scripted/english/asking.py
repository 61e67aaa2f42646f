"""Chooses the tutor's next question: about the learner's words, what kind of thing was said, or the topic."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from ai_agent.tutor.scripted.bank import LEVELS, Bank, Topic, load_bank, named_topic, read_data
from ai_agent.tutor.scripted.english import telling
from ai_agent.tutor.scripted.english.hearing import Thing, things_in, word_set, words_of
from ai_agent.tutor.scripted.english.talk import Talk, mixed
from ai_agent.tutor.words import dictionary
from ai_agent.tutor.words.forms import lemmas

MAX_ACTS = 2
"""Questions in a row that would fit anything: after them comes one of the topic."""
_ALL = 200
_NOUN_WORDS = 4
"""In a longer sentence without a clause, a noun is often not what it is about."""
_FIRST = frozenset({"dislike", "cannot"})
"""Kinds of sentences whose questions go before those about their nouns."""
_ANSWERED = (
    (
        "how often|every day|do you do that every",
        r"\b(?:every|often|usually|always|sometimes|never|once|twice|times a)\b",
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
    ("interested in|does your \\w+ like", r"\b(?:loves?|likes?|interested)\b"),
    (
        "when|who was|who else|where was|happened|did you feel",
        r"\b(?:never|didn't|haven't|not|no)\b",
    ),
    ("how old", r"\b(?:years? old|he is \w+|she is \w+|\d+)\b"),
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
    return next((question for question in _candidates(talk, said) if not is_answered(question, said)), None)


def about_thread(talk: Talk) -> str | None:
    """A further question about the learner's sentence before, which their short answer belongs to."""
    before = replace(talk, clauses=talk.clauses_before)
    heard = " ".join((*talk.said_before[-2:], talk.said))
    asked = (*telling.questions(before, is_general=False), *telling.questions(before, is_general=True))
    fits = (q for q in asked if not is_answered(q, heard) and not telling.has_lead(q))
    return next(fits, None)


def _candidates(talk: Talk, said: str) -> Iterator[str]:
    """From what the parser is sure of; then about the words; then questions that fit much."""
    only = telling.subjects_of(talk) if talk.clauses else None
    fresh = (
        question
        for question in about_words(talk, said, only)
        if not (talk.has_said(question, _ALL) or is_told(talk, question) or is_asked(talk, question))
    )
    if talk.clauses:
        yield from telling.questions(talk, is_general=False)
        if telling.who(talk.clauses[-1]) == "person":
            yield from telling.questions(talk, is_general=True)
        yield from fresh
        yield from telling.questions(talk, is_general=True)
        return
    acts = list(_acts_of(said))
    yield from _fresh_acts(talk, said, [act for act in acts if act.name in _FIRST])
    if not talk.is_read or len(words_of(said)) <= _NOUN_WORDS:
        yield from fresh
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


def about_words(talk: Talk, text: str, only: frozenset[str] | None = None) -> Iterator[str]:
    """Questions about the things in `text`, those with written questions first. `only`: base forms of the
    nouns that may be asked about; None: all.
    """
    words = words_of(text)
    for at in range(len(words) - 1, -1, -1):
        word = words[at]
        if only is not None and not only & {word, *lemmas(word)}:
            continue
        if at and words[at - 1] in {"his", "her", "their", "your"}:
            continue  # "his parents" are not the learner's
        if _is_compound(words, at):
            continue  # "spring rolls" are not the spring
        for entry in load_bank("en").follow_ups:
            if word in entry.words and not (entry.unless and entry.unless.search(text)):
                yield from _rotated(talk, entry.questions[talk.band])
    for thing in list(things_in(text))[:2]:
        if only is None or only & {thing.noun, *lemmas(thing.noun)}:
            yield from about_thing(talk, thing)


def _is_compound(words: Sequence[str], at: int) -> bool:
    """Whether the word is the first part of a noun of two words."""
    after = words[at + 1] if at + 1 < len(words) else ""
    is_noun = any(entry.part == "n" for entry in dictionary.look_up(after))
    return after not in word_set("not_things") and is_noun


def about_thing(talk: Talk, thing: Thing) -> Iterator[str]:
    """Questions for the class of the thing, or for things of one's own; none for other abstract words."""
    questions = _things()
    kind = thing.kind if thing.kind in questions else "mine" if thing.phrase.startswith("your ") else ""
    if kind == "person" and not thing.phrase.startswith(("your ", "the ", "his ", "her ")):
        return
    if (kind == "mine" and thing.kind in {"time", "body", "feeling"}) or (
        kind in {"illness", "job"} and not _is_about_oneself(talk.said)
    ):
        return
    for question in _rotated(talk, questions[kind][talk.band]) if kind else ():
        yield _with_thing(question, thing)


def _is_about_oneself(said: str) -> bool:
    return re.search(r"\b(?:i|i'm|i've|my|me)\b", said.lower()) is not None


def about_wish(talk: Talk, wish: str) -> str | None:
    """A question about a topic that the learner named and that the tutor has no questions of its own for."""
    thing = next(things_in(wish), None)
    if thing is None:
        return None
    named = [question for question in about_thing(talk, thing) if thing.phrase in question]
    asked = [*named, *(_with_thing(q, thing) for q in _things()["other"][talk.band])]
    return talk.pick(asked[:1], _ALL) or talk.pick(asked, _ALL)


def topic_question(talk: Talk, topic: Topic | None = None, *, level: str | None = None) -> str:
    """A question that was not asked before: of the topic, then of related topics, then of any, first at the
    level, then at lower levels.
    """
    bank, level = load_bank("en"), level or talk.level
    start = topic or current_topic(talk)
    near = [start, *(bank.topics[name] for name in start.next)]
    rest = [other for other in bank.topics.values() if other not in near]
    below = LEVELS[LEVELS.index(level) :: -1]
    for group in (near[:1], near[1:], rest):
        for at in below[:2] if group is not rest else below:
            for candidate in group:
                options = [q for q in candidate.questions.get(at, ()) if not is_told(talk, q)]
                if found := talk.pick(options, _ALL):
                    return found
    return talk.pick_any(start.questions["A1"])


def current_topic(talk: Talk) -> Topic:
    """The topic that the learner speaks about, then one newly chosen for the lesson, then that of the last
    questions.
    """
    bank = load_bank("en")
    heard = bank.topic_of(talk.said) or (bank.topic_of(talk.said_before[-1]) if talk.said_before else None)
    asked = topic_of_question(bank, talk.told[-6:])
    return heard or new_lesson_topic(talk) or asked or lesson_topic(talk) or bank.topics["everyday"]


def lesson_topic(talk: Talk) -> Topic | None:
    return named_topic(load_bank("en"), talk.topic)


def new_lesson_topic(talk: Talk) -> Topic | None:
    """The lesson's topic, if the tutor has asked nothing of it yet: it was chosen on the page."""
    topic = lesson_topic(talk)
    if topic is None or any(q in text for text in talk.told for qs in topic.questions.values() for q in qs):
        return None
    return topic


def is_asked(talk: Talk, question: str) -> bool:
    """Whether the tutor asked the same in other words lately."""
    content = _content(question)
    return len(content) > 1 and any(content <= _content(told) for told in talk.told[-3:])


def _content(text: str) -> set[str]:
    small = word_set("not_things") | word_set("pronouns") | word_set("auxiliaries") | word_set("determiners")
    return {list(lemmas(word))[-1] for word in words_of(text) if word not in small and len(word) > 2}


def is_told(talk: Talk, question: str) -> bool:
    """Whether the learner already spoke of all that a simple question asks about: "What is your hobby?" """
    asked = question.lower()
    if not re.match(r"(?:what (?:is|are) your|what colour|do you|are you|have you|can you)\b", asked):
        return False
    content = _content(asked)
    heard = {
        lemma for said in (*talk.said_before, talk.said) for word in words_of(said) for lemma in lemmas(word)
    }
    return bool(content) and content <= heard


def is_answered(question: str, said: str) -> bool:
    lowered, asked = said.lower(), question.lower()
    return any(re.search(kind, asked) and re.search(sign, lowered) for kind, sign in _ANSWERED)


def topic_of_question(bank: Bank, told: Sequence[str]) -> Topic | None:
    for text in reversed(told):
        for topic in bank.topics.values():
            if any(question in text for questions in topic.questions.values() for question in questions):
                return topic
    return None


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
        for question in _rotated(talk, act.questions[talk.band]):
            yield question.replace("{him}", "her" if is_she else "him").replace(
                "{them}", "she" if is_she else "he"
            )


def _with_thing(question: str, thing: Thing) -> str:
    many = thing.is_plural
    fill = {
        "thing": thing.phrase,
        "noun": thing.noun,
        "it": "them" if many else "it",
        "is": "are" if many else "is",
    }
    fill |= {"Is": "Are" if many else "Is", "do": "do" if many else "does"}
    if thing.kind in {"food", "drink"} and not many and thing.phrase == thing.noun:
        fill["thing"] = "that"  # "vegetable" may need a plural, "soup" does not
    return re.sub(r"\{(\w+)\}", lambda name: fill[name[1]], question)


def _rotated(talk: Talk, questions: Sequence[str]) -> list[str]:
    """The questions from another start in each talk."""
    at = mixed(talk.seed, *questions[:1]) % max(len(questions), 1)
    return [*questions[at:], *questions[:at]]


@cache
def _things() -> dict[str, dict[str, list[str]]]:
    return read_data("en/things.toml")


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
