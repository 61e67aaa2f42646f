"""Keeps what learners said: each turn is shown, stored and remembered, and its words may be replaced
later."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace

from ai_agent.audio import Pcm
from ai_agent.dialogue.feedback import LearnerFeedback
from ai_agent.dialogue.history import History
from ai_agent.dialogue.ports import DialogueSink, Learner, PastMessage, new_id
from ai_agent.dialogue.word_notes import WordNotes
from server.protocol.agents import MAX_SPEECH_S, MessagePart
from server.protocol.base import long_text
from server.protocol.tutor import Confidence, TranscriptPart

MAX_SAID = 50
"""Turns whose words may still be replaced."""


@dataclass(frozen=True, slots=True)
class Said:
    """`is_heard`: by the recogniser, else typed or mended. `confidence`: None as well where it is unknown."""

    learner: Learner
    turn_id: str
    message_id: str
    text: str
    speech_s: float = 0.0
    is_heard: bool = False
    confidence: Confidence | None = None


class SaidTurns:
    def __init__(
        self, history: History, feedback: LearnerFeedback, words: WordNotes, sink: DialogueSink
    ) -> None:
        self._history = history
        self._feedback = feedback
        self._words = words
        self._sink = sink
        self._said: OrderedDict[str, Said] = OrderedDict()

    def get(self, turn_id: str) -> Said | None:
        return self._said.get(turn_id)

    def show(
        self, learner_id: str, turn_id: str, text: str, confidence: Confidence | None, *, is_final: bool
    ) -> None:
        part = TranscriptPart(
            participant_id=learner_id,
            turn_id=turn_id,
            text=long_text(text),
            is_final=is_final,
            confidence=confidence,
        )
        self._sink.show_transcript(part)

    def add(self, said: Said, audio: Pcm | None = None) -> None:
        self._said[said.turn_id] = said
        while len(self._said) > MAX_SAID:
            self._said.popitem(last=False)
        self.remember(said)
        self._feedback.set_last_turn(said.learner.id, said.turn_id, said.message_id)
        self._publish(said, audio)

    def remember(self, said: Said) -> None:
        """In the history, as the last words."""
        name, learner_id = said.learner.name, said.learner.id
        self._history.add(
            PastMessage("learner", said.text, name, learner_id, said.is_heard, said.confidence, said.turn_id)
        )

    def amend(self, said: Said, text: str, confidence: Confidence | None, *, is_heard: bool) -> Said:
        """The words of a turn were others. Corrections of words that are gone are dropped."""
        amended = replace(said, text=text, confidence=confidence, is_heard=is_heard)
        self._said[said.turn_id] = amended
        self._history.amend(said.turn_id, text, confidence, is_heard=is_heard)
        self._publish(amended, None)
        return amended

    def is_answered(self, said: Said) -> None:
        """Its reply was asked for. The words that are answered may be those of an earlier turn."""
        last = self._history.last_of(said.learner.id)
        if last is not None:
            is_sure = not last.spoken or last.confidence is Confidence.HIGH
            self._feedback.answers(said.learner.id, said.turn_id, last.text, is_sure=is_sure)
            self._words.learner_asked(said.learner.id, last.text)

    def _publish(self, said: Said, audio: Pcm | None) -> None:
        confidence = said.confidence if said.is_heard else None
        self._feedback.heard(said.turn_id, said.text, confidence)
        self.show(said.learner.id, said.turn_id, said.text, confidence, is_final=True)
        message = MessagePart(
            id=said.message_id,
            turn_id=said.turn_id,
            role="learner",
            participant_id=said.learner.id,
            text=long_text(said.text),
            speech_s=min(MAX_SPEECH_S, said.speech_s),
            confidence=confidence,
        )
        self._sink.keep_message(message, audio)


def new_said(
    learner: Learner,
    turn_id: str,
    text: str,
    *,
    message_id: str | None = None,
    speech_s: float = 0.0,
    is_heard: bool = False,
    confidence: Confidence | None = None,
) -> Said:
    return Said(learner, turn_id, message_id or new_id(), text, speech_s, is_heard, confidence)
