"""Assigns requests for tutors to workers, and passes settings and inputs on to them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from server.common.tasks import TaskSet, Ticker
from server.protocol import agents as wire
from server.protocol.base import Outbound
from server.protocol.classes import ClassPlace
from server.protocol.tutor import TutorStatus
from server.rooms.early_inputs import EarlyInputs
from server.rooms.model import new_id
from server.rooms.tutor_events import TutorEvents
from server.rooms.tutor_ports import JobSpec
from server.tutor import messages
from server.tutor.ended_jobs import EndedJobs
from server.tutor.jobs import Assign, Assignment, Cancel, Disconnect, Job, JobState, JobTable, Step
from server.tutor.ports import LearnerMemory
from server.tutor.recall import recall
from server.tutor.recorder import Recorder
from server.tutor.server_list import ServerList
from server.tutor.typed_words import TypedWords

_TICK_S = 0.2
_MAX_KNOWN = 500
_log = logging.getLogger(__name__)


class Workers(Protocol):
    """The workers' connections. Methods never block or raise."""

    def send(self, worker_id: str, event: str, message: Outbound) -> None: ...

    def cut(self, worker_id: str) -> None:
        """Close the connection."""
        ...


@dataclass(slots=True)
class JobSession:
    """A job's conversation in its room. `typed`: words that are not answered yet. `early`:
    what else came while no worker was ready.

    `known`: user id and name by participant id, newest last, also of people who have left: a message of
    theirs may still arrive. `reported`: the last report to the room. `class_at`: where its class is.
    """

    job_id: str
    spec: JobSpec
    engines: wire.JobEngines | None = None
    reported: tuple[TutorStatus, wire.JobEngines | None] | None = None
    known: dict[str, tuple[str, str]] = field(default_factory=dict)
    typed: TypedWords = field(default_factory=TypedWords)
    early: EarlyInputs = field(default_factory=EarlyInputs)
    class_at: ClassPlace | None = None

    def update(self, spec: JobSpec) -> None:
        self.spec, self.class_at = spec, spec.class_at
        for person in spec.people:
            self.known[person.participant_id] = (person.user_id, person.name)
        while len(self.known) > _MAX_KNOWN:
            del self.known[next(iter(self.known))]
        self.typed.keep_only({person.participant_id for person in spec.people})


