"""The dispatcher where rooms ask for tutors and workers for jobs."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from server.common.tasks import Ticker
from server.errors import ParlorError
from server.protocol import agents as wire
from server.protocol.base import Outbound
from server.protocol.tutor import TutorStatus
from server.rooms.tutor_jobs import TutorEvents
from server.rooms.tutor_port import InputKind, TutorBrief, TutorInput
from server.tutor import messages
from server.tutor.jobs import Assign, Cancel, Cut, Job, JobState, JobTable, Step
from server.tutor.model import Message
from server.tutor.recorder import Recorder
from server.tutor.write_queue import WriteQueue

_TICK_S = 0.2
_MAX_KNOWN = 500
_MAX_KEPT_INPUTS = 8
_log = logging.getLogger(__name__)


class Workers(Protocol):
    """The workers' connections. Methods never block or raise."""

    def send(self, worker_id: str, event: str, message: Outbound) -> None: ...

    def cut(self, worker_id: str) -> None: ...


@dataclass(slots=True)
class Session:
    """A room that wants a tutor. `unsaid`: typed before the tutor was there.

    `known`: users and names by the seats they had, newest last; what somebody said is kept after they left.
    """

    brief: TutorBrief
    language: str
    engines: wire.JobEngines | None = None
    shown: tuple[TutorStatus, wire.JobEngines | None] | None = None
    known: dict[str, tuple[str, str]] = field(default_factory=dict)
    unsaid: deque[TutorInput] = field(default_factory=lambda: deque(maxlen=_MAX_KEPT_INPUTS))

    def learn(self, brief: TutorBrief) -> None:
        self.brief = brief
        for person in brief.people:
            self.known[person.participant_id] = (person.user.id, person.user.name)
        while len(self.known) > _MAX_KNOWN:
            del self.known[next(iter(self.known))]


class JobDispatcher:
    """Implements `rooms.tutor_port.Tutors`. `now` is a monotonic clock. `start` in the loop, `aclose`."""

    def __init__(
        self,
        stage: TutorEvents,
        workers: Workers,
        recorder: Recorder,
        writes: WriteQueue,
        now: Callable[[], float],
    ) -> None:
        self._stage = stage
        self._workers = workers
        self._recorder = recorder
        self._writes = writes
        self._now = now
        self.jobs = JobTable(wire.SILENT_FOR_S)
        self._sessions: dict[str, Session] = {}
        self._ticker = Ticker("tutor dispatcher", _TICK_S, self.tick)

    def start(self) -> None:
        self._ticker.start()

    async def aclose(self) -> None:
        await self._ticker.aclose()

    def count(self, state: JobState) -> int:
        return sum(job.state is state for job in self.jobs.all())

    def session_of(self, worker_id: str, job_id: str) -> Session:
        """Raises JobNotFound unless the worker has that job now."""
        return self._sessions[self.jobs.owned(worker_id, job_id).room_id]

    # From the rooms

    def wanted(self, brief: TutorBrief) -> None:
        now, room_id = self._now(), brief.room_id
        session = self._sessions.get(room_id)
        if session is not None and session.brief.settings.conversation_id != brief.settings.conversation_id:
            self.not_wanted(room_id)
            session = None
        if session is None:
            session = self._sessions[room_id] = Session(brief, brief.settings.language)
        session.learn(brief)
        self._recorder.goes_on(brief)
        job = self.jobs.want(room_id, now, brief.settings.language)
        if session.language != brief.settings.language:  # other engines, another voice: another tutor
            session.language = brief.settings.language
            self._do(self.jobs.restart(room_id, now))
        elif job.worker is not None:
            self._workers.send(job.worker, "job_changed", messages.job_changed(job.id, brief))
        self.tick()

    def not_wanted(self, room_id: str) -> None:
        session = self._sessions.pop(room_id, None)
        if session is not None:
            self._do(self.jobs.unwant(room_id))
            self._recorder.ended(session.brief.settings.conversation_id)

    def given(self, given: TutorInput) -> None:
        job, session = self.jobs.of_room(given.room_id), self._sessions.get(given.room_id)
        if job is None or session is None:
            return
        if job.state is JobState.READY and job.worker is not None:
            self._workers.send(job.worker, "input", messages.person_input(job.id, given))
        elif given.kind is InputKind.SAY:
            session.unsaid.append(given)

    # From the workers

    def arrived(self, worker_id: str, capacity: int, languages: Collection[str] = ()) -> None:
        """`languages`: in which its tutor speaks; none: in any."""
        self.jobs.arrived(worker_id, capacity, self._now(), languages)
        self.tick()

    def gone(self, worker_id: str) -> None:
        """Its connection was lost. Unknown ids are passed over."""
        self.jobs.gone(worker_id, self._now())
        self.tick()

    def reported(self, worker_id: str, report: wire.Report) -> None:
        """Raises JobNotFound before it has registered."""
        self._do(self.jobs.reported(worker_id, report.load, report.jobs, self._now()))

    def ready(self, worker_id: str, said: wire.JobReady) -> None:
        """Raises JobNotFound."""
        job = self.jobs.ready(worker_id, said.job_id, self._now())
        session = self._sessions[job.room_id]
        session.engines = said.engines
        self._show(job)
        while session.unsaid:
            self._workers.send(worker_id, "input", messages.person_input(job.id, session.unsaid.popleft()))

    def ended(self, worker_id: str, said: wire.JobEnded) -> None:
        """Raises JobNotFound."""
        job = self.jobs.ended(worker_id, said.job_id, self._now())
        _log.info("a tutor left: %s", said.reason, extra={"room_id": job.room_id})
        self.tick()

    # By time

    def tick(self) -> None:
        self._do(self.jobs.due(self._now()))
        for job in self.jobs.all():
            self._show(job)

    def _show(self, job: Job) -> None:
        session = self._sessions[job.room_id]
        now_so = (self.jobs.status(job, self._now()), session.engines)
        if now_so != session.shown:
            session.shown = now_so
            self._stage.report(job.room_id, messages.report(*now_so))

    def _do(self, steps: Sequence[Step]) -> None:
        for step in steps:
            match step:
                case Assign(job, worker_id):
                    self._writes.post(partial(self._hand_over, job, job.id, worker_id))
                case Cancel(job_id, worker_id):
                    self._workers.send(worker_id, "cancel_job", wire.JobCancelled(job_id=job_id))
                case Cut(worker_id):
                    _log.warning("a worker was silent for too long")
                    self._workers.cut(worker_id)

    async def _hand_over(self, job: Job, job_id: str, worker_id: str) -> None:
        """After all that was said before is kept, so that whoever takes over knows of it."""
        history: list[Message] = []
        session = self._sessions.get(job.room_id)
        if session is None or job.id != job_id:
            return
        try:
            history = list(await self._recorder.history(session.brief.settings.conversation_id))
        except ParlorError as error:
            _log.error("a tutor begins without its history: %s", error.code, extra={"room_id": job.room_id})
        if job.id == job_id:
            self._workers.send(worker_id, "job", messages.job(job, session.brief, history))
