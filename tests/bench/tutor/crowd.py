"""CPU that a full room takes in the worker."""

from __future__ import annotations

import asyncio

import psutil

from tests.bench.awake import cores_awake
from tests.bench.figures import Row
from tests.bench.scenarios.crowd import seat
from tests.bench.tutor.practice import tutor_bench
from tests.fakes.rtc import silence_clip, tone_clip
from tests.fakes.tutor.timed_engines import Latencies
from tests.fakes.tutor.worker import a_job, a_person, a_setting

PEOPLE = 11


async def silent_people(seconds: float) -> list[Row]:
    """CPU of a worker with 11 people in its room: muted, unmuted and silent, and all making noise."""
    with cores_awake():
        return await _silent_people(seconds)


async def _silent_people(seconds: float) -> list[Row]:
    async with tutor_bench(Latencies()) as here:
        token = await here.rest.guest("Host")
        room = await here.rest.create_room(token, maxParticipants=12)
        people = [
            await seat(here.stack, here.rest, str(room["id"]), clip=silence_clip(60)) for _ in range(PEOPLE)
        ]
        job = a_job(
            str(room["id"]),
            await here.rest.guest("Emma"),
            people=[a_person(client.participant_id) for client in people],
            settings=a_setting(one_to_one=False),
        )
        await here.agents_server.send(here.worker_sid, "job", job)
        await here.agents_server.wait_for("job_ready")
        nothing = await _cpu(here.worker, seconds)
        for client in people:
            assert client.publisher is not None
            here.pacer.add(client.publisher)
        silence = await _cpu(here.worker, seconds)
        for client in people:
            assert client.publisher is not None
            client.publisher.play(tone_clip(300, 5.0))
        sound = await _cpu(here.worker, seconds)
    return [
        Row("worker with 11 people who send nothing", nothing, "% of a core"),
        Row("worker with 11 people who send silence", silence, "% of a core"),
        Row("one silent track", (silence - nothing) / PEOPLE, "% of a core", 0.5),
        Row("worker with 11 people who all make noise", sound, "% of a core"),
    ]


async def _cpu(process: psutil.Process, seconds: float) -> float:
    await asyncio.sleep(1.0)
    before = process.cpu_times()
    await asyncio.sleep(seconds)
    after = process.cpu_times()
    return float(after.user + after.system - before.user - before.system) / seconds * 100
