"""Who does which job: one job is one tutor in one room. No I/O; `now` is seconds on a monotonic clock.

    waiting     nobody does it yet; `due` gives it to the least loaded worker that has room
    assigned    a worker was told; it has START_WITHIN_S to sit in the room
    ready       it sits there

A job is given out under a new id each time, so that whoever had it before speaks of one that is not there.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import Enum, auto

from server.errors import JobNotFound
from server.protocol.tutor import TutorStatus
from server.rooms.tokens import new_id, new_secret

START_WITHIN_S = 15.0
UNAVAILABLE_AFTER_S = 15.0
"""A room is told that there is no tutor to be had once it has waited this long: a worker that has just been
started, or that takes over, is there before."""
STEADY_AFTER_S = 30.0
"""A job that ran this long did not fail at its start: it begins anew with short pauses."""
_PAUSE_S, _MAX_PAUSE_S = 0.5, 30.0
_FRESH_LOAD = 0.2
"""What a job weighs that was given since the worker's last report."""


class JobState(Enum):
    WAITING = auto()
    ASSIGNED = auto()
    READY = auto()


@dataclass(slots=True)
class Worker:
    """`id` is its connection's. `languages`: primary tags; empty: any. `load`: share of one core."""

    id: str
    capacity: int
    seen_at: float
    languages: frozenset[str] = frozenset()
    load: float = 0.0
    fresh: int = 0
    jobs: set[str] = field(default_factory=set)

    @property
    def weight(self) -> tuple[float, int]:
        return self.load + self.fresh * _FRESH_LOAD, len(self.jobs)

    def teaches(self, language: str) -> bool:
        return not self.languages or language.split("-", maxsplit=1)[0].lower() in self.languages


@dataclass(slots=True)
class Job:
    """`token` opens the room for whoever has the job now. `not_before`: a pause after it failed."""

    room_id: str
    waiting_since: float
    language: str = ""
    id: str = ""
    token: str = ""
    state: JobState = JobState.WAITING
    worker: str | None = None
    since: float = 0.0
    was_lost: bool = False
    failures: int = 0
    not_before: float = 0.0
    avoid: str | None = None


@dataclass(frozen=True, slots=True)
class Assign:
    job: Job
    worker_id: str


@dataclass(frozen=True, slots=True)
class Cancel:
    """The worker is to let go of a job that is not its own any more."""

    job_id: str
    worker_id: str


@dataclass(frozen=True, slots=True)
class Cut:
    """The worker was silent for too long: its connection is worth nothing."""

    worker_id: str


Step = Assign | Cancel | Cut


