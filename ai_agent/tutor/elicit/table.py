"""The stages of a correction that the learner may mend first, as a table, and when one is asked for. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from server.common.state_machine import look_up


class Stage(StrEnum):
    TELLING = "telling"  # corrections are shown at once
    ASKED = "asked"  # the tutor has asked to try a sentence again; its correction is hidden


class Event(StrEnum):
    CORRECTION = "correction"  # one that is shown at once: too soon after the last question, or not sure
    TARGET = "target"  # one that the tutor asks about
    RIGHT = "right"  # the next turn has the sentence without the mistake
    PARTLY = "partly"  # some of it is mended
    WRONG = "wrong"
    GAVE_UP = "gave_up"  # "I don't know", "tell me"
    OTHER = "other"  # the learner talks about something else, or asks for the answer on the page
    WITHDRAWN = "withdrawn"  # these words were not said: misheard


class Move(StrEnum):
    TELL = "tell"  # show the correction
    ASK = "ask"  # hide it, and ask to try again
    PRAISE = "praise"  # show it; praise what was mended
    PRAISE_PART = "praise_part"
    SHOW = "show"  # show it, and say it
    GO_ON = "go_on"  # show it, and do not speak of it
    FORGET = "forget"


_T, _A = Stage

TABLE: Mapping[tuple[Stage, Event], tuple[Stage, Move]] = {
    (_T, Event.CORRECTION): (_T, Move.TELL),
    (_T, Event.TARGET): (_A, Move.ASK),
    (_A, Event.CORRECTION): (_A, Move.TELL),
    (_A, Event.TARGET): (_A, Move.TELL),  # one at a time
    (_A, Event.RIGHT): (_T, Move.PRAISE),
    (_A, Event.PARTLY): (_T, Move.PRAISE_PART),
    (_A, Event.WRONG): (_T, Move.SHOW),
    (_A, Event.GAVE_UP): (_T, Move.SHOW),
    (_A, Event.OTHER): (_T, Move.GO_ON),
    (_A, Event.WITHDRAWN): (_T, Move.FORGET),
}

GAPS: Mapping[str, int] = {"A1": 5, "A2": 3, "B1": 2, "B2": 2, "C1": 2, "C2": 2}
"""Corrections that are told between two that are asked about: beginners are told more often."""
AFTER_FAILURE = 2
"""The gap grows by this factor after a sentence that was not mended."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Of one learner. `told`: corrections since the last question. `has_failed`: the last one was not
    answered rightly. A talk begins with one correction less to wait for, so that beginners are not asked at
    their first mistake and others may be.
    """

    stage: Stage = Stage.TELLING
    told: int = 0
    has_failed: bool = False
    has_asked: bool = False

    def may_ask(self, level: str) -> bool:
        gap = GAPS.get(level, GAPS["B1"])
        if not self.has_asked:
            gap -= GAPS["B1"]
        return self.stage is Stage.TELLING and self.told >= gap * (AFTER_FAILURE if self.has_failed else 1)

    def after(self, event: Event) -> tuple[Progress, Move]:
        """Raises IllegalMove."""
        stage, move = look_up(TABLE, self.stage, event)
        match move:
            case Move.TELL:
                return replace(self, stage=stage, told=self.told + 1), move
            case Move.ASK:
                return Progress(stage, 0, has_failed=False, has_asked=True), move
            case Move.FORGET | Move.GO_ON | Move.PRAISE:
                return replace(self, stage=stage), move
            case _:
                return replace(self, stage=stage, has_failed=True), move
