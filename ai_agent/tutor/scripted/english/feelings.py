"""Replies to sad, hard or frightening news: kind, without praise, and without a cheerful next question.

Suicide, violence and abuse are answered before the scripted tutor is asked.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from ai_agent.tutor.care import Mood, mood
from ai_agent.tutor.scripted.bank import read_data
from ai_agent.tutor.scripted.english.reply import Reply
from ai_agent.tutor.scripted.english.talk import Talk

_DENIED = re.compile(
    r"(?:\bnot|n't|\bnever|\bno longer) (?:\w+ ){0,2}"
    r"(?:angry|sad|tired|worried|afraid|scared|nervous|stressed|lonely|sick|ill|bored|boring|upset|hungry|hard|difficult)\b"
)
"""A feeling that the learner does not have."""
_NEAR = 6
"""Messages of the tutor after bad news in which it does not turn cheerful by itself."""


def is_heavy(said: str) -> bool:
    """Whether it is news such as a death, which nothing else in the sentence makes lighter."""
    return any(f["heavy"] and re.search(f["pattern"], _lowered(said)) for f in _feelings() if "heavy" in f)


def is_bad(said: str) -> bool:
    """Whether the words are bad news or a bad feeling: they are neither praised nor mirrored."""
    if mood(said) is not Mood.PLAIN:
        return True
    return any(re.search(f["pattern"], _lowered(said)) for f in _feelings() if not f.get("good"))


def of(talk: Talk) -> Reply | None:
    """None: no such feeling is in the words."""
    said = _lowered(talk.said)
    found = next((f for f in _feelings() if re.search(f["pattern"], said)), None)
    if found is None or (found.get("unless") and re.search(found["unless"], said)):
        return None
    if not found.get("heavy") and _DENIED.search(said):
        return None
    lead = talk.pick(found["say"])
    ask = talk.pick(found["ask"], 30)
    if lead is None and ask is None:
        return None
    return Reply(f"{lead or ''} {ask or ''}".strip())


def reply(talk: Talk) -> Reply:
    """To heavy news."""
    found = of(talk)
    return found if found is not None else Reply("I'm here. Take your time.")


def are_near(talk: Talk) -> bool:
    """Whether the learner gave heavy news lately, and has not turned to something else."""
    for said, told in zip(reversed(talk.said_before[-_NEAR:]), reversed(talk.told[-_NEAR:]), strict=False):
        if "What would you like to talk about?" in told:
            return False
        if is_heavy(said):
            return True
    return False


def gentle_question(talk: Talk) -> str:
    """About the one who is missed, if the learner speaks of them; else an open door."""
    said = _lowered(talk.said)
    who = next(
        (
            them
            for he, them in (("he", "he"), ("him", "he"), ("she", "she"), ("her", "she"))
            if re.search(rf"\b{he}\b", said)
        ),
        "",
    )
    options = [text.replace("{they}", who) for text in _gentle() if who or "{they}" not in text]
    return talk.pick(options, 30) or "I'm listening."


@cache
def _gentle() -> list[str]:
    found: list[str] = read_data("en/feelings.toml")["gentle"]
    return found


def _lowered(said: str) -> str:
    return said.lower().replace("’", "'")


@cache
def _feelings() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read_data("en/feelings.toml")["feeling"]
    return found
