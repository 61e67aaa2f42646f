"""Whether a learner's words are understood, and what follows if they are not: a table. Pure.

Words that the recogniser doubts are asked about once ("did you say ...?"). If the answer is in doubt as
well, the tutor asks to hear it again, and then answers what it has heard, so that a talk never stops here.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from ai_agent.dialogue.notices import Notices
from ai_agent.turns.phrases import Phrases, plain
from server.common.state_machine import look_up
from server.protocol.tutor import Confidence

SPOKE_S = 0.8
"""Speech of this length had words, even if none was recognised."""
NOISE_S = 0.4
"""A single doubtful word in less speech than this is a noise."""
MAX_ASKED_WORDS = 20
"""A longer turn is not said back to its speaker."""
_MAX_YES_WORDS = 4
"""A longer answer that begins with yes says something of its own."""
_MAX_NO_WORDS = 3


class Heard(StrEnum):
    CLEAR = "clear"
    DOUBTFUL = "doubtful"  # most of its words may be wrong
    NOTHING = "nothing"  # speech of which there are no words to ask about
    YES = "yes"  # clear, and an answer to "did you say ...?" if that was asked
    NO = "no"


class Stage(StrEnum):
    PLAIN = "plain"
    ASKED = "asked"  # the tutor has asked "did you say ...?"
    REPEATING = "repeating"  # it has said that it did not understand


class Move(StrEnum):
    ANSWER = "answer"
    ASK = "ask"  # "did you say ...?"
    CONFIRM = "confirm"  # answer the words that were asked about
    REPLACE = "replace"  # these words are meant instead of those that were asked about
    SAY_AGAIN = "say_again"
    NOT_CAUGHT = "not_caught"
    WAIT = "wait"


_P, _A, _R = Stage

TABLE: Mapping[tuple[Stage, Heard], tuple[Stage, Move]] = {
    (_P, Heard.CLEAR): (_P, Move.ANSWER),
    (_P, Heard.YES): (_P, Move.ANSWER),
    (_P, Heard.NO): (_P, Move.ANSWER),
    (_P, Heard.DOUBTFUL): (_A, Move.ASK),
    (_P, Heard.NOTHING): (_R, Move.NOT_CAUGHT),
    (_A, Heard.CLEAR): (_P, Move.REPLACE),
    (_A, Heard.YES): (_P, Move.CONFIRM),
    (_A, Heard.NO): (_R, Move.SAY_AGAIN),
    (_A, Heard.DOUBTFUL): (_R, Move.SAY_AGAIN),
    (_A, Heard.NOTHING): (_R, Move.SAY_AGAIN),
    (_R, Heard.CLEAR): (_P, Move.ANSWER),
    (_R, Heard.YES): (_P, Move.ANSWER),
    (_R, Heard.NO): (_P, Move.ANSWER),
    (_R, Heard.DOUBTFUL): (_P, Move.ANSWER),
    (_R, Heard.NOTHING): (_R, Move.WAIT),
}


class Understanding:
    """Of each learner's turns that are for the tutor."""

    def __init__(self) -> None:
        self._stages: dict[str, Stage] = {}

    def hears(self, learner_id: str, heard: Heard) -> Move:
        stage, move = look_up(TABLE, self._stages.get(learner_id, Stage.PLAIN), heard)
        self._stages[learner_id] = stage
        return move


def is_noise(text: str, confidence: Confidence | None, voiced_s: float) -> bool:
    return confidence is Confidence.LOW and len(plain(text).split()) <= 1 and voiced_s < NOISE_S


def heard_as(text: str, confidence: Confidence | None, notices: Notices, phrases: Phrases) -> Heard:
    said = plain(text)
    words = said.split()
    if _begins(said, notices.yes) and len(words) <= _MAX_YES_WORDS:
        return Heard.YES
    if _begins(said, notices.no) and len(words) <= _MAX_NO_WORDS:
        return Heard.NO
    if confidence is not Confidence.LOW or said in phrases.interruptions:
        return Heard.CLEAR
    return Heard.DOUBTFUL if 1 < len(words) <= MAX_ASKED_WORDS else Heard.NOTHING


def without_no(text: str, notices: Notices) -> str:
    """ "No, I said I went home" → "I went home"."""
    begins = [len(phrase.split()) for phrase in notices.no if _begins(plain(text), (phrase,))]
    rest = text.split()[max(begins, default=0) :]
    words = " ".join(rest)
    return words[:1].upper() + words[1:] if rest and begins else text


def _begins(said: str, phrases: tuple[str, ...]) -> bool:
    return any(f"{said} ".startswith(f"{phrase} ") for phrase in phrases)
