"""Who gets which job, on virtual time."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import JobNotFound
from server.protocol.tutor import TutorStatus
from server.tutor.jobs import (
    START_WITHIN_S,
    UNAVAILABLE_AFTER_S,
    Assign,
    Cancel,
    Cut,
    Job,
    JobState,
    JobTable,
    Step,
)
from tests.fakes.fuzzing import fuzz

SILENT_S = 3.0


class Office:
    """A table with a clock of its own; workers report whenever time passes, unless they are silent."""

    def __init__(self) -> None:
        self.table = JobTable(SILENT_S)
        self.now = 100.0
        self.silent: set[str] = set()
        self.workers: dict[str, float] = {}
        self.language = "en"

    def worker(self, name: str, *languages: str, capacity: int = 8, load: float = 0.0) -> None:
        self.table.arrived(name, capacity, self.now, languages)
        self.workers[name] = load
        self._report(name)

    def want(self, *rooms: str) -> None:
        for room in rooms:
            self.table.want(room, self.now, self.language)

    def due(self) -> list[Step]:
        return self.table.due(self.now)

    def pass_time(self, seconds: float) -> list[Step]:
        steps: list[Step] = []
        end = self.now + seconds
        while self.now < end:
            self.now = min(end, self.now + 0.2)
            for name in self.workers:
                if name not in self.silent:
                    self._report(name)
            steps += self.due()
        return steps

    def job(self, room: str) -> Job:
        job = self.table.of_room(room)
        assert job is not None
        return job

    def ready(self, room: str) -> Job:
        job = self.job(room)
        assert job.worker is not None
        return self.table.ready(job.worker, job.id, self.now)

    def status(self, room: str) -> TutorStatus:
        return self.table.status(self.job(room), self.now)

    def _report(self, name: str) -> None:
        mine = [j.id for j in self.table.all() if j.worker == name]
        self.table.reported(name, self.workers[name], mine, self.now)


def assigned(steps: list[Step]) -> dict[str, str]:
    return {s.job.room_id: s.worker_id for s in steps if isinstance(s, Assign)}


def test_the_least_loaded_worker_gets_the_job() -> None:
    office = Office()
    office.worker("busy", load=0.9)
    office.worker("idle", load=0.1)
    office.want("r1")
    assert assigned(office.due()) == {"r1": "idle"}


def test_jobs_that_come_together_are_spread() -> None:
    office = Office()
    for name in ("a", "b", "c"):
        office.worker(name)
    office.want(*(f"r{n}" for n in range(6)))
    given = list(assigned(office.due()).values())
    assert sorted(given) == ["a", "a", "b", "b", "c", "c"]


def test_nobody_gets_more_than_they_take() -> None:
    office = Office()
    office.worker("a", capacity=2)
    office.want("r1", "r2", "r3")
    assert len(assigned(office.due())) == 2
    office.worker("b", capacity=2, load=5.0)
    assert list(assigned(office.due()).values()) == ["b"]


def test_a_job_goes_to_a_worker_that_speaks_its_language_and_a_room_is_told_where_there_is_none() -> None:
    office = Office()
    office.worker("local", "en", "vi")
    assert office.table.languages() == frozenset({"en", "vi"})
    office.language = "de"
    office.want("r1")
    assert office.due() == []
    assert office.status("r1") is TutorStatus.UNSUPPORTED_LANGUAGE
    office.pass_time(UNAVAILABLE_AFTER_S + 1)
    assert office.status("r1") is TutorStatus.UNSUPPORTED_LANGUAGE, "waiting longer brings none"
    office.worker("cloud", load=5.0)
    assert office.table.languages() is None
    assert office.status("r1") is not TutorStatus.UNSUPPORTED_LANGUAGE
    assert assigned(office.due()) == {"r1": "cloud"}


def test_a_dialect_is_taught_by_who_speaks_the_language() -> None:
    office = Office()
    office.worker("local", "en", "vi")
    office.language = "en-GB"
    office.want("r1")
    assert assigned(office.due()) == {"r1": "local"}


def test_no_worker_says_nothing_of_languages() -> None:
    office = Office()
    office.want("r1")
    assert office.table.languages() is None
    assert office.status("r1") is TutorStatus.STARTING


def test_a_room_is_told_how_its_tutor_fares() -> None:
    office = Office()
    office.want("r1")
    office.due()
    assert office.status("r1") is TutorStatus.STARTING
    office.pass_time(UNAVAILABLE_AFTER_S + 1)
    assert office.status("r1") is TutorStatus.UNAVAILABLE
    office.worker("a")
    office.due()
    office.ready("r1")
    assert office.status("r1") is TutorStatus.READY
    office.table.gone("a", office.now)
    del office.workers["a"]
    assert office.status("r1") is TutorStatus.LOST
    office.pass_time(1)
    assert office.status("r1") is TutorStatus.LOST


def test_a_lost_workers_jobs_go_to_another_at_once_under_another_id() -> None:
    office = Office()
    office.worker("a")
    office.want("r1", "r2")
    office.due()
    old = office.ready("r1").id
    token = office.job("r1").token
    office.worker("b")
    office.table.gone("a", office.now)
    del office.workers["a"]
    assert assigned(office.due()) == {"r1": "b", "r2": "b"}
    assert office.job("r1").id != old
    assert office.table.room_of_token(token) is None
    assert office.table.room_of_token(office.job("r1").token) == "r1"
    with pytest.raises(JobNotFound):
        office.table.owned("a", old)


def test_a_silent_workers_jobs_go_to_another_within_five_seconds() -> None:
    office = Office()
    office.worker("a")
    office.want("r1")
    office.due()
    office.ready("r1")
    office.worker("b")
    office.silent.add("a")
    steps = office.pass_time(2)
    assert steps == []
    steps = office.pass_time(2)
    assert Cut("a") in steps
    assert assigned(steps) == {"r1": "b"}


def test_a_stall_of_the_server_is_no_silence_of_the_workers() -> None:
    office = Office()
    office.worker("a")
    office.want("r1")
    office.due()
    office.ready("r1")
    office.now += 10
    assert office.due() == []
    assert office.job("r1").worker == "a"


def test_a_worker_that_does_not_get_into_the_room_is_replaced() -> None:
    office = Office()
    office.worker("a")
    office.worker("b", load=0.5)
    office.want("r1")
    office.due()
    job_id = office.job("r1").id
    steps = office.pass_time(START_WITHIN_S + 3)
    assert Cancel(job_id, "a") in steps
    assert assigned(steps) == {"r1": "b"}


def test_who_fails_at_a_job_does_not_get_it_back_while_there_are_others() -> None:
    office = Office()
    office.worker("a")
    office.worker("b", load=3.0)
    office.want("r1")
    office.due()
    office.table.ended("a", office.job("r1").id, office.now)
    assert assigned(office.due()) == {}
    assert assigned(office.pass_time(3)) == {"r1": "b"}


def test_pauses_between_failures_grow_and_a_long_steady_job_ends_them() -> None:
    office = Office()
    office.worker("a")
    office.want("r1")
    pauses = []
    for _ in range(8):
        begun = office.now
        while office.job("r1").state is JobState.WAITING:
            office.pass_time(0.2)
        pauses.append(office.now - begun)
        office.table.ended("a", office.job("r1").id, office.now)
    assert pauses == sorted(pauses)
    assert 29 < pauses[-1] < 31
    office.pass_time(31)
    office.ready("r1")
    office.pass_time(31)
    office.table.ended("a", office.job("r1").id, office.now)
    assert assigned(office.due()) == {"r1": "a"}


def test_what_a_worker_does_not_do_any_more_is_done_by_another() -> None:
    office = Office()
    office.worker("a")
    office.want("r1")
    office.due()
    office.ready("r1")
    steps = office.table.reported("a", 0.0, ["another"], office.now)
    assert steps == [Cancel("another", "a")]
    assert assigned(office.due()) == {"r1": "a"}


def test_a_job_nobody_wants_is_cancelled() -> None:
    office = Office()
    office.worker("a")
    office.want("r1")
    office.due()
    job = office.ready("r1")
    job_id, token = job.id, job.token
    assert office.table.unwant("r1") == [Cancel(job_id, "a")]
    assert office.table.unwant("r1") == []
    assert office.table.room_of_token(token) is None
    with pytest.raises(JobNotFound):
        office.table.owned("a", job_id)


def test_a_worker_that_registers_again_keeps_its_jobs() -> None:
    office = Office()
    office.worker("a", capacity=1)
    office.want("r1", "r2")
    office.due()
    job = office.ready("r1")
    office.table.arrived("a", 2, office.now)
    assert office.table.reported("a", 0.0, [job.id], office.now) == []
    assert assigned(office.due()) == {"r2": "a"}


def test_a_worker_that_has_not_registered_reports_nothing() -> None:
    with pytest.raises(JobNotFound):
        Office().table.reported("stranger", 0.0, [], 1.0)


EVENTS = st.tuples(
    st.sampled_from(["arrive", "go", "want", "unwant", "ready", "end", "time"]), st.integers(0, 3)
)


@fuzz(60)
@given(st.lists(EVENTS, max_size=60))
def test_whatever_happens_each_room_has_one_worker_and_none_too_many(script: list[tuple[str, int]]) -> None:
    office = Office()
    for what, number in script:
        happen(office, what, number)
        given_to: Counter[str] = Counter()
        for job in office.table.all():
            assert (job.worker is None) == (job.state is JobState.WAITING)
            if job.worker is not None:
                given_to[job.worker] += 1
                assert office.table.owned(job.worker, job.id) is job
                assert office.table.room_of_token(job.token) == job.room_id
        assert given_to.keys() <= office.workers.keys()
        assert all(count <= 2 for count in given_to.values())


def happen(office: Office, what: str, number: int) -> None:
    worker, room = f"w{number}", f"r{number}"
    job = office.table.of_room(room)
    has_worker = job is not None and job.worker is not None
    if what == "arrive" and worker not in office.workers:
        office.worker(worker, capacity=2)
    elif what == "go":
        office.table.gone(worker, office.now)
        office.workers.pop(worker, None)
    elif what == "want":
        office.want(room)
    elif what == "unwant":
        office.table.unwant(room)
    elif what == "time":
        office.pass_time(number + 0.2)
    elif what == "ready" and has_worker:
        office.ready(room)
    elif what == "end" and job is not None and job.worker is not None:
        office.table.ended(job.worker, job.id, office.now)
