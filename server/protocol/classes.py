"""Classes that a tutor teaches: which one, where it is now, and what a person has heard of it.

What a room's class is at is shown to everybody in the room. What a person has heard is for that person alone.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from server.protocol.base import Id, Inbound, Outbound, Part

CourseId = Annotated[str, StringConstraints(min_length=1, max_length=64)]
_Index = Annotated[int, Field(ge=0, le=1_000)]
Sentence = Annotated[int, Field(ge=0, le=10_000)]
"""Index of a sentence in the text of a class."""


class ClassPhase(StrEnum):
    """The text is taught, a question of the class is asked or answered, the class waits until somebody says
    to go on, or it is over."""

    TEACHING = "teaching"
    ASKING = "asking"
    PAUSED = "paused"
    ENDED = "ended"


class ClassAction(StrEnum):
    """Go on (after a pause, or without an answer to the question), say the last sentence or question again,
    wait, end the class."""

    GO_ON = "go_on"
    AGAIN = "again"
    PAUSE = "pause"
    STOP = "stop"


class ClassRef(Part):
    """A class of a course. Indices are from 0."""

    course_id: CourseId
    module_index: _Index
    sub_topic_index: _Index


class ClassPlace(Part):
    """The place of a class. `sentence`: the one that is taught, or was last. `question`: the one that is
    asked; null before the first."""

    phase: Annotated[ClassPhase, Field(strict=False)] = ClassPhase.TEACHING
    sentence: Sentence = 0
    question: _Index | None = None


class ClassMove(ClassRef, ClassPlace):
    """A class has moved on. `class_id`: of this teaching of it. `heard`: sentences that were heard to their
    ends since the last move."""

    class_id: Id
    heard: Annotated[list[Sentence], Field(max_length=100)] = []


class TaughtClass(Outbound, ClassRef, ClassPlace):
    """The class that a room's tutor teaches. `id` differs each time that one is begun. `sentences`,
    `questions`: how many there are."""

    id: Id
    title: str
    sentences: int
    questions: int


class ChosenClass(Inbound, ClassRef):
    """The class that the tutor is to teach, from this sentence on; one beyond the last is the last."""

    sentence: Sentence = 0


class ControlClass(Inbound):
    """Host."""

    action: Annotated[ClassAction, Field(strict=False)]


class HeardRange(Outbound):
    """Indices of the first and the last of sentences that follow each other."""

    first: int
    last: int


class HeardClass(Outbound):
    """The parts of a class that one has heard, in order."""

    course_id: str
    module_index: int
    sub_topic_index: int
    heard: list[HeardRange]


class HeardClassQuery(Inbound):
    limit: Annotated[int, Field(strict=False, ge=1, le=200)] = 100
    cursor: Annotated[str | None, Field(max_length=200)] = None


class HeardClassPage(Outbound):
    """Classes of which one has heard something, in the order of the courses' ids."""

    items: list[HeardClass]
    next_cursor: str | None
