"""Splits a turn into what it tells and what it asks, and finds what comes after the answer to that."""

from __future__ import annotations

import re
from dataclasses import replace

from ai_agent.tutor.corrector import Clause
from ai_agent.tutor.scripted.english import asking, feelings, statement, telling
from ai_agent.tutor.scripted.english.hearing import pattern_of, plain, signs, words_of
from ai_agent.tutor.scripted.english.intents import intents, readings
from ai_agent.tutor.scripted.english.language_question import asked_in
from ai_agent.tutor.scripted.english.talk import Talk, said_sentences
from ai_agent.tutor.words.forms import lemmas

TAG = re.compile(
    r",?\s+(?:right|no|isn't it|wasn't it|aren't they|weren't they|doesn't it|don't you think|huh|eh|ok|okay)"
    r"\s*\?\W*$",
    re.IGNORECASE,
)
"""The end of a sentence that only looks like a question: "It was not so bad, right?" """
CLAUSE = re.compile(
    r"(?:what|where|how) (?:i|we|my \w+)\b.{4,}\b(?:is|are|was|were)\b"
    r"|what (?:\w+ )?\w+(?:s|ed) (?:me|us|him|her|them|people)\b.{2,}\b(?:is|are|was|were)\b"
    r"|is (?:an?|very|so|not|too) .{3,}"
    r"|(?:when|whenever|while) (?:i|we|you|he|she|they|it|people|my \w+|the \w+) (?!can |will |should )\w+ .+"
)
"""A clause at the start of a statement: "What I don't like is the noise". """
_TELLS = frozenset({"so_so", "shy_about_english"})
"""Intents whose sentences tell something."""
_ABOUT_TALK = re.compile(
    r"\byou (?:said|asked|told|weren't|aren't|didn't|don't)\b"
    r"|\b(?:you|i) ask(?: you)?\b|\bmy english\b|\bi asked\b"
    r"|\b(?:the|this|that|these) words?\b|\b(?:your|the) (?:first )?question\b"
    r"|\b(?:useful|helpful|mistakes?)\b"
    r"|^(?:something (?:else|easier|new|different)|(?:one|another) (?:more )?(?:thing|word|question)|a word)$"
    r"|\b(?:let me|want to|like to) ask\b"
    r"|^(?:perfect|great|excellent|super|nice|very good|that's (?:good|great|nice))$"
)
"""A sentence about the talk itself, which no question is asked about."""
_YOUR_TURN = (
    "What else would you like to tell me?",
    "Now back to you.",
    "What would you like to talk about next?",
)
"""Said instead of a question that only made sense after the sentence before it."""
_ASKED_AGAIN = 8
_HANGS = re.compile(
    r"^(?:What do you think|How do you see it|What would you (?:say|add|like)|What else|Which of the two"
    r"|C(?:an|ould) you say|What would a good|Who could you)\b|[\":]"
)
"""Questions about what was said before them, and examples in an explanation."""
_MIN_ALONE = 4
"""Words of a question that says what it is about."""
_MAX_LOOK = 6
"""Messages of the tutor in which an open question may have been asked at first."""


def told_part(said: str, tutor: str) -> str:
    """The sentences of the turn that tell something."""
    return " ".join(s for s in said_sentences(said) if _tells(s, tutor))


def asks(sentence: str, tutor: str) -> bool:
    """Whether the sentence is a question to the tutor."""
    text = plain(sentence, tutor)
    if not text or TAG.search(sentence):
        return False
    if sentence.rstrip("\"'”’ ").endswith("?") and not sentence.lower().endswith(("you know?", "you see?")):
        return True
    if CLAUSE.match(text):
        return False
    is_start = re.match(signs()["question"], text) is not None
    return is_start and re.match(signs()["question_subject"], text) is not None


def next_question(talk: Talk) -> str:
    """After the answer to something that the learner asked: about what the same turn told; else the open
    question again, if it was not answered before; else a new one.
    """
    if rest := told_part(talk.said, talk.tutor):
        here = replace(talk, said=rest, clauses=tuple(c for c in talk.clauses if _is_in(c, rest)))
        return _about(here, rest)
    question = talk.open_question
    if feelings.are_near(talk):
        return feelings.gentle_question(talk)
    if question and not was_answered(talk, question):
        return question if _stands_alone(question) else talk.pick(_YOUR_TURN, _ASKED_AGAIN) or ""
    return statement.topic_question(talk)


def _stands_alone(question: str) -> bool:
    """Whether it can be asked again later: "Why is that?" cannot, after something else was spoken of."""
    hangs = telling.is_own(question) or asking.is_vague(question) or _HANGS.search(question)
    return not hangs and len(question.split()) >= _MIN_ALONE


def was_answered(talk: Talk, question: str) -> bool:
    """Whether a message since the question was first asked told something."""
    told = talk.told[-_MAX_LOOK:]
    first = next((number for number, text in enumerate(told) if question in text), len(told))
    since = len(told) - 1 - first
    replies = talk.said_before[-since:] if since > 0 else ()
    return any(told_part(said, talk.tutor) for said in replies)


def _is_in(clause: Clause, text: str) -> bool:
    """Whether the clause may be one of the text: its nouns are there."""
    words = {form for word in words_of(text) for form in (word, *lemmas(word))}
    nouns = {clause.subject_noun, clause.object_noun, clause.is_what} - {""}
    return {noun.lower() for noun in nouns} <= words


def _about(talk: Talk, rest: str) -> str:
    if (felt := feelings.of(talk)) is not None:
        return felt.text
    bare = " ".join(re.sub(r"[^\w' ]+", " ", rest.replace("’", "'")).lower().split())
    is_short = any(pattern_of(kind, f"after_{kind}").fullmatch(bare) for kind in ("yes", "no"))
    return (
        asking.about_thread(talk) or statement.topic_question(talk)
        if is_short
        else statement.next_question(talk)
    )


def _tells(sentence: str, tutor: str) -> bool:
    text = plain(sentence, tutor)
    if not text or asks(sentence, tutor) or asked_in(sentence) or _ABOUT_TALK.search(text):
        return False
    read = readings(sentence, tutor)
    return not any(intent.match(one) for intent in intents() if intent.name not in _TELLS for one in read)
