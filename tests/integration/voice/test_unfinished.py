"""Messages that clients leave unfinished: their memory is bounded over all connections together."""

from __future__ import annotations

import asyncio
import struct
from contextlib import AsyncExitStack

import pytest

from server.common.tasks import cancel_and_wait
from server.protocol.voice.base import TRY_LATER
from server.protocol.voice.tutor import MAX_MESSAGE_BYTES
from server.voice.arriving import MAX_ARRIVING_BYTES
from tests.fakes.voice import WITHIN_S, VoiceScene, VoiceSocket

pytestmark = pytest.mark.asyncio(loop_scope="package")
PART = MAX_MESSAGE_BYTES - (2 << 20)
"""Bytes of each message that are sent."""
EXTRA = 2
HELD = "parlor_voice_bytes_arriving"


def begin_message(client: VoiceSocket, size: int) -> None:
    """All of a text message but its end, in one frame whose mask is zero (RFC 6455 section 5.2)."""
    _transport(client).write(struct.pack("!BBQI", 0x81, 0x80 | 127, size + 1, 0) + b"{" + b" " * (size - 1))


def _transport(client: VoiceSocket) -> asyncio.WriteTransport:
    connection = client.socket._response.connection
    assert connection is not None
    assert isinstance(connection.transport, asyncio.WriteTransport)
    return connection.transport


async def held(scene: VoiceScene, least: int, most: int) -> int:
    async with asyncio.timeout(WITHIN_S):
        while not least <= (found := int((await scene.server.metrics())[HELD])) <= most:  # noqa: ASYNC110 - a metric
            await asyncio.sleep(0.05)
    return found


async def test_a_crowd_of_unfinished_messages_costs_those_who_send_most(scene: VoiceScene) -> None:
    fitting = MAX_ARRIVING_BYTES // PART
    before = scene.server.process.memory_info().rss
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(scene.connect("/api/ws/voice")) for _ in range(fitting + EXTRA)
        ]
        for client in clients:
            begin_message(client, PART)
        ends = {asyncio.create_task(client.closed()): client for client in clients}
        ended = 0
        async with asyncio.timeout(2 * WITHIN_S):
            while ended < EXTRA:
                done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
                for end in done:
                    (error,) = ends.pop(end).texts
                    assert "Too many recordings are arriving" in error["message"]
                    assert end.result() == TRY_LATER
                ended += len(done)
        await held(scene, fitting * PART, MAX_ARRIVING_BYTES)
        assert ended == EXTRA
        # Python's lists of pieces and the allocator add to the bytes themselves.
        assert scene.server.process.memory_info().rss - before < 1.5 * MAX_ARRIVING_BYTES
        async with scene.connect("/session?session=beside") as other:
            await other.say(type="ping")
            await other.kind("pong")
        await cancel_and_wait(*ends)
    await held(scene, 0, 0)
    assert scene.server.complaints() == []


async def test_a_message_that_is_complete_does_not_count_any_more(scene: VoiceScene) -> None:
    async with scene.connect("/v2/echo/whole") as client:
        begin_message(client, size=50_000)
        await held(scene, 50_000, 50_100)
        _transport(client).write(b"}")
        assert await client.until(lambda _: True) == {}
        await held(scene, 0, 0)


async def test_a_ping_between_the_parts_of_a_message_hides_nothing_of_it(scene: VoiceScene) -> None:
    async with scene.connect("/v2/echo/parts") as client:
        first_of_two = struct.pack("!BBHI", 0x01, 0x80 | 126, 40_000, 0) + b" " * 40_000
        _transport(client).write(first_of_two)
        await held(scene, 40_000, 40_100)
        await client.socket.ping()
        await held(scene, 40_014, 40_300)
        last = struct.pack("!BBI", 0x80, 0x80 | 2, 0) + b"{}"
        _transport(client).write(last)
        assert await client.until(lambda _: True) == {}
        await held(scene, 0, 0)
