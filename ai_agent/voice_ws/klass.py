"""A class: a lesson that is taught in chunks of MP3, with questions at any time."""

from __future__ import annotations

import logging
import time
from dataclasses import replace

from ai_agent.classes.course import Courses, SubTopic
from ai_agent.classes.teaching import Kind, Line, Style, Taught
from ai_agent.dialogue.ports import new_id
from ai_agent.errors import AgentError, SettingError
from ai_agent.voice_ws.class_hearing import ClassHearing
from ai_agent.voice_ws.class_voice import ClassVoice
from ai_agent.voice_ws.client import VoiceClient
from ai_agent.voice_ws.encoder import Mp3Encoder
from ai_agent.voice_ws.outgoing import Outgoing
from ai_agent.voice_ws.talk import Talk
from server.protocol.classes import ClassMove, ClassPhase, ClassPlace, ClassRef
from server.protocol.tutor import TranscriptPart, TutorTextPart
from server.protocol.voice.base import INVALID_MESSAGE, BadMessage, parsed
from server.protocol.voice.klass import (
    CLASS,
    AgentResponse,
    AudioComplete,
    ClassError,
    FinalTranscript,
    Note,
    PartialTranscript,
    ResponseMetadata,
    StartClass,
    SttChunk,
    SttEnd,
    SttProblem,
    SttReady,
    SttStart,
)

_UNDER_WAY = frozenset({ClassPhase.TEACHING, ClassPhase.ASKING})
_log = logging.getLogger(__name__)


