"""Tutors of several servers: workers serve all of them, and talks go on when a server or a worker ends."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from ai_agent.config import Settings
from ai_agent.jobs.runner import MakeDialogue, Resources
from ai_agent.jobs.uploads import Uploads
from ai_agent.worker import GIVE_UP_AFTER_S, Worker
from server.common.tasks import cancel_and_wait
from server.protocol.tutor import TutorState
from tests.contract.storage_urls import new_database
from tests.fakes.classes import FakeCourses
from tests.fakes.cluster import Cluster
from tests.fakes.redis import RedisServer
from tests.fakes.roaming import everybody_has_moved
from tests.fakes.rtc import Clip, Pacer, tone_clip
from tests.fakes.scale import only_at
from tests.fakes.tutor.echo import EchoDialogue
from tests.fakes.tutor.engines import FixedEngines
from tests.fakes.tutor.loaded_jobs import LoadedJobs
from tests.fakes.tutor.passages import FakeKnowledge
from tests.fakes.tutor.talk import Talk
from tests.fakes.tutor.worker_process import WorkerProcess

TOKEN = "a" * 32
BACK_WITHIN_S = 5.0
WITHIN_S = 30.0


@pytest.fixture
async def cluster(tmp_path: Path, postgres_socket: Path, redis_server: RedisServer) -> AsyncIterator[Cluster]:
    async with Cluster(tmp_path, await new_database(postgres_socket), redis_server.url, size=2) as cluster:
        yield cluster


@asynccontextmanager
async def echo_worker(
    url: str, capacity: int = 8, dialogue: MakeDialogue = EchoDialogue
) -> AsyncIterator[Worker]:
    """A real worker and real seats, whose tutors repeat what they hear."""
    settings = Settings(server_url=url, token=SecretStr(TOKEN), capacity=capacity, _env_file=None)
    async with Uploads(TOKEN) as uploads:
        resources = Resources(
            engines=FixedEngines(),
            dialogue=dialogue,
            audio=uploads,
            knowledge=FakeKnowledge(),
            courses=FakeCourses(),
        )
        worker = Worker(settings, LoadedJobs(resources))
        task = asyncio.create_task(worker.run())
        try:
            yield worker
        finally:
            await cancel_and_wait(task)


async def workers_everywhere(cluster: Cluster, count: int) -> None:
    async with asyncio.timeout(WITHIN_S):
        for node in cluster.nodes.values():
            while (await node.metrics())["parlor_tutor_workers"] != count:  # noqa: ASYNC110 - in the server
                await asyncio.sleep(0.1)


@asynccontextmanager
async def talks(cluster: Cluster, *nodes: str, clip: Clip | None = None) -> AsyncIterator[list[Talk]]:
    """One on each of the servers."""
    async with AsyncExitStack() as stack:
        pacer = await stack.enter_async_context(Pacer())
        found = [Talk(cluster, pacer, clip) for _ in nodes]
        for talk, node in zip(found, nodes, strict=True):
            stack.push_async_callback(talk.aclose)
            await talk.begin(node)
        yield found


async def test_workers_that_know_one_server_serve_all_and_share_their_places(cluster: Cluster) -> None:
    url = cluster.nodes["n1"].url
    async with echo_worker(url, capacity=1), echo_worker(url, capacity=1):
        await workers_everywhere(cluster, 2)
        async with talks(cluster, "n1", "n2") as (first, second):
            for talk in (first, second):
                await talk.wait_ready(WITHIN_S)
            async with talks(cluster, "n1") as (third,):
                await asyncio.sleep(2.0)  # reports come each second
                assert third.status() == "starting"
                await first.person.rtc.leave()
                await third.wait_ready(WITHIN_S)
        assert all(node.complaints() == [] for node in cluster.nodes.values())


async def test_another_worker_continues_at_the_same_server_when_one_ends(cluster: Cluster) -> None:
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(AsyncExitStack())
        await one.enter_async_context(echo_worker(cluster.nodes["n1"].url))
        (talk,) = await stack.enter_async_context(talks(cluster, "n2"))
        await talk.wait_ready(WITHIN_S)
        await stack.enter_async_context(echo_worker(cluster.nodes["n1"].url))
        await workers_everywhere(cluster, 2)
        ended_at = time.monotonic()
        await one.aclose()
        await talk.wait_status("lost", BACK_WITHIN_S)
        await talk.wait_ready(BACK_WITHIN_S)
        assert time.monotonic() - ended_at < BACK_WITHIN_S
        assert talk.person.returns == 0


async def test_a_room_of_a_frozen_server_has_one_tutor_when_it_has_moved(cluster: Cluster) -> None:
    frozen = cluster.nodes["n1"]
    async with (
        echo_worker(cluster.nodes["n2"].url, capacity=8) as worker,
        talks(cluster, "n1", clip=tone_clip(440)) as (talk,),
    ):
        await talk.wait_ready(WITHIN_S)
        await talk.hear(50, WITHIN_S)  # the client finds out by the packets that stop
        await cluster.trust()
        frozen.process.suspend()
        try:
            await talk.wait_moved(WITHIN_S)
            await talk.wait_ready(BACK_WITHIN_S)
            async with asyncio.timeout(2 * GIVE_UP_AFTER_S):
                while worker.free() != 7:  # noqa: ASYNC110 - the frozen server cancels nothing
                    await asyncio.sleep(0.05)
        finally:
            frozen.process.resume()
        async with asyncio.timeout(WITHIN_S):
            while not any("room closed: moved" in line for line in frozen.lines):  # noqa: ASYNC110 - its log
                await asyncio.sleep(0.05)
        await talk.wait_ready(BACK_WITHIN_S)
        assert talk.node != "n1"


async def test_a_server_that_stops_waits_for_the_end_of_what_the_tutor_says(cluster: Cluster) -> None:
    dialogues: list[EchoDialogue] = []

    def speaking(*given: Any, **named: Any) -> EchoDialogue:
        dialogues.append(EchoDialogue(*given, **named))
        return dialogues[-1]

    async with (
        echo_worker(cluster.nodes["n2"].url, dialogue=speaking),
        talks(cluster, "n1") as (talk,),
    ):
        await talk.wait_ready(WITHIN_S)
        dialogues[0].sink.show_state(TutorState.SPEAKING)
        await talk.person.rtc.wait_event("tutor_state", lambda event: event["state"] == "speaking")
        stop = asyncio.create_task(cluster.nodes["n1"].stop())
        await asyncio.sleep(1.5)
        assert (talk.node, talk.person.moves) == ("n1", 0)
        dialogues[0].sink.show_state(TutorState.IDLE)
        async with asyncio.timeout(BACK_WITHIN_S):
            while talk.node != "n2":  # noqa: ASYNC110 - of a client that follows
                await asyncio.sleep(0.02)
        await talk.wait_ready(BACK_WITHIN_S)
        await stop
        assert (talk.person.moves, talk.person.returns) == (1, 0)
        assert len(dialogues) == 2
        assert cluster.nodes["n2"].complaints() == []


async def test_typed_words_without_an_answer_reach_the_tutor_of_the_new_server_once(cluster: Cluster) -> None:
    dialogues: list[EchoDialogue] = []

    def silent(*given: Any, **named: Any) -> EchoDialogue:
        dialogues.append(EchoDialogue(*given, **named))
        return dialogues[-1]

    async with (
        echo_worker(cluster.nodes["n2"].url, dialogue=silent),
        talks(cluster, "n1") as (talk,),
    ):
        await talk.wait_ready(WITHIN_S)
        dialogues[0].sink.show_state(TutorState.IDLE)
        await talk.person.rtc.wait_event("tutor_state", lambda event: event["state"] == "idle")
        await talk.say("I like tea.", WITHIN_S)
        await asyncio.gather(cluster.nodes["n1"].stop(), everybody_has_moved([talk.person], WITHIN_S))
        await talk.wait_ready(BACK_WITHIN_S)
        async with asyncio.timeout(BACK_WITHIN_S):
            while not dialogues[1].inputs:  # noqa: ASYNC110 - in the worker
                await asyncio.sleep(0.02)
        await talk.say("And coffee.", WITHIN_S)
        async with asyncio.timeout(BACK_WITHIN_S):
            while len(dialogues[1].inputs) < 2:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.02)
        words = [[text for kind, _, text in dialogue.inputs if kind == "say"] for dialogue in dialogues]
        assert words == [["I like tea."], ["I like tea.", "And coffee."]]


@pytest.mark.timeout(300)
async def test_the_tutor_is_back_after_its_server_was_killed_in_mid_sentence(cluster: Cluster) -> None:
    async with (
        WorkerProcess(cluster.nodes["n2"].url, TOKEN),
        talks(cluster, "n1") as (talk,),
    ):
        await talk.wait_ready(WITHIN_S)
        await talk.say("I like to cook with my brother.", WITHIN_S)
        await talk.hear(10, WITHIN_S)
        killed_at = time.monotonic()
        await cluster.nodes["n1"].kill()
        await talk.wait_moved(BACK_WITHIN_S)
        await talk.wait_ready(BACK_WITHIN_S)
        await talk.say("We made a cake on Sunday.", BACK_WITHIN_S)
        await talk.hear(5, BACK_WITHIN_S)
        took = time.monotonic() - killed_at
        print(f"the tutor answers again after {took:.2f} s")
        assert took < BACK_WITHIN_S
        await talk.wait_stored("tutor", 2, WITHIN_S)
        stored = await talk.messages()
        assert [m["text"] for m in stored if m["role"] == "learner"][-1] == "We made a cake on Sunday."
        assert _twice(stored) == []
        assert not any("Emma" in m["text"] for m in stored[-1:])  # it does not introduce itself again


@pytest.mark.soak
@only_at("soak")
@pytest.mark.timeout(300)
async def test_a_tutor_ends_its_turn_before_the_room_leaves_a_server_that_is_stopped(
    cluster: Cluster,
) -> None:
    async with (
        WorkerProcess(cluster.nodes["n2"].url, TOKEN),
        talks(cluster, "n1") as (talk,),
    ):
        await talk.wait_ready(WITHIN_S)
        await talk.say("I like to cook with my brother.", WITHIN_S)
        await talk.hear(10, WITHIN_S)
        old = talk.person.rtc
        stopping = asyncio.create_task(cluster.nodes["n1"].stop())
        await everybody_has_moved([talk.person], WITHIN_S)
        states = [event.data["state"] for event in old.events if event.name == "tutor_state"]
        assert states[-1] == "idle"
        assert talk.person.returns == 0
        moved_at = time.monotonic()
        await talk.wait_ready(BACK_WITHIN_S)
        await talk.say("We made a cake on Sunday.", BACK_WITHIN_S)
        await talk.hear(5, BACK_WITHIN_S)
        print(f"the tutor answers again {time.monotonic() - moved_at:.2f} s after the move")
        await stopping
        await talk.wait_stored("tutor", 3, WITHIN_S)
        stored = await talk.messages()
        assert [m["text"] for m in stored if m["role"] == "learner"][-1] == "We made a cake on Sunday."
        assert _twice(stored) == []
        assert not any("Emma" in m["text"] for m in stored[-1:])  # it does not introduce itself again
        assert cluster.nodes["n1"].exit_code == 0


def _twice(messages: list[dict[str, Any]]) -> list[tuple[str, str]]:
    counts = Counter((message["role"], message["text"]) for message in messages)
    return [message for message, count in counts.items() if count > 1]
