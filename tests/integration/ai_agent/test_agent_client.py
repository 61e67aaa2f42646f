"""Messages to `/agents` and the server's answers to them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from ai_agent.agent_client import AgentClient
from ai_agent.errors import ServerLost
from server.common.tasks import cancel_and_wait
from server.protocol import agents as wire
from tests.fakes.server_process import ServerProcess
from tests.fakes.tutor.agents_server import AgentsServer

MESSAGE = wire.KeepMessage(job_id="j", id="m1", turn_id="t", role="tutor", participant_id=None, text="Hi")


@asynccontextmanager
async def serving(agents_server: AgentsServer) -> AsyncIterator[AgentClient]:
    client = AgentClient(agents_server.url, agents_server.token, lambda _name, _data: None)
    await client.connect()
    task = asyncio.create_task(_serve(client))
    try:
        yield client
    finally:
        await cancel_and_wait(task)
        await client.aclose()


async def _serve(client: AgentClient) -> None:
    with suppress(ServerLost):
        await client.serve()


async def test_a_message_is_delivered_once_the_server_has_answered() -> None:
    async with AgentsServer() as agents_server, serving(agents_server) as client:
        agents_server.may_answer.clear()
        delivered = client.deliver("keep_message", MESSAGE)
        await agents_server.wait_for("keep_message")
        assert not delivered.done()
        agents_server.may_answer.set()
        async with asyncio.timeout(10):
            assert await delivered


async def test_a_refused_message_is_not_delivered() -> None:
    async with AgentsServer() as agents_server, serving(agents_server) as client:
        agents_server.refuses.add("keep_message")
        async with asyncio.timeout(10):
            assert not await client.deliver("keep_message", MESSAGE)


async def test_messages_without_an_answer_are_not_delivered_when_the_connection_ends() -> None:
    async with AgentsServer() as agents_server, serving(agents_server) as client:
        agents_server.may_answer.clear()
        sent = client.deliver("keep_message", MESSAGE)
        await agents_server.wait_for("keep_message")
        await client.aclose()
        queued = client.deliver("keep_message", MESSAGE)
        async with asyncio.timeout(10):
            assert (await sent, await queued) == (False, False)


async def test_a_flush_waits_for_the_answers_to_messages_but_not_for_ever() -> None:
    async with AgentsServer() as agents_server:
        client = AgentClient(agents_server.url, agents_server.token, lambda _name, _data: None)
        await client.connect()
        agents_server.may_answer.clear()
        delivered = client.deliver("keep_message", MESSAGE)
        await client.flush(0.1)
        assert not delivered.done()
        agents_server.may_answer.set()
        await client.flush(10.0)
        assert delivered.done()
        await client.aclose()


async def test_a_connection_to_a_frozen_server_closes_soon(tmp_path: Path) -> None:
    token = "a" * 32
    async with ServerProcess(tmp_path, {"AGENT_TOKEN": token}) as server:
        client = AgentClient(server.url, token, lambda _name, _data: None)
        await client.connect()
        server.process.suspend()
        try:
            started = time.monotonic()
            await client.aclose()
            assert time.monotonic() - started < 3.0
        finally:
            server.process.resume()
