"""Shows and stores each learner's turn, spoken or typed, and replies if it is for the tutor."""

from __future__ import annotations

from collections.abc import Callable

from ai_agent.audio import INPUT_HZ, Pcm, seconds
from ai_agent.dialogue.addressing import Addressing
from ai_agent.dialogue.feedback import LearnerFeedback
from ai_agent.dialogue.floor import Floor
from ai_agent.dialogue.history import History
from ai_agent.dialogue.lesson_context import LessonContext, Purpose
from ai_agent.dialogue.notices import notices
from ai_agent.dialogue.ports import DialogueSink, Learner, PastMessage, new_id
from ai_agent.dialogue.reply_controller import ReplyController
from ai_agent.dialogue.timing import Timestamps
from ai_agent.dialogue.turn import Turn
from ai_agent.providers.ports import ChatMessage
from ai_agent.turns.addressed import Address
from server.protocol.agents import MAX_SPEECH_S, MessagePart
from server.protocol.base import long_text
from server.protocol.tutor import Confidence, TranscriptPart, TutorTextPart


class TurnHandler:
    """A `TurnListener`."""

    def __init__(
        self,
        context: LessonContext,
        history: History,
        *,
        floor: Floor,
        addressing: Addressing,
        replies: ReplyController,
        feedback: LearnerFeedback,
        sink: DialogueSink,
        clock: Callable[[], float],
    ) -> None:
        self._context = context
        self._history = history
        self._floor = floor
        self._addressing = addressing
        self._replies = replies
        self._feedback = feedback
        self._sink = sink
        self._clock = clock
        self._told_stt_failed = False

    def turn_began(self, turn: Turn) -> None:
        self._floor.turn_began(turn)

    def turn_changed(self, turn: Turn) -> None:
        self._show_words(turn.learner_id, turn.id, turn.text, turn.grade, is_final=False)

    def turn_might_end(self, turn: Turn) -> None:
        learner = self._context.people.get(turn.learner_id)
        if learner is None or not turn.text or turn.overlaps_reply:
            return
        if self._addressing.addressee(turn, self._clock(), peek=True) is Address.TUTOR:
            name = None if self._context.lesson.one_to_one else learner.name
            self._replies.start_speculative(
                learner, turn.id, ChatMessage("learner", turn.text, name, spoken=True, confidence=turn.grade)
            )

    def turn_resumed(self, turn: Turn) -> None:
        self._replies.drop_speculative(turn.id)

    def turn_ended(self, turn: Turn, audio: Pcm | None) -> None:
        self._floor.turn_ended(turn)
        now, text = self._clock(), turn.text
        learner = self._context.people.get(turn.learner_id)
        self._show_words(turn.learner_id, turn.id, text, turn.grade, is_final=True)
        if not text or learner is None:
            self._drop()
            return
        address = self._addressing.addressee(turn, now)
        speech_s = (
            seconds(audio, INPUT_HZ) if audio is not None else max(0.0, turn.voice_at - turn.started_at)
        )
        message_id = self._store(
            learner, turn.id, text, audio, speech_s, confidence=turn.grade, is_spoken=True
        )
        if address is not Address.TUTOR:
            self._drop()
            if address is Address.ANYBODY:
                self._addressing.asked_anybody(learner.id, now)
            return
        timestamps = Timestamps(
            voice_end=turn.voice_at, decided=now, words_asked=turn.flush_at, words_done=turn.flushed_at
        )
        self._reply(learner, turn.id, message_id, timestamps, is_recognised=True)

    def stt_failed(self) -> None:
        self._sink.engines_changed()
        if not self._told_stt_failed:
            self._told_stt_failed = True
            turn_id, text = new_id(), notices(self._context.lesson.language).cannot_hear
            self._sink.show_text(TutorTextPart(turn_id=turn_id, text=text, is_final=False))
            self._sink.show_text(TutorTextPart(turn_id=turn_id, text="", is_final=True, spoken=""))

    def typed(self, learner: Learner, text: str, turn_id: str | None = None) -> None:
        """With a `turn_id` the message has that id too, so that it is stored once whoever else gets it."""
        message_id, turn_id = turn_id, turn_id or new_id()
        self._show_words(learner.id, turn_id, text, None, is_final=True)
        message_id = self._store(learner, turn_id, text, None, 0.0, message_id=message_id)
        self._reply(learner, turn_id, message_id, Timestamps(decided=self._clock()), is_recognised=False)

    def say_goodbye(self) -> None:
        turn_id, text = new_id(), notices(self._context.lesson.language).goodbye
        self._replies.say(text, turn_id, Timestamps(decided=self._clock()))
        self._floor.reply_started(turn_id)

    def start_reply(self, learner: Learner | None, purpose: Purpose) -> None:
        """Reply without a new turn: on the tutor's initiative, or to words that it did not answer at
        first."""
        turn_id = new_id()
        self._replies.start(learner, purpose, turn_id, Timestamps(decided=self._clock()))
        self._floor.reply_started(turn_id)

    def _reply(
        self,
        learner: Learner,
        turn_id: str,
        message_id: str,
        timestamps: Timestamps,
        *,
        is_recognised: bool,
    ) -> None:
        self._replies.start(
            learner,
            "reply",
            turn_id,
            timestamps,
            learner_message_id=message_id,
            is_recognised=is_recognised,
        )
        self._floor.reply_started(turn_id)

    def _store(
        self,
        learner: Learner,
        turn_id: str,
        text: str,
        audio: Pcm | None,
        speech_s: float,
        *,
        confidence: Confidence | None = None,
        is_spoken: bool = False,
        message_id: str | None = None,
    ) -> str:
        message_id = message_id or new_id()
        self._history.add(PastMessage("learner", text, learner.name, learner.id, is_spoken, confidence))
        self._addressing.learner_spoke(learner.id, self._clock())
        self._feedback.set_last_turn(learner.id, turn_id, message_id)
        message = MessagePart(
            id=message_id,
            turn_id=turn_id,
            role="learner",
            participant_id=learner.id,
            text=long_text(text),
            speech_s=min(MAX_SPEECH_S, speech_s),
            confidence=confidence,
        )
        self._sink.keep_message(message, audio)
        return message_id

    def _show_words(
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

    def _drop(self) -> None:
        self._replies.drop_speculative()
        self._floor.turn_dropped()
