"""Jobs, and the workers that have them. No I/O; `now` is seconds on a monotonic clock.

A job is one tutor for one session, from the request for it to its release. Each time it is given to a worker
it gets a new assignment with its own id and token, so that a worker that had it before names an
assignment that no longer exists. On the wire of `/agents`, `jobId` is the assignment's id.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from server.common.fair_shares import Shares, crowding, in_fair_order
from server.common.state_machine import look_up
from server.errors import JobNotFound
from server.protocol.tutor import TutorStatus
from server.rooms.model import Claim, new_id, new_secret
from server.tutor.workers import Worker

START_WITHIN_S = 15.0
"""Time limit for an assigned worker to become ready; then another one gets the job."""
LOAD_WITHIN_S = 90.0
"""The same for a worker that is loading its engines, on a machine that is busy."""
UNAVAILABLE_AFTER_S = 15.0
"""Time that a job waits before its status is `unavailable`. A worker that has just been started, or that
takes over, is ready before."""
STEADY_AFTER_S = 30.0
"""A job that was ready for this long did not fail at its start: its next failure counts as the first."""
_PAUSE_S, _MAX_PAUSE_S = 0.5, 30.0
"""Delay before a failed job is assigned again; doubled with each failure."""
ALONE_SILENT_FOR_S = 15.0
"""A silent worker counts as lost so late if no other one could take a job: on a busy machine it gets the CPU
from time to time, and would begin all its tutors anew. A process that has ended closes its connection."""
MAKE_ROOM_AFTER_S = 3.0
"""Time that a job waits for capacity before a tutor of a bigger share has to leave for it."""


NOBODYS = Claim("")


class JobState(Enum):
    """WAITING for a worker; ASSIGNED to one that is not ready yet; READY."""

    WAITING = auto()
    ASSIGNED = auto()
    READY = auto()


class JobEvent(Enum):
    """LOSE: the worker has disconnected or does not name the job. FAIL: it gave the job back or did not
    become ready. WITHDRAW: the job was released, or must restart."""

    ASSIGN = auto()
    READY = auto()
    LOSE = auto()
    FAIL = auto()
    WITHDRAW = auto()


_MOVES: Mapping[tuple[JobState, JobEvent], JobState] = {
    (JobState.WAITING, JobEvent.ASSIGN): JobState.ASSIGNED,
    (JobState.WAITING, JobEvent.WITHDRAW): JobState.WAITING,
    (JobState.ASSIGNED, JobEvent.READY): JobState.READY,
    (JobState.ASSIGNED, JobEvent.LOSE): JobState.WAITING,
    (JobState.ASSIGNED, JobEvent.FAIL): JobState.WAITING,
    (JobState.ASSIGNED, JobEvent.WITHDRAW): JobState.WAITING,
    (JobState.READY, JobEvent.READY): JobState.READY,  # sent again whenever the engines change
    (JobState.READY, JobEvent.LOSE): JobState.WAITING,
    (JobState.READY, JobEvent.FAIL): JobState.WAITING,
    (JobState.READY, JobEvent.WITHDRAW): JobState.WAITING,
}


def next_state(state: JobState, event: JobEvent) -> JobState:
    """Raises IllegalMove."""
    return look_up(_MOVES, state, event)


@dataclass(frozen=True, slots=True)
class Assignment:
    """`token` is the credential with which the worker joins the session."""

    id: str
    token: str
    worker_id: str


@dataclass(slots=True)
class Job:
    """`assignment` is None while the job waits. `since`: when it was assigned, or became ready.

    `was_lost`: a worker had been ready and was lost. `failures` in a row; after one the job waits until
    `not_before` and avoids the worker `avoid` if there is another. `claim`: whose share of the tutors it is.
    """

    id: str
    waiting_since: float
    language: str
    claim: Claim
    state: JobState = JobState.WAITING
    assignment: Assignment | None = None
    since: float = 0.0
    was_lost: bool = False
    failures: int = 0
    not_before: float = 0.0
    avoid: str | None = None


@dataclass(frozen=True, slots=True)
class Assign:
    job: Job
    assignment: Assignment


@dataclass(frozen=True, slots=True)
class Cancel:
    """The worker must end an assignment that is no longer its own."""

    assignment_id: str
    worker_id: str


@dataclass(frozen=True, slots=True)
class Disconnect:
    """The worker did not report in time: its connection must be closed."""

    worker_id: str


Step = Assign | Cancel | Disconnect


class JobTable:
    """Decides which worker gets which job. The methods return the steps that the caller must carry out."""

    def __init__(self, silent_for_s: float) -> None:
        self._silent_for = silent_for_s
        self._workers: dict[str, Worker] = {}
        self._jobs: dict[str, Job] = {}
        self._by_assignment: dict[str, Job] = {}
        self._looked_at: float | None = None

    @property
    def worker_count(self) -> int:
        return len(self._workers)

    @property
    def workers(self) -> Mapping[str, Worker]:
        """The workers that are connected, by id."""
        return self._workers

    def worker_ids(self) -> list[str]:
        return list(self._workers)

    def languages(self) -> frozenset[str] | None:
        """Languages that the connected workers support. None: any, or no worker is connected."""
        theirs = [worker.languages for worker in self._workers.values()]
        return frozenset().union(*theirs) if theirs and all(theirs) else None

    def all(self) -> Collection[Job]:
        return list(self._jobs.values())

    def get(self, job_id: str) -> Job | None:
        return self._jobs.get(job_id)

    def assigned_to(self, worker_id: str, assignment_id: str) -> Job:
        """Raises JobNotFound for an assignment that has ended or is another worker's."""
        job = self._by_assignment.get(assignment_id)
        if job is None or job.assignment is None or job.assignment.worker_id != worker_id:
            raise JobNotFound
        return job

    def job_of_token(self, token: str) -> Job | None:
        found = (j for j in self._by_assignment.values() if j.assignment and j.assignment.token == token)
        return next(found, None)

    # Requests for tutors

    def request(self, job_id: str, now: float, language: str, claim: Claim = NOBODYS) -> Job:
        """Add the job, or change its language and whose it is."""
        job = self._jobs.setdefault(job_id, Job(job_id, now, language, claim))
        job.language, job.claim = language, claim
        return job

    def release(self, job_id: str) -> list[Step]:
        job = self._jobs.pop(job_id, None)
        return self._withdraw(job) if job is not None else []

    def restart(self, job_id: str, now: float) -> list[Step]:
        """Restart the job, on any worker."""
        job = self._jobs.get(job_id)
        if job is None:
            return []
        job.waiting_since = now
        return self._withdraw(job)

    def make_room(self, job_id: str, now: float) -> list[Step]:
        """The job gives up its tutor for another, and waits like one that has waited for long."""
        return self.restart(job_id, now - UNAVAILABLE_AFTER_S)

    # Messages of workers

    def register(self, worker_id: str, capacity: int, now: float, languages: Collection[str] = ()) -> None:
        """A worker that registers again keeps its jobs."""
        worker = self._workers.setdefault(worker_id, Worker(worker_id, capacity, now))
        worker.capacity, worker.seen_at, worker.languages = capacity, now, frozenset(languages)

    def remove_worker(self, worker_id: str, now: float) -> None:
        """Its jobs wait for another worker. An unknown id is ignored."""
        worker = self._workers.pop(worker_id, None)
        for assignment_id in worker.assignments if worker else ():
            self._lose(self._by_assignment[assignment_id], now)

    def report(
        self,
        worker_id: str,
        load: float,
        assignment_ids: Collection[str],
        now: float,
        *,
        is_loading: bool = False,
        free: int | None = None,
        voices: Collection[str] = (),
        free_voices: float | None = None,
    ) -> list[Step]:
        """Cancels assignments that are not the worker's; loses ready jobs that it does not name. `free`,
        `voices`, `free_voices`: as in `wire.Report`.

        Raises JobNotFound for a worker that has not registered.
        """
        worker = self._workers.get(worker_id)
        if worker is None:
            raise JobNotFound("Register first.")
        worker.seen_at, worker.is_loading = now, is_loading
        worker.report(load, assignment_ids, free, voices, free_voices)
        for assignment_id in worker.assignments.difference(assignment_ids):
            job = self._by_assignment[assignment_id]
            if job.state is JobState.READY:
                self._lose(job, now)
        return [Cancel(i, worker_id) for i in assignment_ids if i not in worker.assignments]

    def ready(self, worker_id: str, assignment_id: str, now: float) -> Job:
        """Raises JobNotFound."""
        job = self.assigned_to(worker_id, assignment_id)
        was_ready = job.state is JobState.READY
        job.state = next_state(job.state, JobEvent.READY)
        if not was_ready:
            job.since, job.was_lost, job.avoid = now, False, None
        return job

    def end(self, worker_id: str, assignment_id: str, now: float) -> Job:
        """The worker gave the job back; another one gets it after a pause. Raises JobNotFound."""
        job = self.assigned_to(worker_id, assignment_id)
        self._fail(job, now)
        return job

    def refuse(self, worker_id: str, assignment_id: str, now: float) -> Job:
        """Other servers have filled the worker: it gets no more jobs until its next report, and another one
        gets this job at once. Raises JobNotFound."""
        job = self.assigned_to(worker_id, assignment_id)
        self._lose(job, now)
        self._workers[worker_id].is_full()
        return job

    # By time

    def due(self, now: float) -> list[Step]:
        self._forgive_a_stall(now)
        steps: list[Step] = []
        for worker in list(self._workers.values()):
            if now - worker.seen_at > self._patience(worker, now):
                self.remove_worker(worker.id, now)
                steps.append(Disconnect(worker.id))
        for job in self._jobs.values():
            limit = LOAD_WITHIN_S if self._is_loading(job) else START_WITHIN_S
            if job.assignment and job.state is JobState.ASSIGNED and now - job.since > limit:
                steps.append(Cancel(job.assignment.id, job.assignment.worker_id))
                self._fail(job, now)
        return steps + self._assign_waiting(now)

    def status(self, job: Job, now: float) -> TutorStatus:
        if job.state is JobState.READY:
            return TutorStatus.READY
        if self._workers and not any(worker.supports(job.language) for worker in self._workers.values()):
            return TutorStatus.UNSUPPORTED_LANGUAGE
        if now - job.waiting_since > UNAVAILABLE_AFTER_S and not self._is_loading(job):
            return TutorStatus.UNAVAILABLE
        return TutorStatus.LOST if job.was_lost else TutorStatus.STARTING

    def is_short(self, now: float) -> bool:
        """Whether a job waits for free capacity alone."""
        return any(self._fit(job) and not self._free(job) for job in self._waiting(now))

    def crowding(self, now: float) -> Collection[str]:
        """Ids of the jobs one of which should make room for a job of a smaller share that waits."""
        short = {
            job.id: job.claim
            for job in self._waiting(now)
            if now - job.waiting_since >= MAKE_ROOM_AFTER_S and self._fit(job) and not self._free(job)
        }
        if not short:
            return ()
        first = self._jobs[next(in_fair_order(short, Shares(self._claims_at_work())))]
        at_work = {
            job.id: job.claim
            for worker in self._fit(first)
            for job in map(self._by_assignment.__getitem__, worker.assignments)
        }
        return crowding(at_work, first.claim)

    def _waiting(self, now: float) -> list[Job]:
        return [job for job in self._jobs.values() if job.state is JobState.WAITING and now >= job.not_before]

    def _claims_at_work(self) -> list[Claim]:
        return [job.claim for job in self._by_assignment.values()]

    def _assign_waiting(self, now: float) -> list[Step]:
        steps: list[Step] = []
        shares = Shares(self._claims_at_work())
        ready = {job.id: job.claim for job in self._waiting(now) if self._free(job)}
        for job_id in in_fair_order(ready, shares):
            job = self._jobs[job_id]
            if given := self._assign(job, now):
                steps += given
                shares.add(job.claim)
        return steps

    def _is_loading(self, job: Job) -> bool:
        worker = self._workers.get(job.assignment.worker_id) if job.assignment else None
        return worker is not None and worker.is_loading

    def _fit(self, job: Job) -> list[Worker]:
        return [worker for worker in self._workers.values() if worker.supports(job.language)]

    def _free(self, job: Job) -> list[Worker]:
        return [worker for worker in self._fit(job) if worker.free > 0]

    def _patience(self, worker: Worker, now: float) -> float:
        """Seconds without a report after which the worker counts as lost."""
        others = (other for other in self._workers.values() if other is not worker)
        # One that has just registered may still have its engines to load: its first report says so.
        ready = (one for one in others if one.free > 0 and one.has_reported and not one.is_loading)
        has_spare = any(now - other.seen_at <= self._silent_for for other in ready)
        return self._silent_for if has_spare else max(self._silent_for, ALONE_SILENT_FOR_S)

    def _forgive_a_stall(self, now: float) -> None:
        """While this process did not run it read no reports: that time does not count as silence."""
        if self._looked_at is not None and now - self._looked_at > self._silent_for / 2:
            for worker in self._workers.values():
                worker.seen_at += now - self._looked_at
        self._looked_at = now

    def _assign(self, job: Job, now: float) -> list[Step]:
        """Assign the job to the least loaded worker with free capacity, if there is one."""
        free = self._free(job)
        others = [w for w in free if w.id != job.avoid] or free
        if not others:
            return []
        worker = min(others, key=lambda w: w.weight)
        job.state = next_state(job.state, JobEvent.ASSIGN)
        job.assignment, job.since = Assignment(new_id(), new_secret(), worker.id), now
        self._by_assignment[job.assignment.id] = job
        worker.give(job.assignment.id)
        return [Assign(job, job.assignment)]

    def _lose(self, job: Job, now: float) -> None:
        self._note_loss(job, now)
        self._end_assignment(job, JobEvent.LOSE)

    def _fail(self, job: Job, now: float) -> None:
        is_steady = job.state is JobState.READY and now - job.since > STEADY_AFTER_S
        job.failures = 0 if is_steady else job.failures + 1
        job.avoid = job.assignment.worker_id if job.assignment else None
        job.not_before = now + (min(_MAX_PAUSE_S, _PAUSE_S * 2**job.failures) if job.failures else 0.0)
        self._note_loss(job, now)
        self._end_assignment(job, JobEvent.FAIL)

    def _withdraw(self, job: Job) -> list[Step]:
        given = job.assignment
        self._end_assignment(job, JobEvent.WITHDRAW)
        return [Cancel(given.id, given.worker_id)] if given is not None else []

    def _note_loss(self, job: Job, now: float) -> None:
        if job.state is JobState.READY:
            job.was_lost, job.waiting_since = True, now

    def _end_assignment(self, job: Job, event: JobEvent) -> None:
        job.state = next_state(job.state, event)
        given, job.assignment = job.assignment, None
        if given is None:
            return
        del self._by_assignment[given.id]
        worker = self._workers.get(given.worker_id)
        if worker is not None:
            worker.assignments.discard(given.id)
