"""Replies to what the learner tells: a reaction that was not used lately, and a question that fits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from ai_agent.tutor.scripted.bank import load_bank, read_data
from ai_agent.tutor.scripted.english import about_words, asking, feelings, telling, topic_questions
from ai_agent.tutor.scripted.english.hearing import (
    is_unclear,
    pattern_of,
    plain,
    stutters,
    word_set,
    words_of,
)
from ai_agent.tutor.scripted.english.mirror import mirrored, with_capitals
from ai_agent.tutor.scripted.english.question_kind import kind_of
from ai_agent.tutor.scripted.english.talk import Talk, last_question
from ai_agent.tutor.words import dictionary

_BOTH = "When is it more the one, and when more the other?"
_SHORT = 3
_TOPIC_WORDS = 4
_FEW = 6
_MOST_INVITED = 3
"""Messages in a row that only ask to go on."""
_INVITED_AGAIN = 6
"""Messages of the tutor in which no invitation is said twice."""
_CHOICE = re.compile(r"\b(?:which|favou?rite|prefer|best|would you|rather|do you think)\b")
_ANYTHING = "What would you like to talk about?"
_EXPLAINS = re.compile(
    r"(?:it's|it is|it means|this is|that is|a|an|something|somebody|someone|when (?:you|people|we))\b"
)


def reply(talk: Talk, corrected: str | None) -> str:
    """`corrected`: the learner's sentence in its correct form, if it was wrong."""
    if (text := _chosen_topic(talk) or _after_yes_or_no(talk) or _not_understood(talk)) is not None:
        return text
    question = next_question(talk)
    if telling.has_lead(question):
        return question
    return f"{_reaction(talk, corrected)} {question}".strip()


def _chosen_topic(talk: Talk) -> str | None:
    """After "What would you like to talk about?"."""
    if _ANYTHING not in talk.last or len(words_of(talk.said)) > _TOPIC_WORDS:
        return None
    wish = re.sub(r"[ ,]*\b(?:perhaps|maybe|please|about)\b[ ,]*", "", talk.said).strip(" .!").lower()
    topic = load_bank("en").topic_of(wish)
    question = (
        topic_questions.topic_question(talk, topic)
        if topic is not None
        else about_words.about_wish(talk, wish)
    )
    return f"{texts('new_topic', talk)[0].replace('{topic}', wish)} {question}" if question else None


def _after_yes_or_no(talk: Talk) -> str | None:
    bare = " ".join(re.sub(r"[^\w' ]+", " ", talk.said.replace("’", "'")).lower().split())
    if "what is it for, or" in talk.last and _EXPLAINS.match(talk.said.lower()):
        return f"Well explained! That helps when a word is missing. {topic_question(talk)}"
    if pattern_of("no", "after_no").fullmatch(bare):
        return _after(talk, "no")
    return _after(talk, "yes") if pattern_of("yes", "after_yes").fullmatch(bare) else None


def _not_understood(talk: Talk) -> str | None:
    """Not twice in a row: the learner could not go on."""
    asked_lately = any(p in t for t in talk.told[-1:] for p in texts("unclear", talk))
    if asked_lately or not (stutters(talk.said) or (not talk.clauses and is_unclear(talk.said))):
        return None
    return talk.pick(texts("unclear", talk))


def next_question(talk: Talk) -> str:
    """About what was said; if there is no such question, one of the topic, which is announced if it is
    another topic.
    """
    words = words_of(talk.said)
    if feelings.are_near(talk):
        return feelings.gentle_question(talk)
    return _about(talk, talk.said, words) or _invitation(talk, words) or topic_question(talk)


def _invitation(talk: Talk, words: list[str]) -> str | None:
    """To go on, if the learner tells something: leaving their story is worse than a plain word. None: they
    answered a question of the topic in a few words, or were invited just now.
    """
    invites = texts("invite", talk)
    is_story = len(words) > _SHORT or bool(talk.clauses) or not _is_of_topic(talk.open_question)
    was_invited = all(
        any(invite in one for invite in invites) or asking.is_vague(last_question(one))
        for one in talk.told[-_MOST_INVITED:]
    )
    return talk.pick(invites, _INVITED_AGAIN) if is_story and not was_invited else None


def _is_of_topic(question: str) -> bool:
    return topic_questions.topic_of_question(load_bank("en"), [question]) is not None


def topic_question(talk: Talk) -> str:
    """The next question of the topic; a change of topic is announced."""
    question = topic_questions.topic_question(talk)
    before, now = (
        topic_questions.topic_of_question(load_bank("en"), t) for t in (talk.told[-4:], [question])
    )
    is_same = before is now and _is_of_topic(talk.open_question)
    shift = None if is_same and len(talk.told) % 2 else talk.pick(texts("shift", talk))
    return f"{shift} {question}" if shift else question


def texts(kind: str, talk: Talk) -> list[str]:
    found: list[str] = _reactions()[kind][talk.band]
    return found


def _about(talk: Talk, said: str, words: list[str]) -> str | None:
    if _is_complete(talk, words) and _is_of_topic(talk.open_question):
        return None
    is_both = "both" in words and len(words) <= _FEW
    if not is_both and (talk.clauses or len(words) > _SHORT or set(words) & word_set("pronouns")):
        return asking.follow_up(talk, said)
    return _after_short(talk, said)