class JobDispatcher:
    """Implements `rooms.ports.Tutors`. `now` is a monotonic clock. `servers`: those that workers may serve
    too. `is_in_voice_session`: whether one has the conversation of this id. `start` in the loop, then
    `aclose`.

    A worker is named by its connection's id. Methods that take a message of a worker raise JobNotFound for a
    job that is not the worker's.
    """

    def __init__(
        self,
        events: TutorEvents,
        workers: Workers,
        recorder: Recorder,
        memory: LearnerMemory,
        now: Callable[[], float],
        servers: ServerList | None = None,
        *,
        is_in_voice_session: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._is_in_voice_session = is_in_voice_session
        self._events = events
        self._workers = workers
        self._servers = servers or ServerList()
        self._recorder = recorder
        self._memory = memory
        self._now = now
        self.jobs = JobTable(wire.SILENT_FOR_S)
        self._sessions: dict[str, JobSession] = {}
        self._job_of_room: dict[str, str] = {}
        self._ended = EndedJobs(self._end_conversation)
        self._starting = TaskSet()
        self._ticker = Ticker("tutor jobs", _TICK_S, self.tick)

    def start(self) -> None:
        self._ticker.start()

    async def aclose(self) -> None:
        await self._ticker.aclose()
        await self._starting.aclose()
        self._ended.end_all()

    def count(self, state: JobState) -> int:
        return sum(job.state is state for job in self.jobs.all())

    def has(self, conversation_id: str) -> bool:
        """Whether a job with this conversation is open."""
        return any(session.spec.conversation_id == conversation_id for session in self._sessions.values())

    def session_of(self, worker_id: str, job_id: str) -> JobSession:
        return self._sessions[self.jobs.assigned_to(worker_id, job_id).id]

    def ended_session_of(self, worker_id: str, job_id: str) -> JobSession | None:
        """The session of a job that the server has ended, as long as its worker may store last words."""
        return self._ended.find(worker_id, job_id)

    def room_of_token(self, token: str) -> str | None:
        """The room that the bearer of this token may join as its tutor."""
        job = self.jobs.job_of_token(token)
        return self._sessions[job.id].spec.room_id if job is not None else None

    # From the rooms

    def request(self, spec: JobSpec) -> None:
        now, language = self._now(), spec.settings.language
        session = self._session_in(spec.room_id)
        if session is not None and session.spec.conversation_id != spec.conversation_id:
            self.release(spec.room_id)
            session = None
        if session is None:
            session = JobSession(new_id(), spec)
            self._sessions[session.job_id] = session
            self._job_of_room[spec.room_id] = session.job_id
        is_other_language = session.spec.settings.language != language
        session.update(spec)
        self._recorder.update(spec)
        job = self.jobs.request(session.job_id, now, language, spec.claim)
        if is_other_language:  # needs other engines and another voice, perhaps on another worker
            self._let_end(job, session)
            self._do(self.jobs.restart(job.id, now))
        elif job.assignment is not None:
            self._send(job.assignment, "job_changed", messages.job_changed(job.assignment, spec))
        self.tick()

    def release(self, room_id: str) -> None:
        session = self._session_in(room_id)
        if session is None:
            return
        job = self.jobs.get(session.job_id)
        is_ending = job is not None and self._let_end(job, session)
        del self._sessions[session.job_id], self._job_of_room[room_id]
        self._do(self.jobs.release(session.job_id))
        if not is_ending:
            self._end_conversation(session)

    def unanswered(self, room_id: str) -> Sequence[wire.TutorInput]:
        session = self._session_in(room_id)
        return [] if session is None else [*session.typed.unanswered(), *session.early.staying()]

    def moved(self, room_id: str) -> None:
        """As `release`, for a conversation that goes on at another server."""
        session = self._session_in(room_id)
        if session is not None:
            del self._sessions[session.job_id], self._job_of_room[room_id]
            self._do(self.jobs.release(session.job_id))

    async def stored(self) -> None:
        await self._recorder.flush()

    def input(self, room_id: str, given: wire.TutorInput) -> None:
        session = self._session_in(room_id)
        job = self.jobs.get(session.job_id) if session is not None else None
        if session is None or job is None:
            return
        if given.kind is wire.InputKind.SAY:
            session.typed.add(given.turn_id or new_id(), given)
            self._send_typed(session, job)
        elif job.state is JobState.READY and job.assignment is not None:
            self._send(job.assignment, "input", messages.person_input(job.assignment, given))
        else:
            session.early.add(given, self._now())

    def say_goodbye(self, room_id: str, *, for_others: bool = False) -> None:
        session = self._session_in(room_id)
        job = self.jobs.get(session.job_id) if session is not None else None
        if job is not None and job.state is JobState.READY and job.assignment is not None:
            message = wire.SayGoodbye(job_id=job.assignment.id, for_others=for_others)
            self._send(job.assignment, "say_goodbye", message)

    def is_short(self) -> bool:
        return self.jobs.is_short(self._now())

    def crowding(self) -> Collection[str]:
        return {self._sessions[job_id].spec.room_id for job_id in self.jobs.crowding(self._now())}

    def make_room(self, room_id: str) -> None:
        session = self._session_in(room_id)
        job = self.jobs.get(session.job_id) if session is not None else None
        if session is not None and job is not None:
            self._let_end(job, session)
            self._do(self.jobs.make_room(job.id, self._now()))
            self.tick()

    # From the workers

    def register(self, worker_id: str, message: wire.Register) -> wire.Registered:
        self.jobs.register(worker_id, message.capacity, self._now(), message.languages)
        self.tick()
        return self._servers.welcome()

    def remove_worker(self, worker_id: str) -> None:
        """Its connection was lost. An unknown id is ignored."""
        self.jobs.remove_worker(worker_id, self._now())
        self._ended.end_of_worker(worker_id)
        self.tick()

    def report(self, worker_id: str, message: wire.Report) -> None:
        """Raises JobNotFound before the worker has registered."""
        steps = self.jobs.report(
            worker_id,
            message.load,
            message.jobs,
            self._now(),
            is_loading=message.is_loading,
            free=message.free,
            voices=message.voices,
            free_voices=message.free_voices,
        )
        self._do(steps)

    def job_ready(self, worker_id: str, message: wire.JobReady) -> None:
        job = self.jobs.ready(worker_id, message.job_id, self._now())
        session = self._sessions[job.id]
        session.engines = message.engines
        self._report(job)
        self._send_typed(session, job)
        present = {person.participant_id for person in session.spec.people}
        for given in session.early.take(present, self._now()):
            self.input(session.spec.room_id, given)

    def job_ended(self, worker_id: str, message: wire.JobEnded) -> None:
        if self._ended.end(worker_id, message.job_id):
            return
        end = self.jobs.refuse if message.reason == "full" else self.jobs.end
        job = end(worker_id, message.job_id, self._now())
        room_id = self._sessions[job.id].spec.room_id
        _log.info("worker ended job", extra={"room_id": room_id, "reason": message.reason})
        self.tick()

    # By time

    def tick(self) -> None:
        now = self._now()
        self._do(self.jobs.due(now))
        self._ended.end_due(now)
        for job in self.jobs.all():
            self._report(job)
        if (changed := self._servers.changed()) is not None:
            for worker_id in self.jobs.worker_ids():
                self._workers.send(worker_id, "servers", changed)

    def _session_in(self, room_id: str) -> JobSession | None:
        job_id = self._job_of_room.get(room_id)
        return self._sessions[job_id] if job_id is not None else None

    def _let_end(self, job: Job, session: JobSession) -> bool:
        """Call it before the job is withdrawn. False if no tutor has said anything."""
        if job.state is not JobState.READY or job.assignment is None:
            return False
        self._ended.add(job.assignment, session, self._now())
        return True

    def _end_conversation(self, session: JobSession) -> None:
        """Unless it goes on: the same people came back, another worker has it, or a voice session."""
        conversation_id = session.spec.conversation_id
        if not self.has(conversation_id) and not self._is_in_voice_session(conversation_id):
            self._recorder.end(conversation_id)

    def _report(self, job: Job) -> None:
        """Report the job's status and engines to the room, if they changed."""
        session = self._sessions[job.id]
        current = (self.jobs.status(job, self._now()), session.engines)
        if current != session.reported:
            session.reported = current
            self._events.report(session.spec.room_id, messages.report(*current))

    def _do(self, steps: Sequence[Step]) -> None:
        for step in steps:
            match step:
                case Assign(job, assignment):
                    self._starting.spawn(self._start_job(job, assignment), f"start of job {assignment.id}")
                case Cancel(assignment_id, worker_id):
                    self._workers.send(worker_id, "cancel_job", wire.JobCancelled(job_id=assignment_id))
                case Disconnect(worker_id):
                    _log.warning("worker sent no report for too long, disconnecting it")
                    self._workers.cut(worker_id)

    async def _start_job(self, job: Job, assignment: Assignment) -> None:
        """Send the job with its history and memory. Waits for bounded reads, never for the queue of writes.

        Typed words that the worker will get as input are no history for it.
        """
        session = self._sessions.get(job.id)
        if session is None:
            return
        if given_up := session.typed.give_up_repeated():
            _log.error("typed words given up: two workers had them", extra={"count": given_up})
        history, memory = await asyncio.gather(
            self._recorder.history(session.spec.conversation_id), recall(self._memory, session.spec)
        )
        if job.assignment is assignment:
            past = [message for message in history if message.turn_id not in session.typed.turn_ids]
            given = memory if session.spec.learner_id else None  # they may have left meanwhile
            job_message = messages.job(assignment, session.spec, past, given, session.class_at)
            self._send(assignment, "job", job_message)

    def _send_typed(self, session: JobSession, job: Job) -> None:
        if job.state is not JobState.READY or job.assignment is None:
            return
        for turn_id, given in session.typed.to_send(job.assignment.id):
            self._send(job.assignment, "input", messages.person_input(job.assignment, given, turn_id))

    def _send(self, assignment: Assignment, event: str, message: Outbound) -> None:
        self._workers.send(assignment.worker_id, event, message)
