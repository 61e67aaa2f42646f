"""Exercises, and phrases for what people often need to say (`data/en/practice.toml`)."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from ai_agent.tutor.scripted.bank import read_data
from ai_agent.tutor.scripted.english.hearing import words_of
from ai_agent.tutor.scripted.english.intents import Found
from ai_agent.tutor.scripted.english.reply import Reply
from ai_agent.tutor.scripted.english.talk import Talk

_ALL = 200
_LEARNER_BACK, _TUTOR_BACK = 2, 2
"""Messages in which a point of grammar is looked for that the request does not name."""


def exercise(talk: Talk, found: Found) -> Reply | None:
    """One about what the request names, else about what was just spoken of, else any."""
    here = set(words_of(found.sentence))
    lately = set(words_of(" ".join((*talk.said_before[-_LEARNER_BACK:], *talk.told[-_TUTOR_BACK:]))))
    entries = _data()["exercise"]
    for words in (here, lately):
        for entry in entries[:-1]:
            if words & set(entry["words"].split()) and (task := talk.pick(entry["say"], _ALL)):
                return Reply(f"{talk.pick_any(_LEADS)} {task}")
    return Reply(f"{talk.pick_any(_LEADS)} {talk.pick_any(entries[-1]['say'])}")


def useful_phrases(talk: Talk, found: Found) -> Reply | None:
    """For what the learner has to say or write; honest that no text of their own can be written."""
    text = phrases_for(f"{found.sentence} {found.group('aim')}", talk)
    return Reply(f"{text} {_CHECKED}" if text else _NO_TEXT)


def phrases_for(wish: str, talk: Talk) -> str | None:
    """None: none are known for it."""
    asked = set(words_of(re.sub(r"\b(?:don't|do not|not) agree\b", "disagree", wish)))
    entry = next((e for e in _data()["phrases"] if asked & set(e["words"].split())), None)
    return talk.pick_any(entry["say"]) if entry is not None else None


_LEADS = ("Here is a small exercise.", "OK, try this.", "Here is one for you.")
_CHECKED = "I can check your own sentence too."
_NO_TEXT = (
    "I can't put that into words for you without a language model, sorry. Say it in your own way, with short "
    "sentences, and ask me if it is right."
)


@cache
def _data() -> dict[str, Any]:
    return read_data("en/practice.toml")
