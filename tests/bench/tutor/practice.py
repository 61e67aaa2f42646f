"""A server and a worker, each in its own process, and clients with microphones."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from tests.fakes.rtc import Clip, Pacer, RestClient, RtcClient, silence_clip
from tests.fakes.rtc.client import ClientOptions
from tests.fakes.rtc.receiver import SlotLog
from tests.fakes.server_process import ROOT, ServerProcess
from tests.fakes.tutor.agents_server import AgentsServer
from tests.fakes.tutor.timed_engines import Latencies
from tests.fakes.tutor.worker import a_job, a_person, a_setting

SILENCE = silence_clip(120.0)


@dataclass
class Learner:
    """A client alone with the tutor. `tutor` logs the tutor's packets with the kernel's arrival times."""

    client: RtcClient
    room_id: str
    job_id: str
    tutor: SlotLog

    def say(self, clip: Clip) -> None:
        """Then silence."""
        assert self.client.publisher is not None
        self.client.publisher.play(clip + SILENCE)

    def tutor_packets(self, since_ns: int, until_ns: int | None = None) -> list[int]:
        """Arrivals (ns) of the tutor's speech, without the silence that ends it."""
        return [
            packet.arrival_ns
            for packet in self.tutor.kept
            if packet.arrival_ns >= since_ns
            and (until_ns is None or packet.arrival_ns < until_ns)
            and len(packet.payload) > 3
        ]


@dataclass
class TutorBench:
    server: ServerProcess
    rest: RestClient
    agents_server: AgentsServer
    worker_sid: str
    worker: psutil.Process
    pacer: Pacer
    stack: AsyncExitStack
    jobs: int = 0

    async def learner(self, *, level: str = "B1") -> Learner:
        """One more room with a learner and a tutor."""
        self.jobs += 1
        job_id = f"job{self.jobs}"
        token = await self.rest.guest("Learner")
        room_id = str((await self.rest.create_room(token, maxParticipants=2))["id"])
        client = RtcClient(self.server.url, token, ClientOptions(keep=True))
        await client.connect()
        self.stack.push_async_callback(client.aclose)
        await client.join(room_id, clip=SILENCE)
        await client.set_muted(False)
        assert client.publisher is not None
        self.pacer.add(client.publisher)
        job = a_job(
            room_id,
            await self.rest.guest("Emma"),
            job_id=job_id,
            people=[a_person(client.participant_id)],
            settings=a_setting(level=level),
            history=[],
        )
        await self.agents_server.send(self.worker_sid, "job", job)
        await self.agents_server.wait_for("job_ready", lambda data: data["jobId"] == job_id)
        joined = await client.wait_event("participant_joined")
        tutor = await client.wait_slot(joined.data["participant"]["id"])
        return Learner(client, room_id, job_id, tutor)


@asynccontextmanager
async def tutor_bench(latencies: Latencies) -> AsyncIterator[TutorBench]:
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        settings = {"LOG_LEVEL": "warning", "MAX_ROOMS_PER_USER": "1000"}
        server = await stack.enter_async_context(ServerProcess(Path(folder), settings))
        rest = await stack.enter_async_context(RestClient(server.url))
        agents_server = await stack.enter_async_context(AgentsServer())
        options = {
            "agents_url": agents_server.url,
            "server_url": server.url,
            "token": agents_server.token,
            "latencies": asdict(latencies),
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bench.tutor.worker", json.dumps(options), cwd=ROOT
        )
        stack.push_async_callback(_end, process)
        sid = await agents_server.worker(within_s=60)
        pacer = await stack.enter_async_context(Pacer())
        people = await stack.enter_async_context(AsyncExitStack())
        yield TutorBench(server, rest, agents_server, sid, psutil.Process(process.pid), pacer, people)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.wait()


def speech_end_ns(clip: Clip, started_ns: int, loud: int = 50) -> int:
    """End (ns) of the last loud frame of a clip whose sending began at that time."""
    last = max(i for i, level in enumerate(clip.levels) if level < loud)
    return started_ns + (last + 1) * 20_000_000


async def until_quiet(learner: Learner, for_s: float = 0.6) -> None:
    """Waits until the tutor has been silent for this long."""
    while time.time_ns() - max(learner.tutor.last_arrival_ns, 0) < for_s * 1e9:  # noqa: ASYNC110 - of a hot path
        await asyncio.sleep(0.05)
