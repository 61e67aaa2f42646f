"""Decides who a turn is for when several people are in the room with the tutor. Pure rules, the surest
first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from ai_agent.turns.names import Talk, calls_by_name, calls_everyone, sounds_like_name, talk_of
from ai_agent.turns.overlap import is_backchannel
from ai_agent.turns.phrases import Phrases, has_phrase

FOLLOW_UP_S = 12.0
"""After the tutor's words, an answer within this time counts as one to its question."""
THANKS_S = 6.0
"""After them, anything from the person that the tutor spoke to counts as for it."""


class Address(Enum):
    TUTOR = "tutor"
    """It is spoken to, or asked by a button, a key or a raised hand."""
    ANYBODY = "anybody"
    """A question that a teacher is asked, without a name: the other people may answer it first."""
    OTHERS = "others"


@dataclass(frozen=True, slots=True)
class TurnContext:
    """The state of the conversation when the turn began.

    `speaker`: the name of who speaks, `others`: names of the other people. `last_speaker`: "tutor", "speaker"
    (the same as now), "other" or None. `tutor_spoke_to`: the tutor's last words went to the present speaker.
    `gap_s`: time since the last words.
    """

    tutor_name: str
    others: Sequence[str] = ()
    speaker: str = ""
    people: int = 2
    last_speaker: str | None = None
    tutor_asked: bool = False
    tutor_spoke_to: bool = False
    gap_s: float = 0.0
    interrupts_tutor: bool = False
    wants_tutor: bool = False


def addressee(text: str, context: TurnContext, phrases: Phrases) -> Address:
    talk = talk_of(text)
    if not talk.words:
        return Address.OTHERS
    if context.wants_tutor or context.people <= 1 or _calls_tutor(talk, context, phrases):
        return Address.TUTOR
    if any(calls_by_name(talk, name, phrases) for name in context.others) or calls_everyone(talk, phrases):
        return Address.OTHERS
    if context.interrupts_tutor or _follows_up(talk, context, phrases):
        return Address.TUTOR
    return Address.ANYBODY if has_phrase(talk.plain, phrases.to_a_teacher) else Address.OTHERS


def _calls_tutor(talk: Talk, context: TurnContext, phrases: Phrases) -> bool:
    if any(calls_by_name(talk, title, phrases) for title in phrases.titles):
        return True
    people = (*context.others, context.speaker)
    heard = sounds_like_name(talk, context.tutor_name, people)
    return any(calls_by_name(talk, name, phrases) for name in heard)


def _follows_up(talk: Talk, context: TurnContext, phrases: Phrases) -> bool:
    if context.last_speaker != "tutor" or context.gap_s > FOLLOW_UP_S:
        return False
    people = (*context.others, context.speaker)
    if sounds_like_name(talk, context.tutor_name, people) or has_phrase(talk.plain, phrases.to_everyone):
        return False  # it speaks of the tutor, or to all
    if is_backchannel(talk.plain, phrases) and not context.tutor_asked:
        return False
    if context.tutor_spoke_to:
        return context.tutor_asked or context.gap_s <= THANKS_S
    # another person takes up what the tutor said: a question is for the tutor, an answer for everybody
    return talk.words[0] in phrases.question_starts and has_phrase(talk.plain, phrases.to_somebody)