def _is_complete(talk: Talk, words: list[str]) -> bool:
    """Whether it is a number or a time, which needs no more words."""
    has_number = any(w.isdigit() for w in words) and len(words) < _FEW
    return not talk.clauses and (has_number or all(w in word_set("numbers") for w in words))


def _after_short(talk: Talk, said: str) -> str | None:
    """After a short answer: about what the talk was about if the tutor had asked about that, else about the
    answer.
    """
    asked = talk.open_question.lower()
    if "or about something else" in asked:
        return feelings.gentle_question(talk)
    if re.search(r"\bboth\b", said.lower()) and not talk.has_said(_BOTH, 30):
        return _BOTH
    question = asking.about_thread(talk) if telling.is_own(talk.open_question) else None
    question = (
        question
        or talk.pick([q for q in about_words.about_words(talk, said) if not asking.is_named(q, said)], 200)
        or asking.still_about(talk)
    )
    if question is not None:
        return question
    if _CHOICE.search(asked) and not talk.has_said("Why?", 4):
        return "Why?" if talk.band == "a" else "Why is that?"
    is_time = set(words_of(said)) <= word_set("times")
    if not _is_of_topic(talk.open_question) and _is_complete(talk, words_of(said)):
        return None
    needs_no_more = kind_of(asked) in ("how many", "how often", "how long", "when") or "name" in asked
    return None if is_time or needs_no_more else talk.pick(texts("short", talk))


def _after(talk: Talk, which: str) -> str:
    """After a yes or no to the tutor's question."""
    question = talk.open_question
    reaction = talk.pick(texts(which, talk)) or ""
    if feelings.are_near(talk) and not _is_closed(question):
        is_yes = which == "yes"
        return "I'm listening. Tell me more, if you like." if is_yes else f"That's all right. {_ANYTHING}"
    entry = next(e for e in read_cached("en/yes_no.toml")["after"] if re.search(e["pattern"], question))
    followed = talk.pick(entry[which], 30) if question and _is_closed(question) else None
    if followed is None:
        return f"{reaction} {topic_question(talk)}".strip()
    has_reaction = followed.startswith(("OK", "Good", "That's", "I'm"))
    return followed if has_reaction else f"{reaction} {followed}".strip()


def _is_closed(question: str) -> bool:
    """Whether it is a question that yes or no can answer."""
    return (
        re.match(
            r"(?:is|are|was|were|do|does|did|can|could|would|will|have|has|should|shall|may)\b",
            question.rsplit("? ", maxsplit=1)[-1].lower(),
        )
        is not None
        or "talk about it" in question
    )


def _reaction(talk: Talk, corrected: str | None) -> str:
    words = words_of(talk.said)
    is_good = not feelings.is_bad(f"{talk.said}. {corrected}")
    if corrected is not None and is_good and (turned := mirrored(corrected)) is not None:
        text = (talk.pick(texts("recast", talk), 1) or "{sentence}").replace("{sentence}", turned)
        return text[0].upper() + text[1:] + "."
    if feelings.are_near(talk):
        return talk.pick_any(["I understand.", "I see.", "I hear you."])
    if word_set("negated") & set(words_of(talk.said)) or feelings.is_bad(talk.said):
        return talk.pick(texts("neutral", talk)) or ""
    if word_set("good") & set(words):
        return talk.pick(texts("good", talk)) or ""
    if len(words) <= _SHORT:
        return _echo(talk) if _is_echoed(talk, words) else talk.pick(texts("neutral", talk)) or ""
    return talk.pick(texts("plain", talk)) or ""


def _is_echoed(talk: Talk, words: list[str]) -> bool:
    """Whether a short answer is repeated: it shows that it was heard. Only nouns, adjectives, numbers, names
    and places.
    """
    names = {word.lower() for word in re.findall(r"\b[A-Z]\w+", talk.said)}
    small = {"in", "at", "with", "my", "the", "a", "an", "and", "o'clock", "very", "near", "on"}
    known = all(w in names or w in small or w.isdigit() or _is_named(w) for w in words)
    return known and not set(words) & word_set("pronouns") and not talk.has_said(", I see.", 2)


def _is_named(word: str) -> bool:
    entries = dictionary.look_up(word)
    return (
        bool(entries)
        and entries[0].part in {"n", "a", "x"}
        and word not in {"every", "because", "since", "for", "to", "before", "after"}
    )


def _echo(talk: Talk) -> str:
    text = talk.said.strip(" .!?,")
    shorter = plain(text, talk.tutor)
    start = text.lower().find(shorter)
    text = text[start : start + len(shorter)] if start >= 0 and shorter else text
    text = with_capitals(re.sub(r"\bmy\b", "your", text, flags=re.IGNORECASE))
    return f"{text[0].upper()}{text[1:]}, I see."


@cache
def _reactions() -> Mapping[str, Any]:
    return read_data("en/reactions.toml")


@cache
def read_cached(name: str) -> Mapping[str, Any]:
    return read_data(name)
