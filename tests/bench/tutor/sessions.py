"""How many conversations one worker sustains on one core."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass
from functools import partial

import psutil

from ai_agent.turns.endpointing import DELAY_S
from tests.bench.calm import Calm, stolen_s
from tests.bench.figures import Row
from tests.bench.stats import percentiles
from tests.bench.tutor.practice import Learner, speech_end_ns, tutor_bench, until_quiet
from tests.bench.tutor.vad_alone import vad_tail_ms
from tests.bench.tutor.voice_to_voice import LATENCIES, LEVEL, UTTERANCES
from tests.fakes.rtc.clips import Clip, speech_clip

LIMIT_MS = 200.0
WORKER_CORE, OTHERS_CORE = {1}, {0}
_AGAIN = 2
STEPS = (1, 4, 8, 12, 16, 24, 32, 40, 48, 56, 64)


async def sessions(seconds: float) -> list[Row]:
    """Adds learners, each in a conversation with a tutor, until p95 of our share exceeds 200 ms."""
    clips = [(clip, vad_tail_ms(clip)) for clip in map(speech_clip, UTTERANCES)]
    rows: list[Row] = []
    carried = 0
    calm, everywhere = Calm(), os.sched_getaffinity(0)
    async with tutor_bench(LATENCIES) as here:
        for process in [here.worker, *here.worker.children()]:
            _pin(process, WORKER_CORE)
        for process in [here.server.process, psutil.Process()]:
            _pin(process, OTHERS_CORE)
        learners: list[Learner] = []
        for step in STEPS:
            learners += [await here.learner(level=LEVEL) for _ in range(step - len(learners))]
            all_talk = partial(_all_talk, here.worker, learners, clips, seconds)
            [found] = await calm.stretches(all_talk, 1, again=_AGAIN)
            rows.append(Row(f"{step} sessions: own share, p95", found.p95_ms, "ms"))
            rows.append(Row(f"{step} sessions: the worker's CPU", found.load * 100, "% of a core"))
            if found.p95_ms > LIMIT_MS:
                break
            carried = step
    _pin(psutil.Process(), everywhere)
    rows.append(Row("sessions that one core carries", carried, ""))
    return rows


def _pin(process: psutil.Process, cores: set[int]) -> None:
    """Pins all threads: affinity is an attribute of a thread (sched_setaffinity(2))."""
    for thread in process.threads():
        os.sched_setaffinity(thread.id, cores)


@dataclass(frozen=True, slots=True)
class _Step:
    p95_ms: float
    load: float
    stolen: float


async def _all_talk(
    worker: psutil.Process, learners: list[Learner], clips: list[tuple[Clip, float]], seconds: float
) -> _Step:
    await asyncio.gather(*(until_quiet(learner) for learner in learners))
    before, stolen, at = worker.cpu_times(), stolen_s(), time.monotonic()
    async with asyncio.TaskGroup() as tasks:
        talks = [tasks.create_task(_talk(learner, clips, n, seconds)) for n, learner in enumerate(learners)]
    after, took = worker.cpu_times(), time.monotonic() - at
    own = [ms for talk in talks for ms in talk.result()]
    return _Step(
        p95_ms=percentiles(own).get("p95", float("inf")),
        load=(after.user + after.system - before.user - before.system) / took,
        stolen=(stolen_s() - stolen) / took,
    )


async def _talk(
    learner: Learner, clips: list[tuple[Clip, float]], number: int, seconds: float
) -> list[float]:
    """Our share (ms) of each turn, one after the other."""
    await asyncio.sleep(number * 0.37 % 2)
    loop = asyncio.get_running_loop()
    until, found, turn = loop.time() + seconds, list[float](), number
    while loop.time() < until:
        found.append(await _one_turn(learner, *clips[turn % len(clips)]))
        turn += 1
    return found


async def _one_turn(learner: Learner, clip: Clip, tail_ms: float) -> float:
    publisher = learner.client.publisher
    assert publisher is not None
    learner.say(clip)
    try:
        async with asyncio.timeout(15):
            while publisher.first_speech_ns is None:  # noqa: ASYNC110 - of a hot path
                await asyncio.sleep(0.01)
            first_loud = next(i for i, level in enumerate(clip.levels) if level < 50)
            ended = speech_end_ns(clip, publisher.first_speech_ns - first_loud * 20_000_000) - 20_000_000
            while not (packets := learner.tutor_packets(ended)):  # noqa: ASYNC110 - of a hot path
                await asyncio.sleep(0.02)
    except TimeoutError:
        return float("inf")
    await until_quiet(learner)
    learner.tutor.kept.clear()
    total = (packets[0] - ended) / 1e6
    return total - DELAY_S[LEVEL] * 1000 - tail_ms - LATENCIES.answer * 1000