class JobTable:
    def __init__(self, silent_for_s: float) -> None:
        self._silent_for = silent_for_s
        self._workers: dict[str, Worker] = {}
        self._by_room: dict[str, Job] = {}
        self._by_id: dict[str, Job] = {}
        self._looked_at: float | None = None

    @property
    def worker_count(self) -> int:
        return len(self._workers)

    def languages(self) -> frozenset[str] | None:
        """In which there is a tutor; None: in any, or there are no workers to ask."""
        theirs = [worker.languages for worker in self._workers.values()]
        return frozenset().union(*theirs) if theirs and all(theirs) else None

    def all(self) -> Collection[Job]:
        return list(self._by_room.values())

    def of_room(self, room_id: str) -> Job | None:
        return self._by_room.get(room_id)

    def owned(self, worker_id: str, job_id: str) -> Job:
        """Raises JobNotFound for one that is over, or another's."""
        job = self._by_id.get(job_id)
        if job is None or job.worker != worker_id:
            raise JobNotFound
        return job

    def room_of_token(self, token: str) -> str | None:
        return next((j.room_id for j in self._by_id.values() if j.token == token), None)

    # What rooms want

    def want(self, room_id: str, now: float, language: str) -> Job:
        job = self._by_room.setdefault(room_id, Job(room_id, waiting_since=now))
        job.language = language
        return job

    def unwant(self, room_id: str) -> list[Step]:
        job = self._by_room.pop(room_id, None)
        return self._release(job) if job is not None else []

    def restart(self, room_id: str, now: float) -> list[Step]:
        """Begin anew, at whichever worker."""
        job = self._by_room.get(room_id)
        if job is None:
            return []
        job.waiting_since = now
        return self._release(job)

    # What workers say

    def arrived(self, worker_id: str, capacity: int, now: float, languages: Collection[str] = ()) -> None:
        """Once more only changes what it takes."""
        worker = self._workers.setdefault(worker_id, Worker(worker_id, capacity, now))
        worker.capacity, worker.seen_at, worker.languages = capacity, now, frozenset(languages)

    def gone(self, worker_id: str, now: float) -> None:
        """Its jobs wait for another."""
        worker = self._workers.pop(worker_id, None)
        for job_id in worker.jobs if worker else ():
            self._lose(self._by_id[job_id], now)

    def reported(self, worker_id: str, load: float, job_ids: Collection[str], now: float) -> list[Step]:
        """What it does and should not is cancelled; what it should do and does not, is lost. Raises
        JobNotFound for one that has not registered."""
        worker = self._workers.get(worker_id)
        if worker is None:
            raise JobNotFound("Register first.")
        worker.seen_at, worker.load, worker.fresh = now, load, 0
        for job_id in worker.jobs.difference(job_ids):
            job = self._by_id[job_id]
            if job.state is JobState.READY:
                self._lose(job, now)
        return [Cancel(job_id, worker_id) for job_id in job_ids if job_id not in worker.jobs]

    def ready(self, worker_id: str, job_id: str, now: float) -> Job:
        """Raises JobNotFound."""
        job = self.owned(worker_id, job_id)
        if job.state is not JobState.READY:
            job.state, job.since, job.was_lost, job.avoid = JobState.READY, now, False, None
        return job

    def ended(self, worker_id: str, job_id: str, now: float) -> Job:
        """It gave the job back: another may do better, after a pause. Raises JobNotFound."""
        job = self.owned(worker_id, job_id)
        self._failed(job, now)
        return job

    # By time

    def due(self, now: float) -> list[Step]:
        self._forgive_a_stall(now)
        steps: list[Step] = []
        for worker in list(self._workers.values()):
            if now - worker.seen_at > self._silent_for:
                self.gone(worker.id, now)
                steps.append(Cut(worker.id))
        for job in self._by_room.values():
            if job.state is JobState.ASSIGNED and now - job.since > START_WITHIN_S:
                steps.append(Cancel(job.id, job.worker or ""))
                self._failed(job, now)
            if job.state is JobState.WAITING and now >= job.not_before:
                steps += self._assign(job, now)
        return steps

    def status(self, job: Job, now: float) -> TutorStatus:
        if job.state is JobState.READY:
            return TutorStatus.READY
        if self._workers and not any(worker.teaches(job.language) for worker in self._workers.values()):
            return TutorStatus.UNSUPPORTED_LANGUAGE
        if now - job.waiting_since > UNAVAILABLE_AFTER_S:
            return TutorStatus.UNAVAILABLE
        return TutorStatus.LOST if job.was_lost else TutorStatus.STARTING

    def _forgive_a_stall(self, now: float) -> None:
        """While this process did not run, nobody's reports were read: that is no silence of theirs."""
        if self._looked_at is not None and now - self._looked_at > self._silent_for / 2:
            for worker in self._workers.values():
                worker.seen_at += now - self._looked_at
        self._looked_at = now

    def _assign(self, job: Job, now: float) -> list[Step]:
        fit = [w for w in self._workers.values() if w.teaches(job.language)]
        free = [w for w in fit if len(w.jobs) < w.capacity]
        others = [w for w in free if w.id != job.avoid] or free
        if not others:
            return []
        worker = min(others, key=lambda w: w.weight)
        job.id, job.token = new_id(), new_secret()
        job.state, job.worker, job.since = JobState.ASSIGNED, worker.id, now
        self._by_id[job.id] = job
        worker.jobs.add(job.id)
        worker.fresh += 1
        return [Assign(job, worker.id)]

    def _lose(self, job: Job, now: float) -> None:
        job.was_lost = job.was_lost or job.state is JobState.READY
        if job.state is JobState.READY:
            job.waiting_since = now
        self._to_wait(job)

    def _failed(self, job: Job, now: float) -> None:
        is_steady = job.state is JobState.READY and now - job.since > STEADY_AFTER_S
        job.failures = 0 if is_steady else job.failures + 1
        job.avoid = job.worker
        job.not_before = now + (min(_MAX_PAUSE_S, _PAUSE_S * 2**job.failures) if job.failures else 0.0)
        self._lose(job, now)

    def _release(self, job: Job) -> list[Step]:
        steps: list[Step] = [Cancel(job.id, job.worker)] if job.worker is not None else []
        self._to_wait(job)
        return steps

    def _to_wait(self, job: Job) -> None:
        worker = self._workers.get(job.worker) if job.worker else None
        if worker is not None:
            worker.jobs.discard(job.id)
        self._by_id.pop(job.id, None)
        job.state, job.worker, job.id, job.token = JobState.WAITING, None, "", ""
