"""Handlers of workers' messages: events for the room, messages to store, figures for /metrics."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from server.errors import ParticipantNotFound
from server.learning.model import ClassKey, NewWord
from server.learning.ports import ClassStore
from server.protocol import agents as wire
from server.protocol.classes import ClassMove, ClassPlace
from server.protocol.rooms import Feedback, FeedbackNone, Transcript, TutorText
from server.protocol.tutor import FeedbackItem, FeedbackNonePart, TranscriptPart, TutorTextPart
from server.rooms.tutor_events import TutorEvents
from server.tutor.dispatcher import JobDispatcher, JobSession
from server.tutor.model import Message, StoredCorrection
from server.tutor.ports import LearnerMemory
from server.tutor.recorder import Recorder
from server.tutor.voice_jobs import VoiceJobs
from server.tutor.write_queue import WriteQueue


class TurnMetrics(Protocol):
    """Times of the parts of a turn, in seconds by engine, and counts."""

    def tutor_part(self, part: str, engine: str, seconds: float) -> None: ...

    def tutor_counted(self, what: str, count: int) -> None: ...

    def tutor_fell_back(self, kind: str, engine: str) -> None: ...


class AgentEvents:
    """One method for each event of `AGENT_EVENTS` but those of the dispatcher, with the event's name.

    Each raises JobNotFound for a job that is not the worker's, and ParticipantNotFound for a participant who
    was never in the job's room. Of a job that has just ended, messages are stored and nothing is shown.
    """

    def __init__(  # noqa: PLR0913 - one argument for each collaborator
        self,
        dispatcher: JobDispatcher,
        voices: VoiceJobs,
        events: TutorEvents,
        recorder: Recorder,
        *,
        memory: LearnerMemory,
        classes: ClassStore,
        writes: WriteQueue,
        metrics: TurnMetrics,
        clock: Callable[[], float],
    ) -> None:
        self._dispatcher = dispatcher
        self._voices = voices
        self._events = events
        self._recorder = recorder
        self._memory = memory
        self._classes = classes
        self._writes = writes
        self._metrics = metrics
        self._clock = clock

    def show_state(self, worker_id: str, message: wire.ShowState) -> None:
        if (room_id := self._shown_room(worker_id, message)) is not None:
            self._events.state(room_id, message.state)

    def show_transcript(self, worker_id: str, message: wire.ShowTranscript) -> None:
        session = self._session(worker_id, message)
        _known(session, message.participant_id)
        if (room_id := self._shown_room(worker_id, message)) is not None:
            event = Transcript(**TranscriptPart.fields_of(message))
            self._events.to_speaker(room_id, message.participant_id, event)

    def show_text(self, worker_id: str, message: wire.ShowText) -> None:
        if (room_id := self._shown_room(worker_id, message)) is not None:
            if message.is_final:
                self._session(worker_id, message).typed.answered(message.turn_id)
            self._events.to_all(room_id, TutorText(**TutorTextPart.fields_of(message)))

    def show_class(self, worker_id: str, message: wire.ShowClass) -> None:
        """Count what was heard for the people whom the tutor's voice reaches. Guests of a voice session, who
        follow from its id alone, have no progress."""
        session, move = self._session(worker_id, message), ClassMove(**ClassMove.fields_of(message))
        if (room_id := self._shown_room(worker_id, message)) is not None:
            session.class_at = ClassPlace(**ClassPlace.fields_of(move))
            self._events.class_moved(room_id, move)
        is_voice = self._voices.session_of(worker_id, message.job_id) is not None
        heard_by = [p.user_id for p in session.spec.people if p.reached]
        if move.heard and heard_by and (session.spec.learner_id is not None or not is_voice):
            now, key = self._clock(), ClassKey(move.course_id, move.module_index, move.sub_topic_index)
            self._writes.post(lambda: self._classes.add_heard(heard_by, key, move.heard, now))

    def show_feedback(self, worker_id: str, message: wire.ShowFeedback) -> None:
        session = self._session(worker_id, message)
        user_id, _ = _known(session, message.participant_id)
        fields = FeedbackItem.fields_of(message)
        room_id = self._shown_room(worker_id, message)
        if room_id is not None and not message.later:
            self._events.to_one(room_id, message.participant_id, Feedback(**fields))
        self._recorder.add_correction(
            StoredCorrection(
                conversation_id=session.spec.conversation_id,
                user_id=user_id,
                message_id=message.message_id,
                at=self._clock(),
                item=FeedbackItem(**fields),
            )
        )

    def show_no_feedback(self, worker_id: str, message: wire.ShowNoFeedback) -> None:
        if (room_id := self._shown_room(worker_id, message)) is not None:
            event = FeedbackNone(**FeedbackNonePart.fields_of(message))
            self._events.to_one(room_id, message.participant_id, event)

    def keep_message(self, worker_id: str, message: wire.KeepMessage) -> None:
        """A learner's message has one reader, its speaker; a tutor's message all people in the room."""
        session = self._session(worker_id, message)
        spec = session.spec
        known = _known(session, message.participant_id) if message.participant_id else None
        user_id, name = known or (None, None)
        is_tutor = message.role == "tutor"
        if not is_tutor and user_id is None:
            raise ParticipantNotFound
        stored = Message(
            id=message.id,
            conversation_id=spec.conversation_id,
            turn_id=message.turn_id,
            role=message.role,
            user_id=user_id,
            participant_id=message.participant_id,
            name=None if is_tutor else name,
            text=message.text,
            at=self._clock(),
            speech_s=message.speech_s,
            was_cut=message.was_cut,
            confidence=message.confidence,
        )
        readers = {person.user_id for person in spec.people} if is_tutor else {user_id or ""}
        is_alone = len(spec.people) <= 1
        self._recorder.add_message(stored, readers, spec.settings.topic, is_alone=is_alone)

    def cite_passages(self, worker_id: str, message: wire.CitePassages) -> None:
        conversation_id = self._session(worker_id, message).spec.conversation_id
        self._recorder.cite(conversation_id, message.message_id, message.passages)

    def keep_word(self, worker_id: str, message: wire.KeepWord) -> None:
        session = self._session(worker_id, message)
        user_id, _ = _known(session, message.participant_id)
        spec = session.spec
        # Of a room that others can enter, it may be from before this person came, or about somebody else.
        sentence = message.sentence if user_id == spec.learner_id else ""
        word = NewWord(
            language=spec.settings.language,
            word=message.word,
            meaning=message.meaning,
            sentence=sentence,
            conversation_id=spec.conversation_id,
            at=self._clock(),
        )
        self._writes.post(lambda: self._memory.add_word(user_id, word))

    def practised_mistake(self, worker_id: str, message: wire.PractisedMistake) -> None:
        user_id, _ = _known(self._session(worker_id, message), message.participant_id)
        self._writes.post(lambda: self._memory.rate(user_id, message.mistake_id, message.result))

    def turn_timing(self, worker_id: str, message: wire.TurnTiming) -> None:
        self._session(worker_id, message)
        parts = (
            ("stt_final", message.stt, message.stt_final_ms),
            ("llm_first_token", message.llm, message.llm_first_token_ms),
            ("tts_first_byte", message.tts, message.tts_first_byte_ms),
            ("tool", message.llm, message.tool_ms),
            ("endpointing", message.stt, message.endpointing_ms),
            ("voice_to_voice", None, message.voice_to_voice_ms),
            ("barge_in_stop", None, message.barge_in_stop_ms),
        )
        for part, engine, took_ms in parts:
            if took_ms is not None:
                self._metrics.tutor_part(part, engine or "", took_ms / 1_000)
        self._metrics.tutor_counted("false_interruptions", message.false_interruptions)
        self._metrics.tutor_counted("feedback_dropped", message.feedback_dropped)

    def fell_back(self, worker_id: str, message: wire.FellBack) -> None:
        self._session(worker_id, message)
        self._metrics.tutor_fell_back(message.kind, message.engine)

    def _session(self, worker_id: str, message: wire.JobMessage) -> JobSession:
        """Of a job that is the worker's, or was until just now."""
        if (voice := self._voices.session_of(worker_id, message.job_id)) is not None:
            return voice
        ended = self._dispatcher.ended_session_of(worker_id, message.job_id)
        return ended or self._dispatcher.session_of(worker_id, message.job_id)

    def _shown_room(self, worker_id: str, message: wire.JobMessage) -> str | None:
        """None if the job has just ended, because the room may have another tutor by now, and for a voice
        session, which has no room."""
        if self._voices.session_of(worker_id, message.job_id) is not None:
            return None
        if self._dispatcher.ended_session_of(worker_id, message.job_id) is not None:
            return None
        return self._dispatcher.session_of(worker_id, message.job_id).spec.room_id


def _known(session: JobSession, participant_id: str) -> tuple[str, str]:
    """The participant's user id and name."""
    try:
        return session.known[participant_id]
    except KeyError:
        raise ParticipantNotFound from None
