"""What workers show and keep: checked against who is in their room, then shown and kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from server.errors import ParticipantNotFound
from server.protocol import agents as wire
from server.protocol.rooms import Feedback, FeedbackNone, Transcript, TutorText
from server.protocol.tutor import FeedbackItem, FeedbackNonePart, TranscriptPart, TutorTextPart
from server.rooms.tutor_jobs import TutorEvents
from server.tutor.dispatcher import JobDispatcher, Session
from server.tutor.model import Message, StoredCorrection
from server.tutor.recorder import Recorder


class TurnMetrics(Protocol):
    """Seconds of a turn's parts, by engine; and counts."""

    def tutor_part(self, part: str, engine: str, seconds: float) -> None: ...

    def tutor_counted(self, what: str, count: int) -> None: ...

    def tutor_fell_back(self, kind: str, engine: str) -> None: ...


class AgentEvents:
    """Each raises JobNotFound unless the worker has that job now, and ParticipantNotFound for somebody whom
    its room never saw."""

    def __init__(
        self,
        dispatcher: JobDispatcher,
        stage: TutorEvents,
        recorder: Recorder,
        metrics: TurnMetrics,
        clock: Callable[[], float],
    ) -> None:
        self._dispatcher = dispatcher
        self._stage = stage
        self._recorder = recorder
        self._metrics = metrics
        self._clock = clock

    def state(self, worker_id: str, said: wire.ShowState) -> None:
        self._stage.state(self._room(worker_id, said), said.state)

    def transcript(self, worker_id: str, said: wire.ShowTranscript) -> None:
        session = self._dispatcher.session_of(worker_id, said.job_id)
        _known(session, said.participant_id)
        event = Transcript(**TranscriptPart.fields_of(said))
        self._stage.to_speaker(session.brief.room_id, said.participant_id, event)

    def text(self, worker_id: str, said: wire.ShowText) -> None:
        self._stage.to_all(self._room(worker_id, said), TutorText(**TutorTextPart.fields_of(said)))

    def feedback(self, worker_id: str, said: wire.ShowFeedback) -> None:
        session = self._dispatcher.session_of(worker_id, said.job_id)
        user_id, _ = _known(session, said.participant_id)
        item = FeedbackItem(**FeedbackItem.fields_of(said))
        event = Feedback(**FeedbackItem.fields_of(said))
        self._stage.to_one(session.brief.room_id, said.participant_id, event)
        conversation_id = session.brief.settings.conversation_id
        self._recorder.correction(
            StoredCorrection(conversation_id, user_id, said.message_id, self._clock(), item)
        )

    def no_feedback(self, worker_id: str, said: wire.ShowNoFeedback) -> None:
        event = FeedbackNone(**FeedbackNonePart.fields_of(said))
        self._stage.to_one(self._room(worker_id, said), said.participant_id, event)

    def keep(self, worker_id: str, said: wire.KeepMessage) -> None:
        """A learner's words are for that learner alone; the tutor's for all who could hear them."""
        session = self._dispatcher.session_of(worker_id, said.job_id)
        brief = session.brief
        user_id, name = _known(session, said.participant_id) if said.participant_id else (None, None)
        if said.role == "learner" and user_id is None:
            raise ParticipantNotFound
        is_tutor = said.role == "tutor"
        message = Message(
            id=said.id,
            conversation_id=brief.settings.conversation_id,
            turn_id=said.turn_id,
            role=said.role,
            user_id=user_id,
            participant_id=said.participant_id,
            name=None if is_tutor else name,
            text=said.text,
            at=self._clock(),
            speech_s=said.speech_s,
            was_cut=said.was_cut,
        )
        readers = {person.user.id for person in brief.people} if is_tutor else {user_id or ""}
        self._recorder.message(message, readers, brief.settings.topic)

    def timing(self, worker_id: str, said: wire.TurnTiming) -> None:
        self._dispatcher.session_of(worker_id, said.job_id)
        parts = (
            ("stt_final", said.stt, said.stt_final_ms),
            ("llm_first_token", said.llm, said.llm_first_token_ms),
            ("tts_first_byte", said.tts, said.tts_first_byte_ms),
            ("tool", said.llm, said.tool_ms),
            ("endpointing", said.stt, said.endpointing_ms),
            ("voice_to_voice", None, said.voice_to_voice_ms),
            ("barge_in_stop", None, said.barge_in_stop_ms),
        )
        for part, engine, took_ms in parts:
            if took_ms is not None:
                self._metrics.tutor_part(part, engine or "", took_ms / 1_000)
        self._metrics.tutor_counted("false_interruptions", said.false_interruptions)
        self._metrics.tutor_counted("feedback_dropped", said.feedback_dropped)

    def fell_back(self, worker_id: str, said: wire.FellBack) -> None:
        self._dispatcher.session_of(worker_id, said.job_id)
        self._metrics.tutor_fell_back(said.kind, said.engine)

    def _room(self, worker_id: str, said: wire.JobEvent) -> str:
        return self._dispatcher.session_of(worker_id, said.job_id).brief.room_id


def _known(session: Session, participant_id: str) -> tuple[str, str]:
    try:
        return session.known[participant_id]
    except KeyError:
        raise ParticipantNotFound from None
