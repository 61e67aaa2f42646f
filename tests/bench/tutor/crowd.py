"""What many people cost: the worker in a full room, and the room with a tutor that speaks in it."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.bench.calm import Calm, stolen_s
from tests.bench.figures import Row
from tests.bench.scenarios.crowd import seat
from tests.bench.stats import percentiles
from tests.bench.tutor.practice import stage
from tests.fakes.rtc import Clip, Pacer, RestClient, RtcClient, silence_clip, tone_clip
from tests.fakes.rtc.client import ClientOptions
from tests.fakes.rtc.receiver import SlotLog
from tests.fakes.server_process import ServerProcess
from tests.fakes.tutor.stage_door import a_job, a_person, a_setting
from tests.fakes.tutor.timed_engines import Latencies

PEOPLE = 11
TALK = "Please tell me something about the sea, the sun and the mountains. I would like to hear a long story."


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
    calm = Calm()
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        settings = {"AGENTS": "1", "LOG_LEVEL": "warning"}
        server = await stack.enter_async_context(ServerProcess(Path(folder), settings))
        rest = await stack.enter_async_context(RestClient(server.url))
        pacer = await stack.enter_async_context(Pacer())
        token = await rest.guest("Host")
        room_id = str((await rest.create_room(token, maxParticipants=12))["id"])
        host = RtcClient(server.url, token, ClientOptions(stamps=True))
        await host.connect()
        stack.push_async_callback(host.aclose)
        await host.join(room_id, clip=tone_clip(250), stamp=True)
        await host.set_muted(False)
        people = [host]
        for n in range(PEOPLE):
            options = ClientOptions(stamps=True)
            people.append(await seat(stack, rest, room_id, clip=_tone(n), options=options, stamp=True))
        for client in people:
            assert client.publisher is not None
            pacer.add(client.publisher)
        await asyncio.sleep(2.0)
        without = await calm.stretches(lambda: _watch(people), round(seconds))
        await rest.request("POST", f"/api/rooms/{room_id}/tutor", token, {})
        joined = await host.wait_event("participant_joined", _is_tutor, within=60)
        tutor = await host.wait_slot(joined.data["participant"]["id"])
        heard = tutor.packets
        for _ in range(3):
            await host.call("say", {"text": "Emma, " + TALK})
            await host.call("ask_tutor")
        async with asyncio.timeout(30):
            while tutor.packets < heard + 25:  # noqa: ASYNC110 - of a hot path
                await asyncio.sleep(0.05)
        talking = asyncio.create_task(_keep_talking(host))
        with_tutor = await calm.stretches(lambda: _watch(people, tutor), round(seconds))
        talking.cancel()
        await asyncio.wait([talking])
    before, after = (
        percentiles([delay for one in stretches for delay in one.delays_ms])
        for stretches in (without, with_tutor)
    )
    spoken = sum(one.tutor_packets for one in with_tutor) / 50
    return [
        Row("delay in a room of 12, p50", before["p50"], "ms"),
        Row("delay in a room of 12, p99", before["p99"], "ms"),
        Row("with a tutor that speaks, p50", after["p50"], "ms"),
        Row("with a tutor that speaks, p99", after["p99"], "ms"),
        Row("change of p99", (after["p99"] / before["p99"] - 1) * 100, "%", 20),
        Row("the tutor spoke", spoken / len(with_tutor) * 100, "% of the time"),
        Row("the host took, at most", max(one.stolen for one in without + with_tutor) * 100, "% of a second"),
    ]


async def _keep_talking(host: RtcClient) -> None:
    while True:
        await asyncio.sleep(4.0)
        await host.call("say", {"text": "Emma, " + TALK})


@dataclass(frozen=True, slots=True)
class _Second:
    delays_ms: list[float]
    tutor_packets: int
    stolen: float


async def _watch(people: list[RtcClient], tutor: SlotLog | None = None) -> _Second:
    """The tutor's packets carry no stamp: what is read of them is nonsense and left out."""
    for client in people:
        client.receiver.delays_ns.clear()
    heard, stolen = tutor.packets if tutor else 0, stolen_s()
    await asyncio.sleep(1.0)
    return _Second(
        [ns / 1e6 for client in people for ns in client.receiver.delays_ns if 0 <= ns < 5_000_000_000],
        tutor.packets - heard if tutor else 0,
        stolen_s() - stolen,
    )


def _tone(n: int) -> Clip:
    return tone_clip(300 + 50 * n)


def _is_tutor(data: dict[str, object]) -> bool:
    participant = data["participant"]
    return isinstance(participant, dict) and participant["kind"] == "tutor"
