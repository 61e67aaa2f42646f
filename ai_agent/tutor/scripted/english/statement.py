"""Replies to what the learner tells: a reaction that was not used lately, and a question that fits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from ai_agent.tutor.scripted.bank import load_bank, read_data
from ai_agent.tutor.scripted.english import asking, feelings, telling
from ai_agent.tutor.scripted.english.hearing import is_unclear, pattern_of, plain, word_set, words_of
from ai_agent.tutor.scripted.english.mirror import mirrored
from ai_agent.tutor.scripted.english.question_kind import kind_of
from ai_agent.tutor.scripted.english.talk import Talk
from ai_agent.tutor.words import dictionary

_SHORT = 3
_TOPIC_WORDS = 4
_EXPLAINS = re.compile(
    r"(?:it's|it is|this is|that is|a|an|something|somebody|someone|when (?:you|people|we))\b"
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
    if "What would you like to talk about?" not in talk.last or len(words_of(talk.said)) > _TOPIC_WORDS:
        return None
    wish = re.sub(r"[ ,]*\b(?:perhaps|maybe|please|about)\b[ ,]*", "", talk.said).strip(" .!").lower()
    topic = load_bank("en").topic_of(wish)
    question = asking.topic_question(talk, topic) if topic is not None else asking.about_wish(talk, wish)
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
    if talk.clauses or not is_unclear(talk.said) or asked_lately:
        return None
    return talk.pick(texts("unclear", talk))


def next_question(talk: Talk) -> str:
    """About what was said; if there is no such question, one of the topic, which is announced if it is
    another topic.
    """
    words = words_of(talk.said)
    if feelings.are_near(talk):
        return feelings.gentle_question(talk)
    return _about(talk, talk.said, words) or topic_question(talk)


def topic_question(talk: Talk) -> str:
    """The next question of the topic; a change of topic is announced."""
    question = asking.topic_question(talk)
    bank = load_bank("en")
    is_same = asking.topic_of_question(bank, talk.told[-4:]) is asking.topic_of_question(bank, [question])
    shift = None if is_same and len(talk.told) % 2 else talk.pick(texts("shift", talk))
    return f"{shift} {question}" if shift else question


def texts(kind: str, talk: Talk) -> list[str]:
    found: list[str] = _reactions()[kind][talk.band]
    return found


def _about(talk: Talk, said: str, words: list[str]) -> str | None:
    if talk.clauses or len(words) > _SHORT or set(words) & word_set("pronouns"):
        return asking.follow_up(talk, said)
    return _after_short(talk, said, words)


def _after_short(talk: Talk, said: str, words: list[str]) -> str | None:
    """After a short answer: about what the talk was about if the tutor had asked about that, else about the
    answer. None: such an answer needs no more words.
    """
    if all(w.isdigit() or w in word_set("numbers") for w in words):
        return None
    if not asking.is_topic_question(talk) and (question := asking.about_thread(talk)) is not None:
        return question
    for question in asking.about_words(talk, said):
        if not talk.has_said(question, 200):
            return question
    asked = talk.open_question.lower()
    if re.search(
        r"\b(?:which|favou?rite|prefer|best|would you|rather|do you think)\b", asked
    ) and not talk.has_said("Why?", 4):
        return "Why?" if talk.band == "a" else "Why is that?"
    if set(words) <= word_set("times"):
        return None
    needs_no_more = kind_of(asked) in ("how many", "how often", "how long", "when") or "name" in asked
    return None if needs_no_more or not words else talk.pick(texts("short", talk))


def _after(talk: Talk, which: str) -> str:
    """After a yes or no to the tutor's question."""
    question = talk.open_question
    for entry in read_cached("en/yes_no.toml")["after"]:
        if re.search(entry["pattern"], question) and (not question or entry["pattern"] or True):
            followed = talk.pick(entry[which])
            break
    reaction = talk.pick(texts(which, talk)) or ""
    if feelings.are_near(talk) and not _is_closed(question):
        return (
            "I'm listening. Tell me more, if you like."
            if which == "yes"
            else "That's all right. What would you like to talk about?"
        )
    if not question or followed is None or not _is_closed(question):
        return f"{reaction} {topic_question(talk)}".strip()
    return (
        f"{reaction} {followed}".strip()
        if not followed.startswith(("OK", "Good", "That's", "I'm"))
        else followed
    )


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
    if (
        word_set("negated") & set(words_of(talk.said))
        or feelings.is_bad(talk.said)
        or feelings.are_near(talk)
    ):
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
    small = {"in", "at", "with", "the", "a", "an", "and", "o'clock", "very", "near", "on"}
    known = all(w in names or w in small or w.isdigit() or _is_named(w) for w in words)
    return known and not set(words) & word_set("pronouns") and not talk.has_said(", I see.", 2)


def _is_named(word: str) -> bool:
    entries = dictionary.look_up(word)
    return (
        bool(entries)
        and entries[0].part in {"n", "a", "x"}
        and word not in {"my", "every", "because", "since", "for", "to", "before", "after"}
    )


def _echo(talk: Talk) -> str:
    text = talk.said.strip(" .!?,")
    shorter = plain(text, talk.tutor)
    start = text.lower().find(shorter)
    text = text[start : start + len(shorter)] if start >= 0 and shorter else text
    return f"{text[0].upper()}{text[1:]}, I see."


@cache
def _reactions() -> Mapping[str, Any]:
    return read_data("en/reactions.toml")


@cache
def read_cached(name: str) -> Mapping[str, Any]:
    return read_data(name)
