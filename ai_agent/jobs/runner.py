"""Runs one job: creates its engines and dialogue, and takes the tutor's seat in the room."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from ai_agent.classes.course import Courses
from ai_agent.dialogue.ports import DialoguePort, DialogueSink, Learner, Lesson, PastMessage
from ai_agent.errors import AgentError, ServerLost
from ai_agent.jobs import messages
from ai_agent.jobs.classes import RoomClass
from ai_agent.jobs.dialogue_sink import AudioSink, JobSink
from ai_agent.jobs.ports import Outbox, Result
from ai_agent.knowledge.grounded import GroundedLlm
from ai_agent.providers.catalog import Kind
from ai_agent.providers.ports import EngineSet, VoiceCard
from ai_agent.room.session import JoinParams, RoomEnded, RoomSession
from ai_agent.room.signalling import Refused
from server.protocol import agents as wire
from server.protocol.classes import ClassAction
from server.protocol.knowledge import KnowledgeFound
from server.protocol.memory import Memory

_log = logging.getLogger(__name__)


class EngineSource(Protocol):
    """The source of a job's engines. Chains fall back by themselves: they call `changed`, and `fell_back`
    with the kind and name of each engine that failed and was replaced.
    """

    def engines(
        self, language: str, changed: Callable[[], None], fell_back: Callable[[Kind, str], None]
    ) -> EngineSet:
        """Raises SettingError if no LLM supports the language."""
        ...

    def voices(self, language: str) -> Sequence[VoiceCard]: ...

    def fallbacks(self, engines: EngineSet) -> Sequence[str]:
        """Names of the engines that failed and were replaced."""
        ...


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
    ) -> DialoguePort: ...


class Knowledge(Protocol):
    async def search(self, server_url: str, base: wire.KnowledgeRef, question: str) -> KnowledgeFound:
        """Raises AgentError."""
        ...


@dataclass(frozen=True, slots=True)
class Resources:
    """Resources that all jobs of a worker share."""

    engines: EngineSource
    dialogue: MakeDialogue
    audio: AudioSink
    knowledge: Knowledge
    courses: Courses


class JobRunner:
    """Implements Runner."""

    def __init__(self, job: wire.Job, resources: Resources, outbox: Outbox) -> None:
        self.id = job.job_id
        self._job = job
        self._resources = resources
        self._outbox = outbox
        self._settings = job.settings
        self._people = job.people
        self._engines: EngineSet | None = None
        self._dialogue: DialoguePort | None = None
        self._class = RoomClass(job.job_id, resources.courses, outbox)

    async def run(self) -> Result:
        """Run until the room closes or the seat is lost. Cancel the task to leave the room."""
        try:
            await self._run()
        except Exception as error:  # noqa: BLE001 - an error in one job must not end the worker's others
            return self._result(first_cause(error))
        return Result("done")

    def change(self, changed: wire.JobChanged) -> None:
        self._settings, self._people = changed.settings, changed.people
        if self._dialogue is not None:
            self._dialogue.set_lesson(messages.lesson(self._settings, self._job.name))
            self._dialogue.set_people(messages.learners(self._people))
            self._class.set(self._dialogue, self._settings.teaches, changed.class_at)

    def take_input(self, given: wire.PersonInput) -> None:
        dialogue, learner_id = self._dialogue, given.participant_id
        if dialogue is None:
            return
        if given.kind is wire.InputKind.SAY and given.text:
            dialogue.say(learner_id, given.text, given.turn_id)
        elif given.kind is wire.InputKind.HOLD:
            dialogue.hold(learner_id, bool(given.flag))
        elif given.kind is wire.InputKind.RECOGNIZED and given.text is not None:
            dialogue.recognized(learner_id, given.text, is_final=bool(given.flag))
        elif given.kind is wire.InputKind.MEND and given.text and given.turn_id:
            dialogue.mend(learner_id, given.turn_id, given.text)
        elif given.kind is wire.InputKind.ASK_TUTOR:
            dialogue.ask_tutor(learner_id)
        elif given.kind is wire.InputKind.ASK_FEEDBACK:
            dialogue.ask_feedback(learner_id)
        elif given.kind is wire.InputKind.CONTROL_CLASS and given.text in set(ClassAction):
            dialogue.control_class(ClassAction(given.text))

    def say_goodbye(self, *, for_others: bool) -> None:
        if self._dialogue is not None:
            self._dialogue.say_goodbye(for_others=for_others)

    async def _run(self) -> None:
        job, resources = self._job, self._resources
        engines = self._engines = resources.engines.engines(
            self._settings.language, self._send_engines, self._fell_back
        )
        search = partial(resources.knowledge.search, self._outbox.rooms_url)
        grounded = GroundedLlm(engines.llm, search, lambda: self._settings.knowledge)
        dialogue = self._dialogue = resources.dialogue(
            replace(engines, llm=grounded),
            JobSink(job.job_id, self._outbox, resources.audio, self._send_engines),
            lesson=messages.lesson(self._settings, job.name),
            people=messages.learners(self._people),
            history=messages.history(job.history),
            memory=job.memory,
        )
        try:
            params = JoinParams(self._outbox.rooms_url, job.room_id, job.token, job.invite)
            async with RoomSession(params, dialogue, self._ready) as session:
                await session.run()
        finally:
            self._dialogue = None
            await self._class.aclose()
            try:
                if self._outbox.is_open:  # else nobody would store the words, and the next worker waits
                    await dialogue.finish()
            finally:
                await dialogue.aclose()

    async def _ready(self) -> None:
        self._send_engines()
        if self._dialogue is not None:
            await self._dialogue.start()
            self._class.set(self._dialogue, self._settings.teaches, self._job.class_at)

    def _send_engines(self) -> None:
        if self._engines is None:
            return
        source = self._resources.engines
        engines = messages.job_engines(
            self._engines,
            source.voices(self._settings.language),
            self._settings.voice,
            source.fallbacks(self._engines),
        )
        self._outbox.send("job_ready", wire.JobReady(job_id=self.id, engines=engines))

    def _fell_back(self, kind: Kind, engine: str) -> None:
        self._outbox.send("fell_back", wire.FellBack(job_id=self.id, kind=kind, engine=engine))

    def _result(self, error: BaseException) -> Result:
        if isinstance(error, RoomEnded):
            return Result("done", str(error))
        if isinstance(error, Refused):
            return Result("refused", str(error))
        if isinstance(error, ServerLost):
            return Result("failed", str(error))
        if isinstance(error, AgentError):
            return Result("refused", str(error))
        _log.error("job failed", exc_info=error)
        return Result("failed", type(error).__name__)


def first_cause(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
