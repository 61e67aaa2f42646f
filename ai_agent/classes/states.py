"""The phases of a class, as a table of phases and events.

teaching  the text is said, sentence by sentence
asking    the questions of the class are asked, and answered
paused    nothing is said until somebody wants to go on
ended     the tutor talks as before the class
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from server.common.state_machine import look_up
from server.protocol.classes import ClassPhase


class Event(StrEnum):
    QUESTIONS = "questions"  # the text was heard, and there are questions
    PAUSE = "pause"
    TO_TEXT = "to_text"  # on after a pause: the text was not at its end
    TO_QUESTIONS = "to_questions"  # on after a pause: the questions had begun
    DONE = "done"  # all was said
    STOP = "stop"


_T, _A, _P, _E = ClassPhase

TABLE: Mapping[tuple[ClassPhase, Event], ClassPhase] = {
    (_T, Event.QUESTIONS): _A,
    (_T, Event.PAUSE): _P,
    (_A, Event.PAUSE): _P,
    (_P, Event.TO_TEXT): _T,
    (_P, Event.TO_QUESTIONS): _A,
    (_T, Event.DONE): _E,
    (_A, Event.DONE): _E,
    (_T, Event.STOP): _E,
    (_A, Event.STOP): _E,
    (_P, Event.STOP): _E,
    # asked twice, or of a class that runs or has ended
    (_P, Event.PAUSE): _P,
    (_T, Event.TO_TEXT): _T,
    (_A, Event.TO_QUESTIONS): _A,
    (_E, Event.STOP): _E,
}


def next_phase(phase: ClassPhase, event: Event) -> ClassPhase:
    """Raises IllegalMove."""
    return look_up(TABLE, phase, event)
