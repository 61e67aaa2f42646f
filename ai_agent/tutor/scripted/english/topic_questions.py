"""The next question of a topic (`data/en/questions.toml`), and which topic a talk is about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ai_agent.tutor.scripted.bank import LEVELS, Bank, Topic, load_bank, named_topic
from ai_agent.tutor.scripted.english.hearing import word_set, words_of
from ai_agent.tutor.scripted.english.talk import Talk
from ai_agent.tutor.words.forms import lemmas

_ALL = 200
_CLEAR = 2
"""Words of a topic that show what a message is about."""


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
    """The topic that the learner clearly speaks about, then one newly chosen for the lesson, then that of the
    last questions: one word alone is often not what the talk is about.
    """
    bank = load_bank("en")
    heard = bank.topic_of(talk.said, least=_CLEAR)
    asked = topic_of_question(bank, talk.told[-6:])
    chosen = heard or new_lesson_topic(talk) or asked or lesson_topic(talk)
    return chosen or bank.topic_of(" ".join((*talk.said_before[-2:], talk.said))) or bank.topics["everyday"]


def lesson_topic(talk: Talk) -> Topic | None:
    return named_topic(load_bank("en"), talk.topic)


def new_lesson_topic(talk: Talk) -> Topic | None:
    """The lesson's topic, if the tutor has asked nothing of it yet: it was chosen on the page."""
    topic = lesson_topic(talk)
    if topic is None or any(q in text for text in talk.told for qs in topic.questions.values() for q in qs):
        return None
    return topic


def topic_of_question(bank: Bank, told: Sequence[str]) -> Topic | None:
    """Of the last of the messages that asks a question of a topic."""
    for text in reversed(told):
        for topic in bank.topics.values():
            if any(question in text for questions in topic.questions.values() for question in questions):
                return topic
    return None


def is_asked(talk: Talk, question: str) -> bool:
    """Whether the tutor asked the same in other words lately."""
    content = _content(question)
    return len(content) > 1 and any(content <= _content(told) for told in talk.told[-3:])


_TOLD = (
    (r"get up", r"\b(?:wake|woke|get|got) up\b"),
    (r"how many people .*family|who is in your family", r"\b(?:people|children|brothers?|sisters?|kids)\b"),
    (r"brothers or sisters", r"\b(?:brothers?|sisters?)\b"),
    (r"what is your job|where do you work|what do you do for", r"\bi(?:'m| am)? (?:work|working|a \w+er)\b"),
    (r"who do you live with", r"\b(?:live|living) (?:with|alone)\b|\bmy (?:husband|wife)\b"),
    (r"do you have (?:a pet|children)", r"\bmy (?:dog|cat|parrot|son|daughter|kids|children)\b"),
    (r"favourite (?:dish|food)", r"\bfavou?rite (?:dish|food)\b"),
)
"""Pairs of patterns: a question like the first is answered by a message like the second."""


def is_told(talk: Talk, question: str) -> bool:
    """Whether the learner already spoke of all that a simple question asks about: "What is your hobby?" """
    asked, said = question.lower(), " ".join((*talk.said_before, talk.said)).lower()
    if any(re.search(kind, asked) and re.search(sign, said) for kind, sign in _TOLD):
        return True
    if not re.match(r"(?:what (?:is|are) your|what colour|do you|are you|have you|can you)\b", asked):
        return False
    content = _content(asked)
    heard = {
        lemma for said in (*talk.said_before, talk.said) for word in words_of(said) for lemma in lemmas(word)
    }
    return bool(content) and content <= heard


def _content(text: str) -> set[str]:
    small = word_set("not_things") | word_set("pronouns") | word_set("auxiliaries") | word_set("determiners")
    return {list(lemmas(word))[-1] for word in words_of(text) if word not in small and len(word) > 2}
