"""One client's talk: the same dialogue as in rooms, with PCM in and frames of the tutor's voice out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol

import numpy as np

from ai_agent.audio import FRAME_S, INPUT_FRAME, Pcm
from ai_agent.classes.course import Courses
from ai_agent.dialogue.dialogue import Dialogue
from ai_agent.dialogue.ports import DialogueSink, Learner, Lesson, PastMessage
from ai_agent.dialogue.turn import Turn
from ai_agent.jobs import messages
from ai_agent.jobs.dialogue_sink import AudioSink, JobSink
from ai_agent.jobs.ports import Outbox
from ai_agent.knowledge.grounded import GroundedLlm
from ai_agent.providers.ports import EngineSet, primary_tag
from ai_agent.voice_ws.backlog import Backlog
from ai_agent.voice_ws.encoder import Mp3Encoder
from server.protocol import agents as wire
from server.protocol.classes import ClassMove
from server.protocol.knowledge import KnowledgeFound
from server.protocol.levels import Level
from server.protocol.memory import Memory
from server.protocol.tutor import FeedbackItem, FeedbackNonePart, TranscriptPart, TutorState, TutorTextPart
from server.protocol.voice.base import VoiceProtocol

QUIET_AFTER_S = 0.6
"""A client that sends no speech for this long has stopped: its chunks are up to 256 ms long."""
_LATE_S = 0.5
"""Seconds between the speech at the beginning of a chunk and its arrival, at most."""


class View(Protocol):
    """Shows the client the dialogue. Must not block or raise."""

    def show_state(self, state: TutorState) -> None: ...

    def show_transcript(self, part: TranscriptPart) -> None: ...

    def show_text(self, part: TutorTextPart) -> None: ...

    def show_cannot_hear(self, text: str) -> None: ...

    def show_feedback(self, item: FeedbackItem) -> None: ...

    def show_no_feedback(self, part: FeedbackNonePart) -> None: ...

    def show_class(self, move: ClassMove) -> None: ...


class MakeDialogue(Protocol):
    def __call__(
        self,
        engines: EngineSet,
        sink: DialogueSink,
        *,
        lesson: Lesson,
        people: Sequence[Learner],
        history: Sequence[PastMessage],
        memory: Memory | None,
        takes_initiative: bool,
    ) -> Dialogue: ...


@dataclass(frozen=True, slots=True)
class TalkParts:
    """The parts that all talks of a worker share. `engines`: for a language; raises SettingError without a
    language model for it. `search`: of a server's knowledge bases. `courses`: None if there are none.
    `backlog`: of recordings that wait. `audio`: stores recordings. `idle_s`: a session in which nobody has
    said or done anything for this long is closed, also if its client streams silence."""

    engines: Callable[[str], EngineSet]
    dialogue: MakeDialogue
    search: Callable[[str, wire.KnowledgeRef, str], Awaitable[KnowledgeFound]]
    encoder: Mp3Encoder
    audio: AudioSink
    courses: Courses | None = None
    backlog: Backlog = field(default_factory=Backlog)
    idle_s: float = 300.0


class TalkSink(JobSink):
    """Implements DialogueSink: what is shown goes to the client, what is stored to the server. Voices are
    kept only for Parlor's own pages: other clients cannot ask for consent."""

    def __init__(self, job: wire.VoiceJob, outbox: Outbox, audio: AudioSink, view: View) -> None:
        super().__init__(job.job_id, outbox, audio, lambda: None)
        self._keeps_voices = job.keeps_voices
        self._view = view

    def show_state(self, state: TutorState) -> None:
        self._view.show_state(state)

    def show_transcript(self, part: TranscriptPart) -> None:
        self._view.show_transcript(part)

    def show_text(self, part: TutorTextPart) -> None:
        self._view.show_text(part)

    def show_cannot_hear(self, text: str) -> None:
        self._view.show_cannot_hear(text)

    def show_feedback(
        self, learner_id: str, item: FeedbackItem, message_id: str | None, *, later: bool = False
    ) -> None:
        super().show_feedback(learner_id, item, message_id, later=later)
        self._view.show_feedback(item)

    def show_no_feedback(self, learner_id: str, part: FeedbackNonePart) -> None:
        del learner_id
        self._view.show_no_feedback(part)

    def show_class(self, move: ClassMove) -> None:
        super().show_class(move)
        self._view.show_class(move)

    def keep_message(self, message: wire.MessagePart, audio: Pcm | None) -> None:
        super().keep_message(message, audio if self._keeps_voices else None)


