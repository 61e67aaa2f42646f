"""The dialogue's output, sent to the server as messages of `/agents`."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from pydantic import ValidationError

from ai_agent.audio import INPUT_HZ, OUTPUT_HZ, Pcm
from ai_agent.dialogue.ports import TurnTimes, new_id
from ai_agent.jobs.ports import Outbox
from ai_agent.telemetry import trace_turn
from ai_agent.tutor.words.looked_up import LookedUp
from server.protocol import agents as wire
from server.protocol.base import short_text
from server.protocol.classes import ClassMove
from server.protocol.tutor import (
    FeedbackItem,
    FeedbackNonePart,
    TranscriptPart,
    TutorState,
    TutorTextPart,
)

_log = logging.getLogger(__name__)


class AudioSink(Protocol):
    """Takes recordings to be stored. `accepted`: whether the server has taken their message."""

    def put(
        self, server_url: str, message_id: str, audio: Pcm, rate: int, accepted: Awaitable[bool]
    ) -> None: ...


class JobSink:
    """Implements DialogueSink. `engines_changed` is called when another engine of a chain answers."""

    def __init__(
        self, job_id: str, outbox: Outbox, audio: AudioSink, engines_changed: Callable[[], None]
    ) -> None:
        self._job_id = job_id
        self._outbox = outbox
        self._audio = audio
        self.engines_changed = engines_changed

    def show_state(self, state: TutorState) -> None:
        self._outbox.send("show_state", wire.ShowState(job_id=self._job_id, state=state))

    def show_transcript(self, part: TranscriptPart) -> None:
        fields = TranscriptPart.fields_of(part)
        self._outbox.send("show_transcript", wire.ShowTranscript(job_id=self._job_id, **fields))

    def show_text(self, part: TutorTextPart) -> None:
        fields = TutorTextPart.fields_of(part)
        self._outbox.send("show_text", wire.ShowText(job_id=self._job_id, **fields))

    def show_cannot_hear(self, text: str) -> None:
        turn_id = new_id()
        self.show_text(TutorTextPart(turn_id=turn_id, text=text, is_final=False))
        self.show_text(TutorTextPart(turn_id=turn_id, text="", is_final=True, spoken=""))

    def show_feedback(
        self, learner_id: str, item: FeedbackItem, message_id: str | None, *, later: bool = False
    ) -> None:
        message = wire.ShowFeedback(
            job_id=self._job_id,
            participant_id=learner_id,
            message_id=message_id,
            later=later,
            **FeedbackItem.fields_of(item),
        )
        self._outbox.send("show_feedback", message)

    def show_no_feedback(self, learner_id: str, part: FeedbackNonePart) -> None:
        message = wire.ShowNoFeedback(
            job_id=self._job_id, participant_id=learner_id, **FeedbackNonePart.fields_of(part)
        )
        self._outbox.send("show_no_feedback", message)

    def practised_mistake(self, learner_id: str, mistake_id: str, result: wire.ExerciseResult) -> None:
        message = wire.PractisedMistake(
            job_id=self._job_id, participant_id=learner_id, mistake_id=mistake_id, result=result
        )
        self._outbox.send("practised_mistake", message)

    def keep_message(self, message: wire.MessagePart, audio: Pcm | None) -> None:
        kept = wire.KeepMessage(job_id=self._job_id, **wire.MessagePart.fields_of(message))
        if audio is None or not len(audio):
            self._outbox.send("keep_message", kept)
            return
        accepted = self._outbox.deliver("keep_message", kept)
        rate = OUTPUT_HZ if message.role == "tutor" else INPUT_HZ
        self._audio.put(self._outbox.rooms_url, message.id, audio, rate, accepted)

    def cite_passages(self, message_id: str, passages: Sequence[wire.PassageRef]) -> None:
        message = wire.CitePassages(job_id=self._job_id, message_id=message_id, passages=list(passages))
        self._outbox.send("cite_passages", message)

    def keep_word(self, learner_id: str, word: LookedUp) -> None:
        message = wire.KeepWord(
            job_id=self._job_id,
            participant_id=learner_id,
            word=word.word,
            meaning=short_text(word.meaning),
            sentence=short_text(word.sentence),
        )
        self._outbox.send("keep_word", message)

    def show_class(self, move: ClassMove) -> None:
        message = wire.ShowClass(job_id=self._job_id, **ClassMove.fields_of(move))
        self._outbox.send("show_class", message)

    def turn_timing(self, turn_id: str, times: TurnTimes) -> None:
        trace_turn(self._job_id, turn_id, times)
        try:
            message = wire.TurnTiming(
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
            )
        except ValidationError as error:  # a vendor's name for its engine that does not fit the wire
            where = [detail["loc"] for detail in error.errors(include_input=False)]
            _log.error("turn times dropped: not valid", extra={"where": where})
            return
        self._outbox.send("turn_timing", message)
