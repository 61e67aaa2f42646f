"""What many people cost: the worker in a full room, and the room with a tutor that speaks in it."""

from __future__ import annotations

import asyncio
from statistics import median

import psutil

from tests.bench.figures import Row
from tests.bench.native import TALKS
from tests.bench.scenarios.crowd import seat
from tests.bench.sfu.fleet import Fleet, Stretch
from tests.bench.sfu.servers.base import ALL_CORES
from tests.bench.sfu.servers.parlor import started
from tests.bench.tutor.practice import stage
from tests.fakes.rtc import RtcClient, silence_clip, tone_clip
from tests.fakes.tutor.stage_door import a_job, a_person, a_setting
from tests.fakes.tutor.timed_engines import Latencies

PEOPLE = 11
TALK = "Emma, tell me something about the sea, the sun and the mountains. I would like to hear a long story."


async def silent_people(seconds: float) -> list[Row]:
    """CPU of a worker with 11 people in its room: muted, unmuted and silent, and all making noise."""
    async with stage(Latencies()) as here:
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
        await here.hub.tell(here.worker_sid, "job", job)
        await here.hub.heard("job_ready")
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
        Row("worker with 11 people who all sound", sound, "% of a core"),
    ]


async def _cpu(process: psutil.Process, seconds: float) -> float:
    await asyncio.sleep(1.0)
    before = process.cpu_times()
    await asyncio.sleep(seconds)
    after = process.cpu_times()
    return float(after.user + after.system - before.user - before.system) / seconds * 100


async def added_delay(seconds: float) -> list[Row]:
    """The delay of the twelve's packets through the server, without a tutor and while one speaks."""
    fleet = Fleet(PEOPLE + 1)
    async with started(fleet, ALL_CORES, AGENTS="1") as parlor, fleet:
        host = await parlor.arrive()
        room_id = str((await parlor.rest.create_room(host.token, maxParticipants=PEOPLE + 1))["id"])
        room = [await parlor.sit(host, room_id), *[await parlor.seat(room_id) for _ in range(PEOPLE)]]
        await parlor.speak([room], [TALKS] * len(room))
        await asyncio.sleep(2.0)

        async def watch() -> Stretch:
            return await fleet.watch(parlor.pid, 1.0)

        without = await fleet.calm.stretches(watch, round(seconds))
        await parlor.rest.request("POST", f"/api/rooms/{room_id}/tutor", host.token, {})
        await host.wait_event("participant_joined", _is_tutor, within=60)
        await host.call("say", {"text": TALK})
        await host.call("ask_tutor")
        async with asyncio.timeout(30):
            while _spoke(await watch()) < 0.5:
                pass
        talking = asyncio.create_task(_keep_talking(host))
        with_tutor = await fleet.calm.stretches(watch, round(seconds))
        talking.cancel()
        await asyncio.wait([talking])

    def middle(stretches: list[Stretch], name: str) -> float:
        return float(median(getattr(stretch, name) for stretch in stretches)) / 1000

    before, after = middle(without, "p99_us"), middle(with_tutor, "p99_us")
    taken = max(stretch.stolen for stretch in without + with_tutor)
    return [
        Row("delay in a room of 12, p50", middle(without, "p50_us"), "ms"),
        Row("delay in a room of 12, p99", before, "ms"),
        Row("with a tutor that speaks, p50", middle(with_tutor, "p50_us"), "ms"),
        Row("with a tutor that speaks, p99", after, "ms"),
        Row("change of p99", (after / before - 1) * 100, "%", 20),
        Row("the tutor spoke", sum(map(_spoke, with_tutor)) / len(with_tutor) * 100, "% of the time"),
        Row("the host took, at most", taken * 100, "% of a second"),
    ]


def _spoke(stretch: Stretch) -> float:
    """The tutor, for which share of the stretch: by what came to the twelve besides their own packets."""
    frames = stretch.seconds * 50
    return (stretch.received - stretch.sent * PEOPLE) / frames / (PEOPLE + 1)


async def _keep_talking(host: RtcClient) -> None:
    while True:
        await asyncio.sleep(4.0)
        await host.call("say", {"text": TALK})
        await host.call("ask_tutor")


def _is_tutor(data: dict[str, object]) -> bool:
    participant = data["participant"]
    return isinstance(participant, dict) and participant["kind"] == "tutor"
