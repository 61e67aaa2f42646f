from __future__ import annotations

from server.tutor.ended_jobs import LAST_WORDS_S, EndedJobs
from server.tutor.jobs import Assignment

FIRST, SECOND = Assignment("a1", "t1", "w1"), Assignment("a2", "t2", "w2")


def two() -> tuple[EndedJobs[str], list[str]]:
    over: list[str] = []
    jobs = EndedJobs(over.append)
    jobs.add(FIRST, "one", now=10.0)
    jobs.add(SECOND, "two", now=12.0)
    return jobs, over


def test_only_its_worker_finds_a_job_that_has_ended() -> None:
    jobs, _ = two()
    assert jobs.find("w1", "a1") == "one"
    assert jobs.find("w2", "a1") is None
    assert jobs.find("w1", "a3") is None


def test_a_job_is_over_when_its_worker_says_so() -> None:
    jobs, over = two()
    assert not jobs.end("w2", "a1")
    assert jobs.end("w1", "a1")
    assert not jobs.end("w1", "a1")
    assert over == ["one"]
    assert jobs.find("w1", "a1") is None


def test_a_job_is_over_after_a_time_that_its_worker_cannot_prolong() -> None:
    jobs, over = two()
    jobs.end_due(10.0 + LAST_WORDS_S - 0.1)
    assert over == []
    jobs.end_due(10.0 + LAST_WORDS_S)
    assert over == ["one"]
    jobs.end_due(100.0)
    assert over == ["one", "two"]


def test_a_job_is_over_when_its_worker_is_lost_or_the_server_stops() -> None:
    jobs, over = two()
    jobs.end_of_worker("w2")
    assert over == ["two"]
    jobs.end_all()
    assert over == ["two", "one"]
    assert jobs.find("w1", "a1") is None
