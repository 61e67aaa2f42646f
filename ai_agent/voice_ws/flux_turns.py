"""Turns of the dialogue as events of Flux, in the order that its clients rely on. No I/O."""

from __future__ import annotations

from dataclasses import dataclass

from ai_agent.dialogue.turn import SpeechState, Turn
from server.protocol.voice.flux import TurnEvent


@dataclass(frozen=True, slots=True)
class FluxTurn:
    """`began`: sample at which the turn was first heard of. `end_confidence`: that the turn has ended."""

    event: TurnEvent
    index: int
    transcript: str
    began: int
    end_confidence: float
    confidence: float = 1.0


class FluxTurns:
    """`index`: of the turn that is open, or comes next."""

    def __init__(self) -> None:
        self.index = 0
        self._turn_id: str | None = None
        self._began = 0
        self._text = ""
        self._eager: str | None = None
        self._closed: dict[str, int] = {}

    def index_of(self, turn_id: str) -> int:
        """Index of a turn that is open or has ended lately; of another, that of the next."""
        return self._closed.get(turn_id, self.index)

    def words(self, turn_id: str, text: str, heard: int) -> list[FluxTurn]:
        """The words so far."""
        if turn_id in self._closed or not text:
            return []
        events = self._started(turn_id, text, heard)
        if text != self._text:
            events += self._resumed()
            self._text = text
            events.append(self._event("Update", 0.0))
        return events

    def look(self, turn: Turn) -> list[FluxTurn]:
        """Every 20 ms, at the open turn: a pause whose words are complete may be its end."""
        if turn.id != self._turn_id:
            return []
        is_pause = turn.speech is not SpeechState.SPEAKING and turn.words_complete
        if self._eager is None and is_pause and turn.text and not turn.overlaps_reply:
            self._eager = self._text = turn.text
            return [self._event("EagerEndOfTurn", turn.finished if turn.finished is not None else 0.5)]
        return self._resumed() if turn.is_speaking else []

    def ended(self, turn_id: str, text: str, heard: int) -> list[FluxTurn]:
        """Empty text: there were no words, or they were no turn. Later versions of its words are not sent."""
        if turn_id in self._closed or (turn_id != self._turn_id and not text):
            return []
        events = self._started(turn_id, text, heard)
        if self._eager not in {None, text}:
            events += self._resumed()
        self._text = text
        events.append(self._event("EndOfTurn", 1.0))
        self._closed[turn_id] = self.index
        while len(self._closed) > 50:
            del self._closed[next(iter(self._closed))]
        self.index += 1
        self._turn_id, self._text, self._eager = None, "", None
        return events

    def _started(self, turn_id: str, text: str, heard: int) -> list[FluxTurn]:
        if self._turn_id == turn_id:
            return []
        events: list[FluxTurn] = []
        if self._turn_id is not None:  # its end was not sent: two turns are never open at once
            events += self.ended(self._turn_id, self._text, heard)
        self._turn_id, self._text, self._eager, self._began = turn_id, text, None, heard
        return [*events, self._event("StartOfTurn", 0.0), self._event("Update", 0.0)]

    def _resumed(self) -> list[FluxTurn]:
        if self._eager is None:
            return []
        self._eager = None
        return [self._event("TurnResumed", 0.0)]

    def _event(self, event: TurnEvent, end_confidence: float) -> FluxTurn:
        return FluxTurn(event, self.index, self._text, self._began, round(end_confidence, 3))
