"""Replies to sad, hard or frightening news: kind, without praise, and without a cheerful next question.

Suicide, violence and abuse are answered before the scripted tutor is asked.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Any

from ai_agent.tutor.care import Mood, mood
from ai_agent.tutor.scripted.bank import read_data
from ai_agent.tutor.scripted.english.asking import is_answered
from ai_agent.tutor.scripted.english.reply import Reply
from ai_agent.tutor.scripted.english.talk import Talk

_DENIED = re.compile(
    r"(?:\bnot|n't|\bnever|\bno longer) (?:\w+ ){0,2}"
    r"(?:angry|sad|tired|worried|afraid|scared|nervous|stressed|lonely|sick|ill|bored|boring|upset|hungry|hard|difficult)\b"
)
"""A feeling that the learner does not have."""
_SUPPOSED = re.compile(
    r"\b(?:when|whenever|if|every time) (?:i|i'm|you|you're|we|we're|people|somebody|someone|he|she|they)\b"
    r"(?: am| are| is| feel| feels| get| gets)?(?: \w+){0,2} (?:sad|tired|angry|bored|stressed|nervous|lonely"
    r"|worried|afraid|ill|sick|down|upset|hungry|unhappy)\b"
)
"""A feeling at some times, which may not be there now."""
_OF_OTHERS = re.compile(
    r"\b(?:he|she|they|people|everybody|wife|husband|mother|father|son|daughter|sister|brother|friends?)"
    r"(?:'s|'re| is| are| was| were| feels?| gets?) (?:\w+ ){0,2}(?:afraid|scared|worried|nervous|anxious"
    r"|tired|angry|bored|stressed|sleepy)\b"
)
"""A feeling of somebody else."""
_STORY = re.compile(
    r"\b(?:films?|movies?|cinema|documentar(?:y|ies)|books?|novels?|series|episodes?|story|comics?|anime|manga|play|opera)\b"
)
_OWN = re.compile(r"\b(?:my|our|i'm|me)\b")
_TOLD_STORY = 3
"""Messages in which a film or a book was spoken of."""
_NEAR = 6
"""Messages of the tutor after heavy news in which it does not turn cheerful by itself."""
_NEAR_SERIOUS = 4
"""The same after serious news."""
_FEW = 3
"""Words of an answer that cannot begin anything new."""
_SHORT = 6
"""Words of a message that belongs to the one before."""
_OF_IT = re.compile(
    r"\b(?:mother|father|mum|mom|dad|son|daughter|baby|wife|husband|brother|sister|grand\w+|hospital|doctors?)\b"
)
"""Signs that a message still speaks of the news."""
_PRONOUN = re.compile(r"\b(?:he|she|her|him)\b")
"""The same soon after it."""
_MOVED_ON = re.compile(r"What would you like to talk about\?|\b[Ll]et's (?:talk about|turn to)|, then\.")
"""The tutor says these when the talk turns to something else."""


def is_heavy(said: str) -> bool:
    """Whether it is news such as a death, which nothing else in the sentence makes lighter."""
    return any(f["heavy"] and re.search(f["pattern"], _lowered(said)) for f in _feelings() if "heavy" in f)


def is_story(talk: Talk) -> bool:
    """Whether the learner tells what happens in a film or a book, and not to themselves."""
    heard = _lowered(" ".join((*talk.said_before[-_TOLD_STORY:], talk.said)))
    return _STORY.search(heard) is not None and _OWN.search(_lowered(talk.said)) is None


def is_bad(said: str) -> bool:
    """Whether the words are bad news or a bad feeling: they are neither praised nor mirrored."""
    if mood(said) is not Mood.PLAIN:
        return True
    return any(re.search(f["pattern"], _lowered(said)) for f in _feelings() if not f.get("good"))


def is_news(said: str) -> bool:
    """Whether it is serious or good news, such as an operation or that somebody is well again."""
    found = _first(said)
    return found is not None and bool(found.get("serious") or found.get("news"))


def of(talk: Talk) -> Reply | None:
    """None: no such feeling is in the words."""
    found = _first(talk.said)
    if found is None:
        return None
    if found.get("heavy") and is_story(talk):
        return Reply(f"{talk.pick_any(_texts('story'))} {talk.pick(_texts('ask_story'), 30) or ''}".strip())
    lead = talk.pick(found["say"])
    ask = talk.pick([one for one in found["ask"] if not is_answered(one, talk.said)], 30)
    is_mood = not any(found.get(kind) for kind in ("heavy", "serious", "good"))
    if is_mood and are_near(talk):
        ask = gentle_question(talk)  # what happened was told
    if lead is None and ask is None:
        return None
    return Reply(f"{lead or ''} {ask or ''}".strip())


def _first(said: str) -> dict[str, Any] | None:
    """The first of the table, if nothing in the words denies it."""
    said = _lowered(said)
    found = next((f for f in _feelings() if re.search(f["pattern"], said)), None)
    if found is None or (found.get("unless") and re.search(found["unless"], said)):
        return None
    is_certain = found.get("heavy") or found.get("news")
    is_lasting = is_certain or found.get("serious")
    if found.get("often"):
        return found
    if not is_lasting and (_SUPPOSED.search(said) or _OF_OTHERS.search(said)):
        return None
    return None if not is_certain and _DENIED.search(said) else found


def reply(talk: Talk) -> Reply:
    """To heavy news."""
    found = of(talk)
    return found if found is not None else Reply("I'm here. Take your time.")


def are_near(talk: Talk) -> bool:
    """Whether the learner gave heavy or serious news lately, and has not turned to something else."""
    return _news_lately(talk) is not None


def _news_lately(talk: Talk) -> dict[str, Any] | None:
    here = _first(talk.said)
    if here is not None and here.get("good"):
        return None
    said_now = _lowered(talk.said)
    is_on = len(said_now.split()) <= _SHORT or is_bad(said_now) or _OF_IT.search(said_now)
    pairs = zip(reversed(talk.said_before[-_NEAR:]), reversed(talk.told[-_NEAR:]), strict=False)
    for number, (said, told) in enumerate(pairs):
        if _MOVED_ON.search(told):
            return None
        found = _first(said)
        if found is not None and found.get("heavy") and is_story(replace(talk, said=said)):
            return None
        is_same = number == 0 or is_bad(said_now) or _PRONOUN.search(said_now) or _shares_kin(said, said_now)
        is_of_it = is_on or (number <= 1 and _PRONOUN.search(said_now))
        if found is not None and (
            (found.get("heavy") and is_same) or (is_of_it and found.get("serious") and number < _NEAR_SERIOUS)
        ):
            return found
        if found is not None and found.get("good"):
            return None
    return None


def _shares_kin(news: str, now: str) -> bool:
    """Whether the message still names the person of the news, or is only a few words."""
    return len(now.split()) <= _FEW or bool({*_OF_IT.findall(news.lower())} & {*_OF_IT.findall(now)})


def gentle_question(talk: Talk) -> str:
    """About the one who is missed, if the learner speaks of them; else an open door."""
    if not _is_heavy_near(talk):
        return talk.pick(_texts("gentle_serious"), 30) or "I'm listening."
    said = _lowered(talk.said)
    who = next(
        (
            them
            for he, them in (("he", "he"), ("him", "he"), ("she", "she"), ("her", "she"))
            if re.search(rf"\b{he}\b", said)
        ),
        "",
    )
    options = [text.replace("{they}", who) for text in _texts("gentle") if who or "{they}" not in text]
    return talk.pick(options, 30) or "I'm listening."


def _is_heavy_near(talk: Talk) -> bool:
    found = _news_lately(talk)
    return found is None or bool(found.get("heavy"))


@cache
def _texts(kind: str) -> list[str]:
    found: list[str] = read_data("en/feelings.toml")[kind]
    return found


def _lowered(said: str) -> str:
    return said.lower().replace("’", "'")


@cache
def _feelings() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read_data("en/feelings.toml")["feeling"]
    return found
