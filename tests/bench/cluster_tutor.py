"""How soon a tutor answers again when its server, or its worker, is killed while it speaks.

Two workers with the default engines, which serve all servers. Seconds from the kill until the tutor has its
seat again, and until its voice is heard: the learner types as soon as their client is back.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections import Counter
from contextlib import AsyncExitStack

from tests.bench.stats import percentiles
from tests.fakes.cluster import Cluster
from tests.fakes.rtc import Pacer
from tests.fakes.tutor.talk import Talk
from tests.fakes.tutor.worker_process import WorkerProcess

TOKEN = "a" * 32
WITHIN_S = 60.0
SPOKEN_PACKETS = 25
"""Half a second of an answer, which takes several."""
CALM_S = 4.0
WORDS = "I like to cook with my brother. That was dish number {}."


async def measure(cluster: Cluster, kills: int) -> None:
    nodes = list(cluster.nodes)
    async with AsyncExitStack() as stack:
        workers = [
            await stack.enter_async_context(WorkerProcess(cluster.nodes[node].url, TOKEN))
            for node in nodes[:2]
        ]
        talk = Talk(cluster, await stack.enter_async_context(Pacer()))
        stack.push_async_callback(talk.aclose)
        await talk.begin(nodes[0])
        await talk.wait_ready(WITHIN_S)
        said = 0
        for what in ("server", "worker"):
            ready_s, heard_s = [], []
            for _ in range(kills):
                await asyncio.sleep(CALM_S)
                await talk.say(WORDS.format(said), WITHIN_S)
                await talk.hear(SPOKEN_PACKETS, WITHIN_S)
                killed_at = time.monotonic()
                restart = await (
                    _kill_server(cluster, talk) if what == "server" else _kill_worker(workers, talk)
                )
                await talk.wait_ready(WITHIN_S)
                ready_s.append(time.monotonic() - killed_at)
                await talk.say(WORDS.format(said + 1), WITHIN_S)
                await talk.hear(5, WITHIN_S)
                heard_s.append(time.monotonic() - killed_at)
                said += 2
                await restart
            _show(what, "in its seat", ready_s)
            _show(what, "heard", heard_s)
        await asyncio.sleep(CALM_S)
        counts = Counter((message["role"], message["text"]) for message in await talk.messages())
        learner = [text for role, text in counts if role == "learner"]
        twice = [text for (role, text), count in counts.items() if count > 1 and role == "learner"]
        print(f"of {said} sentences of the learner {len(learner)} are stored, {len(twice)} of them twice")


async def _kill_server(cluster: Cluster, talk: Talk) -> asyncio.Task[None]:
    """Returns once the learner's client is back; the result is its restart."""
    node = cluster.nodes[talk.node]
    await node.kill()
    await talk.wait_moved(WITHIN_S)
    return asyncio.create_task(node.start())


async def _kill_worker(workers: list[WorkerProcess], talk: Talk) -> asyncio.Task[None]:
    """Kill the one that speaks. Returns once the learner knows; the result is its restart."""
    for worker in workers:
        if worker.has_job():
            await worker.end(signal.SIGKILL)
            await talk.wait_status("lost", WITHIN_S)
            return asyncio.create_task(worker.start())
    raise SystemExit("no worker has the tutor")


def _show(what: str, name: str, seconds: list[float]) -> None:
    shown = percentiles(seconds)
    print(
        f"{what} killed, tutor {name} after: n={len(seconds)}, p50 {shown['p50']:.2f} s, "
        f"p95 {shown['p95']:.2f} s, worst {shown['max']:.2f} s"
    )