class Talk:
    """`start` once, with the view; then `push`, and `tick` every 20 ms."""

    def __init__(self, job: wire.VoiceJob, parts: TalkParts, outbox: Outbox) -> None:
        self.learner_id = job.person.participant_id
        self.lesson = messages.lesson(job.settings, job.name)
        self.knowledge = job.settings.knowledge
        self.is_extended = job.extended
        self._job = job
        self._parts = parts
        self._outbox = outbox
        self._engines: EngineSet | None = None
        self._dialogue: Dialogue | None = None
        self._rest = np.empty(0, np.int16)
        self._pushed_at = 0.0
        self._is_quiet = True
        self._view: View | None = None

    async def start(self, view: View) -> None:
        """Raises SettingError if no language model serves the language."""
        self._view = view
        await self._open(messages.history(self._job.history))

    async def finish(self) -> None:
        """The client has gone: what was said until then is kept, if it can still be stored."""
        if self._dialogue is not None and self._outbox.is_open:
            await self._dialogue.finish()

    async def aclose(self) -> None:
        """Idempotent. The view may still ask for the dialogue: it is shown what is cut."""
        if self._dialogue is not None:
            await self._dialogue.aclose()
            self._dialogue = None

    async def set_language(self, language: str) -> None:
        """Another language needs other engines, and a dialogue of its own. Raises SettingError."""
        is_same = primary_tag(language) == primary_tag(self.lesson.language)
        self.lesson = replace(self.lesson, language=language)
        if is_same and self._dialogue is not None:
            self._dialogue.set_lesson(self.lesson)
            return
        await self.aclose()
        await self._open(())

    async def _open(self, history: Sequence[PastMessage]) -> None:
        assert self._view is not None  # noqa: S101 - `start` sets it
        engines = self._parts.engines(self.lesson.language)
        grounded = GroundedLlm(
            engines.llm,
            partial(self._parts.search, self._outbox.rooms_url),
            lambda: self.knowledge,
            quotes_always=self._job.protocol is VoiceProtocol.TUTOR,
        )
        self._engines = replace(engines, llm=grounded)
        self._dialogue = self._parts.dialogue(
            self._engines,
            TalkSink(self._job, self._outbox, self._parts.audio, self._view),
            lesson=self.lesson,
            people=[messages.learner(self._job.person)],
            history=history,
            memory=self._job.memory,
            takes_initiative=self._job.extended and self._job.protocol is VoiceProtocol.FLUX,
        )
        await self._dialogue.start()

    @property
    def server_url(self) -> str:
        """Of the server that has the session; its path does not count."""
        return self._outbox.rooms_url

    @property
    def engines(self) -> EngineSet:
        assert self._engines is not None  # noqa: S101 - after `start`
        return self._engines

    @property
    def dialogue(self) -> Dialogue:
        assert self._dialogue is not None  # noqa: S101 - after `start`
        return self._dialogue

    @property
    def turn(self) -> Turn | None:
        return self.dialogue.turn_of(self.learner_id)

    @property
    def hears_speech(self) -> bool:
        """Sound alone is no activity: a microphone may have been left open."""
        return self.turn is not None

    def set_lesson(self, *, topic: str | None = None, level: str | None = None) -> None:
        self.lesson = replace(
            self.lesson,
            topic=self.lesson.topic if topic is None else topic,
            level=self.lesson.level if level is None else level,
        )
        self.dialogue.set_lesson(self.lesson)
        changed = wire.LessonChanged(
            job_id=self._job.job_id, topic=self.lesson.topic, level=Level(self.lesson.level)
        )
        self._outbox.send("lesson_changed", changed)

    def push(self, pcm: Pcm, now: float) -> None:
        """Any number of samples at INPUT_HZ, as they come."""
        samples = np.concatenate([self._rest, pcm])
        frames = len(samples) // INPUT_FRAME
        for index in range(frames):
            said_ago = min(_LATE_S, (frames - 1 - index) * FRAME_S)
            self._pushed_at = max(self._pushed_at, now - said_ago)
            frame = samples[index * INPUT_FRAME : (index + 1) * INPUT_FRAME]
            self.dialogue.push_audio(self.learner_id, frame, self._pushed_at)
        self._rest = samples[frames * INPUT_FRAME :]
        self._pushed_at = max(self._pushed_at, now)
        self._is_quiet = False

    def tick(self, now: float, *, wants_audio: bool = True) -> Pcm | None:
        if not self._is_quiet and now - self._pushed_at > QUIET_AFTER_S:
            self._is_quiet = True
            self._rest = np.empty(0, np.int16)
            self.dialogue.pause_audio(self.learner_id, now)
        return self.dialogue.tick(now, wants_audio=wants_audio)


def pcm16(data: bytes) -> Pcm:
    """Little-endian samples. Raises ValueError for an odd number of bytes."""
    if len(data) % 2:
        raise ValueError("The audio has an odd number of bytes; samples have 16 bits.")
    return np.frombuffer(data, "<i2").astype(np.int16, copy=False)
