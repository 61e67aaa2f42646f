"""Memory of the default worker with its engines' processes: idle, and while 1 and 4 learners talk."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

import psutil

from tests.bench.figures import Row
from tests.bench.tutor.practice import SILENCE
from tests.bench.tutor.voice_to_voice import UTTERANCES
from tests.fakes.rtc import Pacer, RestClient, RtcClient
from tests.fakes.rtc.client import ClientOptions
from tests.fakes.rtc.clips import speech_clip
from tests.fakes.server_process import ServerProcess

WITHIN_S = 180.0
POLL_S = 0.05
SESSIONS = (1, 4)


async def worker_memory() -> list[Row]:
    """PSS, which divides shared pages among the processes that share them; RSS counts them in each."""
    rows: list[Row] = []
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        server = await stack.enter_async_context(ServerProcess(Path(folder), {"AGENTS": "1"}))
        async with asyncio.timeout(WITHIN_S):
            while '"event": "loaded"' not in server.output():  # noqa: ASYNC110 - a line of a process
                await asyncio.sleep(POLL_S)
        worker = server.process.children()[0]
        rows += memory("idle", worker)
        rest = await stack.enter_async_context(RestClient(server.url))
        pacer = await stack.enter_async_context(Pacer())
        for count in range(1, 5):
            await one_talk(server, rest, pacer, stack)
            if count in SESSIONS:
                rows += memory(f"{count} sessions", worker)
    return rows


async def one_talk(server: ServerProcess, rest: RestClient, pacer: Pacer, stack: AsyncExitStack) -> None:
    """One more learner, who says a sentence and is answered."""
    token = await rest.guest("Learner", learningLevel="B1")
    room_id = str((await rest.create_room(token, type="ai"))["id"])
    client = await stack.enter_async_context(RtcClient(server.url, token, ClientOptions(keep=True)))
    await client.join(room_id, clip=SILENCE)
    await client.set_muted(False)
    assert client.publisher is not None
    pacer.add(client.publisher)
    await client.wait_event("tutor_text", lambda data: data["isFinal"], within=WITHIN_S)
    client.publisher.play(speech_clip(UTTERANCES[0]) + SILENCE)
    await client.wait_event("transcript", lambda data: data["isFinal"], within=WITHIN_S)


def memory(when: str, worker: psutil.Process) -> list[Row]:
    processes = [worker, *worker.children(recursive=True)]
    found = [process.memory_full_info() for process in processes]
    return [
        Row(f"{when}: the worker alone, PSS", found[0].pss / 1e6, "MB"),
        Row(f"{when}: with its {len(processes) - 1} processes, PSS", sum(f.pss for f in found) / 1e6, "MB"),
        Row(f"{when}: with its {len(processes) - 1} processes, RSS", sum(f.rss for f in found) / 1e6, "MB"),
    ]
