"""Voice sessions of several servers: any of them finds a session by its id, with all that was said."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.contract.storage_urls import new_database
from tests.fakes.cluster import Cluster
from tests.fakes.redis import RedisServer
from tests.fakes.voice import WITHIN_S
from tests.fakes.voice_talks import PROTOCOLS, session
from tests.fakes.voice_worker import VoiceWorkerProcess

TOKEN = "a" * 32
REPLACED = 4001


@pytest.fixture
async def cluster(tmp_path: Path, postgres_socket: Path, redis_server: RedisServer) -> AsyncIterator[Cluster]:
    url = await new_database(postgres_socket)
    settings = {"COACH_LANGUAGE": "en"}
    async with Cluster(tmp_path, url, redis_server.url, size=2, settings=settings) as cluster:
        yield cluster


async def test_another_server_goes_on_with_each_protocols_talk_and_after_a_kill_too(cluster: Cluster) -> None:
    """All four protocols at once: each turn takes seconds of speech. On a machine that is very busy a turn
    may be heard as two."""
    ids = {name: str(uuid.uuid4()) for name in PROTOCOLS}
    n1, n2 = cluster.nodes.values()

    async def answer_by_n2(name: str) -> str:
        async with session(n2, PROTOCOLS[name], ids[name]) as client:
            return await PROTOCOLS[name].answer(client)

    async def move_to_n2(name: str) -> str:
        """The first server's connection is still open, in the middle of an answer."""
        protocol = PROTOCOLS[name]
        async with session(n1, protocol, ids[name]) as client:
            await protocol.begin(client)
            answer = await answer_by_n2(name)
            assert await client.closed() == REPLACED
            return answer

    async def stay_at_n1(name: str, killed: asyncio.Event) -> None:
        async with session(n1, PROTOCOLS[name], ids[name]) as client:
            await PROTOCOLS[name].answer(client)
            begun.put_nowait(name)
            await killed.wait()

    async with VoiceWorkerProcess(n1, TOKEN, "tea"):
        async with asyncio.timeout(WITHIN_S):
            while not (await n2.metrics()).get("parlor_tutor_workers"):  # noqa: ASYNC110 - a metric
                await asyncio.sleep(0.05)
        moved = await asyncio.gather(*map(move_to_n2, PROTOCOLS))
        assert all(text.count("The tea is") >= 2 for text in moved), moved

        begun: asyncio.Queue[str] = asyncio.Queue()
        killed = asyncio.Event()
        stays = [asyncio.create_task(stay_at_n1(name, killed)) for name in PROTOCOLS]
        async with asyncio.timeout(2 * WITHIN_S):
            for _ in PROTOCOLS:
                await begun.get()
        await n1.kill()
        killed.set()
        await asyncio.gather(*stays)
        after = await asyncio.gather(*map(answer_by_n2, PROTOCOLS))
        assert all(text.count("The tea is") >= 4 for text in after), after
    assert n2.complaints() == []
