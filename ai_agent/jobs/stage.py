"""What a dialogue shows and keeps, said to the server."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Literal, Protocol

from pydantic import ValidationError

from ai_agent.audio import INPUT_HZ, OUTPUT_HZ, Pcm
from ai_agent.dialogue.ports import Correction, State, TurnTimes
from ai_agent.telemetry import trace_turn
from ai_agent.tutor.feedback import NoFeedback
from server.protocol import agents as wire
from server.protocol.base import Inbound
from server.protocol.tutor import FeedbackCategory, NoFeedbackReason, TutorState

_log = logging.getLogger(__name__)
_LONG, _SHORT = 8_000, 1_000
"""Of the wire's texts."""


class Line(Protocol):
    """The part of the hub that a job needs."""

    def say(self, event: str, message: Inbound) -> None: ...


class Keeper(Protocol):
    """Where sound goes that is kept."""

    def put(self, message_id: str, audio: Pcm, rate: int) -> None: ...


class JobStage:
    """Implements DialogueSink. `engines_changed` is told when an engine took another's place."""

    def __init__(self, job_id: str, line: Line, keeper: Keeper, engines_changed: Callable[[], None]) -> None:
        self._job_id = job_id
        self._line = line
        self._keeper = keeper
        self.engines_changed = engines_changed

    def show_state(self, state: State) -> None:
        self._say("show_state", lambda: wire.ShowState(job_id=self._job_id, state=TutorState(state.value)))

    def show_transcript(self, learner_id: str, turn_id: str, text: str, *, is_final: bool) -> None:
        self._say(
            "show_transcript",
            lambda: wire.ShowTranscript(
                job_id=self._job_id,
                participant_id=learner_id,
                turn_id=turn_id,
                text=text[:_LONG],
                is_final=is_final,
            ),
        )

    def show_text(
        self,
        turn_id: str,
        text: str,
        *,
        is_final: bool,
        spoken: str | None = None,
        message_id: str | None = None,
    ) -> None:
        self._say(
            "show_text",
            lambda: wire.ShowText(
                job_id=self._job_id,
                turn_id=turn_id,
                text=text[:_LONG],
                is_final=is_final,
                spoken=None if spoken is None else spoken[:_LONG],
                message_id=message_id,
            ),
        )

    def show_feedback(
        self, learner_id: str, turn_id: str, correction: Correction, message_id: str | None
    ) -> None:
        self._say(
            "show_feedback",
            lambda: wire.ShowFeedback(
                job_id=self._job_id,
                participant_id=learner_id,
                id=correction.id,
                turn_id=turn_id,
                message_id=message_id,
                original_sentence=correction.original[:_SHORT],
                corrected_sentence=correction.corrected[:_SHORT],
                explanation=correction.explanation[:_SHORT],
                category=FeedbackCategory(correction.category),
            ),
        )

    def show_no_feedback(self, learner_id: str, turn_id: str | None, text: str, reason: NoFeedback) -> None:
        self._say(
            "show_no_feedback",
            lambda: wire.ShowNoFeedback(
                job_id=self._job_id,
                participant_id=learner_id,
                turn_id=turn_id,
                text=text[:_SHORT],
                reason=NoFeedbackReason(reason),
            ),
        )

    def keep_message(
        self,
        message_id: str,
        turn_id: str,
        role: Literal["learner", "tutor"],
        learner_id: str | None,
        text: str,
        *,
        speech_s: float,
        audio: Pcm | None,
        was_cut: bool = False,
    ) -> None:
        self._say(
            "keep_message",
            lambda: wire.KeepMessage(
                job_id=self._job_id,
                id=message_id,
                turn_id=turn_id,
                role=role,
                participant_id=learner_id,
                text=text[:_LONG],
                speech_s=min(3_600.0, max(0.0, float(speech_s))),
                was_cut=was_cut,
            ),
        )
        if audio is not None and len(audio):
            self._keeper.put(message_id, audio, OUTPUT_HZ if role == "tutor" else INPUT_HZ)

    def turn_timing(self, turn_id: str, times: TurnTimes) -> None:
        trace_turn(self._job_id, turn_id, times)
        self._say(
            "turn_timing",
            lambda: wire.TurnTiming(
                job_id=self._job_id,
                turn_id=turn_id,
                stt=times.stt,
                llm=times.llm,
                tts=times.tts,
                endpointing_ms=times.endpointing_ms,
                stt_final_ms=times.stt_final_ms,
                llm_first_token_ms=times.llm_first_token_ms,
                tts_first_byte_ms=times.tts_first_byte_ms,
                voice_to_voice_ms=times.voice_to_voice_ms,
                barge_in_stop_ms=times.barge_in_stop_ms,
                tool_ms=times.tool_ms,
                false_interruptions=times.false_interruptions,
                feedback_dropped=times.feedback_dropped,
            ),
        )

    def _say(self, event: str, message: Callable[[], Inbound]) -> None:
        try:
            self._line.say(event, message())
        except ValueError as error:
            # A DialogueSink must not raise: a message that the wire cannot carry is dropped. Its text is not
            # logged because it may hold a learner's words.
            where = [e["loc"] for e in error.errors()] if isinstance(error, ValidationError) else []
            _log.error("message cannot be sent", extra={"event_name": event, "where": where})
