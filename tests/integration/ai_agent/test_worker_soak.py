"""A worker after many answers: it has no more threads, children and memory than before."""

from __future__ import annotations

import asyncio

import psutil
import pytest

from server.protocol.agents import InputKind, PersonInput
from tests.bench.tutor.practice import Learner, TutorBench, tutor_bench
from tests.fakes.scale import scaled
from tests.fakes.tutor.timed_engines import Latencies

LEARNERS = scaled(4, 8, "soak")
ANSWERS = scaled(10, 40, "soak")
"""Of each learner's tutor."""
_WARM_UP = 5
_LATENCIES = Latencies(llm_first_token=0.0, tts_first_byte=0.0, sentences=3, sentence_s=0.3)
_GROWTH_BYTES = 8_000_000
"""An answer has about 300 KB of sound, with the resampled one."""

pytestmark = [pytest.mark.soak, pytest.mark.timeout(900)]


async def test_answers_leave_no_threads_and_no_memory() -> None:
    async with tutor_bench(_LATENCIES) as here:
        learners = [await here.learner() for _ in range(LEARNERS)]
        await _answers(here, learners, _WARM_UP)
        before = _holdings(here.worker)
        peak = await _answers(here, learners, ANSWERS)
        after = _holdings(here.worker)
        counted = f"{before} -> {after}, at most {peak} threads"
        print(f"{LEARNERS} x {ANSWERS} answers: {counted}")
    assert peak <= before["threads"] + 12  # of asyncio's pool, and two of each recording that is encoded
    assert after["threads"] <= before["threads"] + 6
    assert after["children"] == before["children"]
    assert after["descriptors"] <= before["descriptors"] + 2  # an upload may be under way
    assert after["memory"] - before["memory"] < _GROWTH_BYTES


async def _answers(here: TutorBench, learners: list[Learner], count: int) -> int:
    """The most threads at one time."""
    async with asyncio.TaskGroup() as tasks:
        talks = [tasks.create_task(_talk(here, learner, count)) for learner in learners]
    return max(talk.result() for talk in talks)


async def _talk(here: TutorBench, learner: Learner, count: int) -> int:
    peak = 0
    said = PersonInput(
        job_id=learner.job_id, participant_id=learner.client.participant_id, kind=InputKind.SAY, text="Hi."
    )
    for _ in range(count):
        before = _answers_of(here, learner)
        await here.agents_server.send(here.worker_sid, "input", said)
        async with asyncio.timeout(60):
            while _answers_of(here, learner) == before:
                peak = max(peak, here.worker.num_threads())
                await asyncio.sleep(0.05)
    return peak


def _answers_of(here: TutorBench, learner: Learner) -> int:
    return sum(
        event == "keep_message" and data["jobId"] == learner.job_id and data["role"] == "tutor"
        for _, event, data in here.agents_server.received
    )


def _holdings(worker: psutil.Process) -> dict[str, int]:
    return {
        "threads": worker.num_threads(),
        "children": len(worker.children(recursive=True)),
        "descriptors": worker.num_fds(),
        "memory": worker.memory_full_info().uss,
    }
