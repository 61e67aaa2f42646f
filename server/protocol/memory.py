"""The tutor's memory of one learner: part of its job, and of the REST routes that show and change it.

A tutor gets it only for a learner who is alone with it in a room to practise, and only while they allow it.
Of rooms that others can enter, it has only words that the learner asked about or was taught, without their
sentences.
All texts are the learner's own or were made from their stored talks: a prompt must quote them as data.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from server.protocol.base import Id, Inbound, LanguageTag, Outbound, ShortText, Timestamp, printable
from server.protocol.tutor import FeedbackCategory

MAX_GOALS, MAX_TALKS, MAX_WORDS, MAX_MISTAKES = 5, 3, 10, 3
WordText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), AfterValidator(printable)
]
Goal = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=140), AfterValidator(printable)
]
Note = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=280), AfterValidator(printable)
]


class RememberedTalk(Outbound):
    """An earlier talk: when it began, its topic (may be empty), and one line about it, in English unless the
    learner wrote it."""

    conversation_id: Id
    at: Timestamp
    topic: str
    summary: str


class RememberedWord(Outbound):
    """A word that the learner is learning. `meaning` and `sentence`, in which it occurred, may be empty.
    `is_due`: for review."""

    id: Id
    word: str
    meaning: str
    sentence: str
    is_due: bool


class RememberedMistake(Outbound):
    """A mistake that is due for review. `said`: the newest whole sentence with it; `better`: that sentence
    corrected. A worker reports the result of an exercise with `practised_mistake` and this `id`."""

    id: Id
    said: ShortText
    better: ShortText
    category: FeedbackCategory


class Memory(Outbound):
    """The tutor's knowledge of the learner in `language`.

    `goals`: in their own words, at most 5 of at most 140 characters. `talks`: the newest first, at most 3,
    without the one that goes on. `words`: those due first, then the newest, at most 10. `mistakes`: due for
    review, longest due first, at most 3.
    """

    language: LanguageTag
    goals: list[str]
    talks: list[RememberedTalk]
    words: list[RememberedWord]
    mistakes: list[RememberedMistake]


class MemoryQuery(Inbound):
    """In which language the learner would talk."""

    language: LanguageTag = "en"


class MemoryPage(Outbound):
    """`memory` is what the tutor gets at the next talk in that language, if it `remembers`."""

    remembers: bool
    memory: Memory


class MemoryChange(Inbound):
    """Only the members that are given are changed. `remembers` false: from now on the tutor is given nothing,
    and words that are looked up are not stored; what is stored stays until it is deleted."""

    remembers: bool | None = None
    goals: Annotated[list[Goal], Field(max_length=MAX_GOALS)] | None = None


class TalkNote(Inbound):
    """The learner's own line about a talk, in place of the one that was made of it."""

    text: Note