class Class(VoiceClient):
    """`courses`: None if there are none."""

    def __init__(
        self, talk: Talk, out: Outgoing, encoder: Mp3Encoder, courses: Courses | None = None
    ) -> None:
        super().__init__(talk, out)
        self._courses = courses
        self._hearing = hearing = ClassHearing(talk)
        # To somebody without a microphone no question is asked. Each MP3 ends in a pause of its own.
        self._style = Style(announces=False, asks=lambda: hearing.hears, pause_s=0.0)
        self._voice = ClassVoice(talk, out, encoder, self._chunk_sent)
        self._taught: Taught | None = None
        """The class that is taught; None before it and after its end."""
        self._is_interactive = False
        self._shown_line: str | None = None
        self._text: dict[str, str] = {}
        """Text of each answer that has not been sent, by its turn's id."""
        self._turn_id: str | None = None

    async def aclose(self) -> None:
        await self._voice.aclose()

    @property
    def is_busy(self) -> bool:
        return self._is_under_way or super().is_busy

    @property
    def _is_under_way(self) -> bool:
        """The class is taught, or its questions are asked."""
        return self._taught is not None and self._taught.at.phase in _UNDER_WAY

    # Messages

    async def receive_text(self, text: str) -> bool:
        message = parsed(CLASS, text)
        if isinstance(message, SttChunk):
            self._hearing.hear(message)
            return self.talk.hears_speech
        if isinstance(message, SttStart):
            await self._choose_language(message.language)
            self.send(self._hearing.start(message.sample_rate))
        elif isinstance(message, SttEnd):
            self.send(self._hearing.stop())
        elif isinstance(message, StartClass):
            await self._start_class(message)
        else:
            self.send(self._voice.metrics())
            return False
        return True

    async def _choose_language(self, language: str) -> None:
        """A class that is taught goes on in it. Raises BadMessage."""
        before = self.talk.lesson.language
        if language in {"auto", before}:
            return
        dialogue = self.talk.dialogue
        try:
            await self.talk.set_language(language)
        except SettingError as error:
            await self.talk.set_language(before)
            raise BadMessage(str(error)) from None
        finally:
            if self._taught is not None and self.talk.dialogue is not dialogue:
                self.talk.dialogue.teach(self._taught)

    async def _start_class(self, message: StartClass) -> None:
        """Raises BadMessage."""
        ref = ClassRef(
            course_id=message.course_id,
            module_index=message.module_index,
            sub_topic_index=message.sub_topic_index,
        )
        topic = await self._find(ref)
        if topic is None:
            raise BadMessage(
                f"There is no course {ref.course_id} with module {ref.module_index} and sub-topic "
                f"{ref.sub_topic_index}."
            )
        self._taught = None
        await self._choose_language(message.language)
        self.talk.set_lesson(topic=topic.title[:140])
        self._voice.of_run = 0
        self._is_interactive = message.interactive_mode
        at = ClassPlace(sentence=min(message.sentence, max(0, len(topic.sentences) - 1)))
        self._taught = Taught(new_id(), ref, topic, at, self._style)
        self.talk.dialogue.teach(self._taught)

    async def _find(self, ref: ClassRef) -> SubTopic | None:
        """Raises BadMessage."""
        if self._courses is None:
            return None
        try:
            return await self._courses.find(self.talk.server_url, ref)
        except AgentError as error:
            _log.warning("cannot read a class: %s", error)
            raise BadMessage("The class cannot be read at the moment. Try again.") from None

    # Every 20 ms

    def tick(self, now: float) -> None:
        self._voice.tick(now)
        self._look_at_turn(now)
        self._send_answers()

    def _look_at_turn(self, now: float) -> None:
        turn = self.talk.turn
        if turn is not None and turn.id != self._turn_id:
            self._turn_id = turn.id
            self.send(Note(type="speech_started", message="Speech is heard."))
            if self._voice.interrupt(now):
                self.send(Note(type="tts_interrupted", message="The tutor stops: somebody speaks."))
        elif turn is None:
            self._end_utterance()

    def _end_utterance(self) -> None:
        if self._turn_id is not None:
            self._turn_id = None
            self.send(Note(type="utterance_end", message="The speech has ended."))

    def _chunk_sent(self) -> None:
        """After the first words of a lesson the server listens without being asked by the client."""
        if not self._is_interactive or self._hearing.is_on or self._taught is None:
            return
        answer = self._hearing.start()
        if isinstance(answer, SttReady):
            self.send(Note(type="interactive_mode_starting", message="You may ask at any time."))
            self.send(answer)

    def _send_answers(self) -> None:
        if self._text and self.talk.dialogue.is_written:
            for text in self._text.values():
                self.send(AgentResponse(text=text.strip(), metadata=ResponseMetadata(kind="answer")))
            self._text.clear()

    def error(self, text: str, code: str = INVALID_MESSAGE) -> None:
        del code
        self.send(ClassError(error=text))

    # A View

    def show_cannot_hear(self, text: str) -> None:
        self.send(SttProblem(type="stt_failed", error=text))

    def show_class(self, move: ClassMove) -> None:
        taught = self._taught
        if taught is None or move.class_id != taught.class_id:
            return
        place = ClassPlace(**ClassPlace.fields_of(move))
        self._taught = replace(taught, at=place) if place.phase is not ClassPhase.ENDED else None
        if self._taught is None:
            self.send(AudioComplete(total_chunks=self._voice.of_run))

    def show_transcript(self, part: TranscriptPart) -> None:
        if not part.is_final:
            self.send(PartialTranscript(text=part.text))
            return
        if part.turn_id == self._turn_id:
            self._end_utterance()
        if part.text:
            self._voice.asked(time.monotonic())
            if not self._is_under_way:
                self._voice.of_run = 0
            self.send(FinalTranscript(text=part.text, language=self.talk.lesson.language))

    def show_text(self, part: TutorTextPart) -> None:
        line = self.talk.dialogue.class_line
        is_lesson = line is not None and line.turn_id == part.turn_id
        if not part.is_final:
            if line is not None and is_lesson:
                self._begin_line(line)
            else:
                self._text[part.turn_id] = self._text.get(part.turn_id, "") + part.text
            return
        if part.spoken is None:
            return  # words to fill a wait: the reply goes on
        self._send_answers()
        self._voice.end_reply(time.monotonic(), is_interrupted=self._turn_id is not None)
        if line is not None and is_lesson:
            if part.spoken.strip() != line.text.strip():
                self.send(Note(type="tts_cancelled", message="The lesson waits."))
        elif not self._is_under_way:
            self.send(AudioComplete(total_chunks=self._voice.of_run))

    def _begin_line(self, line: Line) -> None:
        """Its text, once: a reply's text may come in several parts."""
        if line.turn_id == self._shown_line:
            return
        self._shown_line = line.turn_id
        self.send(AgentResponse(text=line.text, metadata=self._metadata(line)))

    def _metadata(self, line: Line) -> ResponseMetadata:
        taught = self._taught
        if taught is None or line.kind not in {Kind.SENTENCE, Kind.QUESTION}:
            return ResponseMetadata(kind="answer")
        module, sub_topic, topic = taught.ref.module_index, taught.ref.sub_topic_index, taught.topic
        if line.kind is Kind.QUESTION:
            return ResponseMetadata(
                kind="question",
                module_index=module,
                sub_topic_index=sub_topic,
                question=line.index,
                questions=len(topic.questions),
            )
        return ResponseMetadata(
            kind="lesson",
            module_index=module,
            sub_topic_index=sub_topic,
            sentence=line.index,
            sentences=len(topic.sentences),
        )
