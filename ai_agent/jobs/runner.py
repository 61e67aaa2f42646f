"""One job from its start to its end: engines, a dialogue, a seat in the room."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from ai_agent.dialogue.ports import DialoguePort, DialogueSink, Learner, Lesson, PastMessage
from ai_agent.errors import AgentError, ServerLost
from ai_agent.jobs import translate
from ai_agent.jobs.stage import JobStage, Keeper, Line
from ai_agent.providers.catalog import Kind
from ai_agent.providers.ports import EngineSet, VoiceCard
from ai_agent.room.seat import Invitation, RoomOver, Seat
from ai_agent.room.signalling import Refused
from server.protocol import agents as wire

_log = logging.getLogger(__name__)
Reason = Literal["done", "failed", "refused"]


class Engines(Protocol):
    """Where a job's engines come from. Chains fall back by themselves; they tell `changed`, and `fell_back`
    the kind and name of each engine for which another answered.
    """

    def engines(
        self, language: str, changed: Callable[[], None], fell_back: Callable[[Kind, str], None]
    ) -> EngineSet:
        """Raises SettingError where nothing can think in it."""
        ...

    def languages(self) -> frozenset[str]:
        """In which something thinks; empty: in any."""
        ...

    def voices(self, language: str) -> Sequence[VoiceCard]: ...

    def fallbacks(self, engines: EngineSet) -> Sequence[str]:
        """Names of those that failed and were replaced."""
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
    ) -> DialoguePort: ...


@dataclass(frozen=True, slots=True)
class Means:
    """What all jobs of a worker share."""

    server_url: str
    engines: Engines
    dialogue: MakeDialogue
    keeper: Keeper


@dataclass(frozen=True, slots=True)
class Ending:
    reason: Reason
    detail: str = ""


class JobRunner:
    """`run` once; `change` and `take_input` at any time. `is_cancelled`: the server asked for its end."""

    def __init__(self, job: wire.Job, means: Means, line: Line) -> None:
        self.id = job.job_id
        self.is_cancelled = False
        self._job = job
        self._means = means
        self._line = line
        self._settings = job.settings
        self._people = job.people
        self._engines: EngineSet | None = None
        self._dialogue: DialoguePort | None = None

    async def run(self) -> Ending:
        """Until the room is over or the seat is lost. Cancel it to leave."""
        try:
            await self._run()
        except Exception as error:  # noqa: BLE001 - whatever ails one job, the worker's others go on
            return self._ending(first_cause(error))
        return Ending("done")

    def change(self, changed: wire.JobChanged) -> None:
        self._settings, self._people = changed.settings, changed.people
        if self._dialogue is not None:
            self._dialogue.set_lesson(translate.lesson(self._settings, self._job.name))
            self._dialogue.set_people(translate.learners(self._people))

    def take_input(self, said: wire.PersonInput) -> None:
        dialogue, who = self._dialogue, said.participant_id
        if dialogue is None:
            return
        if said.kind == "say" and said.text:
            dialogue.say(who, said.text)
        elif said.kind == "hold":
            dialogue.hold(who, bool(said.flag))
        elif said.kind == "recognized" and said.text is not None:
            dialogue.recognized(who, said.text, is_final=bool(said.flag))
        elif said.kind == "ask_tutor":
            dialogue.ask_tutor(who)
        elif said.kind == "ask_feedback":
            dialogue.ask_feedback(who)

    async def _run(self) -> None:
        job, means = self._job, self._means
        engines = self._engines = means.engines.engines(
            self._settings.language, self._tell_engines, self._fell_back
        )
        dialogue = self._dialogue = means.dialogue(
            engines,
            JobStage(job.job_id, self._line, means.keeper, self._tell_engines),
            lesson=translate.lesson(self._settings, job.name),
            people=translate.learners(self._people),
            history=translate.history(job.history),
        )
        try:
            invitation = Invitation(means.server_url, job.room_id, job.token, job.invite)
            async with Seat(invitation, dialogue, self._ready) as seat:
                await seat.run()
        finally:
            self._dialogue = None
            await dialogue.aclose()

    async def _ready(self) -> None:
        self._tell_engines()
        if self._dialogue is not None:
            await self._dialogue.start()

    def _tell_engines(self) -> None:
        if self._engines is None:
            return
        source = self._means.engines
        engines = translate.job_engines(
            self._engines,
            source.voices(self._settings.language),
            self._settings.voice,
            source.fallbacks(self._engines),
        )
        self._line.say("job_ready", wire.JobReady(job_id=self.id, engines=engines))

    def _fell_back(self, kind: Kind, engine: str) -> None:
        self._line.say("fell_back", wire.FellBack(job_id=self.id, kind=kind, engine=engine))

    def _ending(self, error: BaseException) -> Ending:
        if isinstance(error, RoomOver):
            return Ending("done", str(error))
        if isinstance(error, Refused):
            return Ending("refused", str(error))
        if isinstance(error, ServerLost):
            return Ending("failed", str(error))
        if isinstance(error, AgentError):
            return Ending("refused", str(error))
        _log.error("job failed", exc_info=error, extra={"job_id": self.id})
        return Ending("failed", type(error).__name__)


def first_cause(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
