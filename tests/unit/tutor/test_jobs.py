"""Assignment of jobs to workers, on virtual time."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.common.state_machine import IllegalMove
from server.errors import JobNotFound
from server.protocol.tutor import TutorStatus
from server.tutor.jobs import (
    ALONE_SILENT_FOR_S,
    LOAD_WITHIN_S,
    START_WITHIN_S,
    UNAVAILABLE_AFTER_S,
    Assign,
    Assignment,
    Cancel,
    Disconnect,
    Job,
    JobEvent,
    JobState,
    JobTable,
    Step,
    next_state,
)
from tests.fakes.fuzzing import fuzz

SILENT_S = 3.0


class Scene:
    """A table with its own clock; workers report whenever time passes, unless they are in `silent`.
    `elsewhere`: jobs that they have of other servers."""

    def __init__(self) -> None:
        self.table = JobTable(SILENT_S)
        self.now = 100.0
        self.silent: set[str] = set()
        self.loading: set[str] = set()
        self.workers: dict[str, float] = {}
        self.elsewhere: dict[str, int] = {}
        self.capacity: dict[str, int] = {}
        self.language = "en"

    def worker(self, name: str, *languages: str, capacity: int = 8, load: float = 0.0) -> None:
        self.table.register(name, capacity, self.now, languages)
        self.workers[name] = load
        self.capacity[name] = capacity
        self._report(name)

    def request(self, *job_ids: str) -> None:
        for job_id in job_ids:
            self.table.request(job_id, self.now, self.language)

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

    def job(self, job_id: str) -> Job:
        job = self.table.get(job_id)
        assert job is not None
        return job

    def assignment(self, job_id: str) -> Assignment:
        assignment = self.job(job_id).assignment
        assert assignment is not None
        return assignment

    def ready(self, job_id: str) -> Assignment:
        given = self.assignment(job_id)
        self.table.ready(given.worker_id, given.id, self.now)
        return given

    def end(self, job_id: str) -> None:
        given = self.assignment(job_id)
        self.table.end(given.worker_id, given.id, self.now)

    def status(self, job_id: str) -> TutorStatus:
        return self.table.status(self.job(job_id), self.now)

    def _report(self, name: str) -> None:
        given = (j.assignment for j in self.table.all())
        mine = [a.id for a in given if a is not None and a.worker_id == name]
        free = self.capacity[name] - len(mine) - self.elsewhere[name] if name in self.elsewhere else None
        self.table.report(
            name, self.workers[name], mine, self.now, is_loading=name in self.loading, free=free
        )


def assigned(steps: list[Step]) -> dict[str, str]:
    return {s.job.id: s.assignment.worker_id for s in steps if isinstance(s, Assign)}


def test_the_least_loaded_worker_gets_the_job() -> None:
    scene = Scene()
    scene.worker("busy", load=0.9)
    scene.worker("idle", load=0.1)
    scene.request("r1")
    assert assigned(scene.due()) == {"r1": "idle"}


def test_a_job_of_a_worker_that_is_loading_is_starting_until_it_takes_far_too_long() -> None:
    scene = Scene()
    scene.loading.add("a")
    scene.worker("a")
    scene.request("r1")
    scene.due()
    assert scene.pass_time(LOAD_WITHIN_S - 1) == []
    assert scene.status("r1") is TutorStatus.STARTING
    steps = scene.pass_time(2)
    assert [type(step) for step in steps] == [Cancel]


def test_a_worker_that_has_loaded_gets_jobs_before_one_that_is_loading() -> None:
    scene = Scene()
    scene.loading.add("new")
    scene.worker("new", load=0.0)
    scene.worker("busy", load=0.9)
    scene.request("r1")
    assert assigned(scene.due()) == {"r1": "busy"}


def test_simultaneous_jobs_are_spread_over_the_workers() -> None:
    scene = Scene()
    for name in ("a", "b", "c"):
        scene.worker(name)
    scene.request(*(f"r{n}" for n in range(6)))
    given = list(assigned(scene.due()).values())
    assert sorted(given) == ["a", "a", "b", "b", "c", "c"]


def test_a_worker_gets_no_more_jobs_than_its_capacity() -> None:
    scene = Scene()
    scene.worker("a", capacity=2)
    scene.request("r1", "r2", "r3")
    assert len(assigned(scene.due())) == 2
    scene.worker("b", capacity=2, load=5.0)
    assert list(assigned(scene.due()).values()) == ["b"]


def test_a_job_goes_to_a_worker_that_supports_its_language_and_its_status_says_if_none_does() -> None:
    scene = Scene()
    scene.worker("local", "en", "vi")
    assert scene.table.languages() == frozenset({"en", "vi"})
    scene.language = "de"
    scene.request("r1")
    assert scene.due() == []
    assert scene.status("r1") is TutorStatus.UNSUPPORTED_LANGUAGE
    scene.pass_time(UNAVAILABLE_AFTER_S + 1)
    assert scene.status("r1") is TutorStatus.UNSUPPORTED_LANGUAGE, "waiting longer does not change it"
    scene.worker("cloud", load=5.0)
    assert scene.table.languages() is None
    assert scene.status("r1") is not TutorStatus.UNSUPPORTED_LANGUAGE
    assert assigned(scene.due()) == {"r1": "cloud"}


def test_a_worker_supports_the_regional_variants_of_its_languages() -> None:
    scene = Scene()
    scene.worker("local", "en", "vi")
    scene.language = "en-GB"
    scene.request("r1")
    assert assigned(scene.due()) == {"r1": "local"}


def test_without_workers_no_language_is_unsupported() -> None:
    scene = Scene()
    scene.request("r1")
    assert scene.table.languages() is None
    assert scene.status("r1") is TutorStatus.STARTING


def test_the_status_follows_the_job() -> None:
    scene = Scene()
    scene.request("r1")
    scene.due()
    assert scene.status("r1") is TutorStatus.STARTING
    scene.pass_time(UNAVAILABLE_AFTER_S + 1)
    assert scene.status("r1") is TutorStatus.UNAVAILABLE
    scene.worker("a")
    scene.due()
    scene.ready("r1")
    assert scene.status("r1") is TutorStatus.READY
    scene.table.remove_worker("a", scene.now)
    del scene.workers["a"]
    assert scene.status("r1") is TutorStatus.LOST
    scene.pass_time(1)
    assert scene.status("r1") is TutorStatus.LOST


def test_the_jobs_of_a_lost_worker_are_reassigned_at_once_with_another_id() -> None:
    scene = Scene()
    scene.worker("a")
    scene.request("r1", "r2")
    scene.due()
    old = scene.ready("r1")
    scene.worker("b")
    scene.table.remove_worker("a", scene.now)
    del scene.workers["a"]
    assert assigned(scene.due()) == {"r1": "b", "r2": "b"}
    new = scene.assignment("r1")
    assert new.id != old.id
    assert scene.table.job_of_token(old.token) is None
    assert scene.table.job_of_token(new.token) is scene.job("r1")
    with pytest.raises(JobNotFound):
        scene.table.assigned_to("a", old.id)


def test_the_jobs_of_a_silent_worker_are_reassigned_within_five_seconds() -> None:
    scene = Scene()
    scene.worker("a")
    scene.request("r1")
    scene.due()
    scene.ready("r1")
    scene.worker("b")
    scene.silent.add("a")
    steps = scene.pass_time(2)
    assert steps == []
    steps = scene.pass_time(2)
    assert Disconnect("a") in steps
    assert assigned(steps) == {"r1": "b"}


def test_a_stall_of_the_server_does_not_count_as_silence_of_the_workers() -> None:
    scene = Scene()
    scene.worker("a")
    scene.request("r1")
    scene.due()
    scene.ready("r1")
    scene.now += 10
    assert scene.due() == []
    assert scene.assignment("r1").worker_id == "a"


def test_a_worker_that_does_not_become_ready_is_replaced() -> None:
    scene = Scene()
    scene.worker("a")
    scene.worker("b", load=0.5)
    scene.request("r1")
    scene.due()
    first = scene.assignment("r1").id
    steps = scene.pass_time(START_WITHIN_S + 3)
    assert Cancel(first, "a") in steps
    assert assigned(steps) == {"r1": "b"}


def test_a_worker_that_failed_does_not_get_the_job_again_while_there_are_others() -> None:
    scene = Scene()
    scene.worker("a")
    scene.worker("b", load=3.0)
    scene.request("r1")
    scene.due()
    scene.end("r1")
    assert assigned(scene.due()) == {}
    assert assigned(scene.pass_time(3)) == {"r1": "b"}


def test_pauses_between_failures_grow_and_a_long_steady_job_ends_them() -> None:
    scene = Scene()
    scene.worker("a")
    scene.request("r1")
    pauses = []
    for _ in range(8):
        begun = scene.now
        while scene.job("r1").state is JobState.WAITING:
            scene.pass_time(0.2)
        pauses.append(scene.now - begun)
        scene.end("r1")
    assert pauses == sorted(pauses)
    assert 29 < pauses[-1] < 31
    scene.pass_time(31)
    scene.ready("r1")
    scene.pass_time(31)
    scene.end("r1")
    assert assigned(scene.due()) == {"r1": "a"}


def test_a_job_that_its_worker_stops_reporting_is_reassigned() -> None:
    scene = Scene()
    scene.worker("a")
    scene.request("r1")
    scene.due()
    scene.ready("r1")
    steps = scene.table.report("a", 0.0, ["another"], scene.now)
    assert steps == [Cancel("another", "a")]
    assert assigned(scene.due()) == {"r1": "a"}


def test_a_released_job_is_cancelled() -> None:
    scene = Scene()
    scene.worker("a")
    scene.request("r1")
    scene.due()
    given = scene.ready("r1")
    assert scene.table.release("r1") == [Cancel(given.id, "a")]
    assert scene.table.release("r1") == []
    assert scene.table.job_of_token(given.token) is None
    with pytest.raises(JobNotFound):
        scene.table.assigned_to("a", given.id)


def test_a_worker_that_registers_again_keeps_its_jobs() -> None:
    scene = Scene()
    scene.worker("a", capacity=1)
    scene.request("r1", "r2")
    scene.due()
    given = scene.ready("r1")
    scene.table.register("a", 2, scene.now)
    assert scene.table.report("a", 0.0, [given.id], scene.now) == []
    assert assigned(scene.due()) == {"r2": "a"}


def test_a_report_before_registering_is_refused() -> None:
    with pytest.raises(JobNotFound):
        Scene().table.report("stranger", 0.0, [], 1.0)


def test_a_worker_cannot_become_ready_for_a_job_that_waits() -> None:
    with pytest.raises(IllegalMove):
        next_state(JobState.WAITING, JobEvent.READY)


EVENTS = st.tuples(
    st.sampled_from(["arrive", "go", "request", "release", "ready", "end", "time"]), st.integers(0, 3)
)


@fuzz(60)
@given(st.lists(EVENTS, max_size=60))
def test_whatever_happens_no_job_has_two_workers_and_no_worker_too_many_jobs(
    script: list[tuple[str, int]],
) -> None:
    scene = Scene()
    for what, number in script:
        happen(scene, what, number)
        given_to: Counter[str] = Counter()
        for job in scene.table.all():
            assert (job.assignment is None) == (job.state is JobState.WAITING)
            if job.assignment is not None:
                given_to[job.assignment.worker_id] += 1
                assert scene.table.assigned_to(job.assignment.worker_id, job.assignment.id) is job
                assert scene.table.job_of_token(job.assignment.token) is job
        assert given_to.keys() <= scene.workers.keys()
        assert all(count <= 2 for count in given_to.values())


def happen(scene: Scene, what: str, number: int) -> None:
    worker, job_id = f"w{number}", f"r{number}"
    job = scene.table.get(job_id)
    has_worker = job is not None and job.assignment is not None
    if what == "arrive" and worker not in scene.workers:
        scene.worker(worker, capacity=2)
    elif what == "go":
        scene.table.remove_worker(worker, scene.now)
        scene.workers.pop(worker, None)
    elif what == "request":
        scene.request(job_id)
    elif what == "release":
        scene.table.release(job_id)
    elif what == "time":
        scene.pass_time(number + 0.2)
    elif what == "ready" and has_worker:
        scene.ready(job_id)
    elif what == "end" and has_worker:
        scene.end(job_id)


def test_a_worker_that_nobody_could_replace_may_be_silent_for_longer() -> None:
    """A busy machine gives it the CPU only from time to time."""
    scene = Scene()
    scene.worker("only")
    scene.request("r1")
    scene.due()
    scene.ready("r1")
    scene.silent.add("only")
    assert scene.pass_time(ALONE_SILENT_FOR_S - 1) == []
    scene.silent.clear()
    assert scene.pass_time(2) == []
    scene.silent.add("only")
    assert Disconnect("only") in scene.pass_time(ALONE_SILENT_FOR_S + 1)


def test_one_that_a_free_worker_can_replace_is_not_waited_for() -> None:
    scene = Scene()
    scene.worker("slow", capacity=1)
    scene.request("r1")
    scene.due()
    scene.ready("r1")
    scene.worker("full", capacity=0)
    scene.loading.add("new")
    scene.worker("new")
    scene.silent.add("slow")
    assert scene.pass_time(SILENT_S + 1) == []
    scene.table.register("newest", 8, scene.now, [])
    assert scene.due() == []
    scene.table.remove_worker("newest", scene.now)
    scene.worker("spare")
    assert assigned(scene.pass_time(1)) == {"r1": "spare"}


def test_tutors_are_short_while_a_job_waits_for_capacity_alone() -> None:
    jobs = JobTable(3.0)
    jobs.request("j1", 0.0, "en")
    assert not jobs.is_short(0.0)  # no worker at all
    jobs.register("w1", 1, 0.0, ["en"])
    jobs.due(0.0)
    assert not jobs.is_short(0.0)
    jobs.request("j2", 0.0, "de")
    assert not jobs.is_short(0.0)  # no worker supports it
    jobs.request("j3", 0.0, "en")
    jobs.due(0.0)
    assert jobs.is_short(0.0)
    jobs.release("j1")
    jobs.due(0.0)
    assert not jobs.is_short(0.0)


def test_a_worker_that_other_servers_have_filled_gets_no_job() -> None:
    scene = Scene()
    scene.worker("a", capacity=3)
    scene.elsewhere["a"] = 2
    scene.pass_time(1)
    scene.request("r1", "r2")
    assert assigned(scene.due()) == {"r1": "a"}
    assert scene.table.is_short(scene.now)
    scene.elsewhere["a"] = 1
    assert assigned(scene.pass_time(1)) == {"r2": "a"}


def test_a_worker_that_reports_more_places_than_its_capacity_gets_no_more_jobs() -> None:
    scene = Scene()
    scene.worker("a", capacity=1)
    scene.elsewhere["a"] = -5
    scene.pass_time(1)
    scene.request("r1", "r2")
    assert assigned(scene.due()) == {"r1": "a"}


def test_a_refused_job_goes_to_another_worker_at_once_and_is_no_failure() -> None:
    scene = Scene()
    scene.worker("full", load=0.0)
    scene.worker("other", load=0.9)
    scene.request("r1")
    assert assigned(scene.due()) == {"r1": "full"}
    scene.table.refuse("full", scene.assignment("r1").id, scene.now)
    assert assigned(scene.due()) == {"r1": "other"}
    assert scene.job("r1").failures == 0


def test_a_job_that_every_worker_refuses_waits_for_their_next_reports() -> None:
    scene = Scene()
    scene.worker("a")
    scene.request("r1")
    scene.due()
    scene.table.refuse("a", scene.assignment("r1").id, scene.now)
    assert scene.due() == []
    assert scene.status("r1") is TutorStatus.STARTING
    scene.elsewhere["a"] = 0
    assert assigned(scene.pass_time(0.2)) == {"r1": "a"}


def test_only_the_worker_of_a_job_can_refuse_it() -> None:
    scene = Scene()
    scene.worker("a")
    scene.worker("b", load=0.9)
    scene.request("r1")
    scene.due()
    with pytest.raises(JobNotFound):
        scene.table.refuse("b", scene.assignment("r1").id, scene.now)
