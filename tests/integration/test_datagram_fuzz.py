"""Random datagrams to the media port of a real server, from unknown addresses and from a participant's."""

from __future__ import annotations

import asyncio
import random
import socket
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.fakes.rtc import Pacer, RestClient, RtcClient, tone_clip
from tests.fakes.rtc.client import ClientOptions
from tests.fakes.scale import scaled
from tests.fakes.server_process import ServerProcess
from tests.fakes.udp_backlog import udp_backlog

DATAGRAMS = scaled(20_000, 1_000_000, "fuzz")
_BURST = 100
_GROWTH_BYTES = 12_000_000

pytestmark = [pytest.mark.fuzz, pytest.mark.timeout(3600)]


class _Call:
    """Two people in a room, one talking, and a sample of every kind of datagram that they send."""

    def __init__(self, server: ServerProcess, talker: RtcClient, listener: RtcClient) -> None:
        self.server = server
        self.talker = talker
        self.listener = listener
        self.samples: deque[bytes] = deque(maxlen=400)


@pytest.fixture
async def call(tmp_path: Path) -> AsyncIterator[_Call]:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(ServerProcess(tmp_path / "data"))
        rest = await stack.enter_async_context(RestClient(server.url))
        token = await rest.guest("Talker")
        room = await rest.create_room(token)
        talker = RtcClient(server.url, token)
        listener = RtcClient(server.url, await rest.guest("Listener"), ClientOptions(keep=True))
        for client in (talker, listener):
            await client.connect()
            stack.push_async_callback(client.aclose)
        call = _Call(server, talker, listener)
        await talker.join(room["id"], clip=tone_clip(440))
        await listener.join(room["id"])
        await talker.set_muted(False)
        assert talker.link is not None
        talker.link.tap = call.samples.append
        pacer = await stack.enter_async_context(Pacer())
        assert talker.publisher is not None
        pacer.add(talker.publisher)
        await _heard(call, 20)
        # New checks and, from the other side of the handshake, records: all kinds are among the samples.
        await talker.reconnect("ice")
        yield call


async def test_noise_from_unknown_addresses_does_not_affect_the_call(call: _Call) -> None:
    dice = random.Random(1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        port = call.server.udp_port
        await _undisturbed(
            call, dice, lambda datagram: stranger.sendto(datagram, ("127.0.0.1", port)), DATAGRAMS // 2
        )


async def test_noise_from_the_address_of_a_participant_does_not_affect_the_call(call: _Call) -> None:
    assert call.talker.link is not None
    await _undisturbed(call, random.Random(2), call.talker.link.send_raw, DATAGRAMS // 2)


async def _undisturbed(call: _Call, dice: random.Random, send: Callable[[bytes], object], count: int) -> None:
    samples = list(call.samples)
    assert {_kind(sample) for sample in samples} >= {"stun", "rtp"}
    log = await call.listener.wait_slot(call.talker.participant_id)
    process = call.server.process
    await _storm(call, dice, send, samples, min(count, 2_000))
    memory, sockets, lost = process.memory_full_info().uss, len(process.net_connections("udp")), log.lost
    dropped = udp_backlog(call.server.udp_port, process.pid)[1]
    refused = await _refused(call.server)
    await _storm(call, dice, send, samples, count)

    await _heard(call, 25)
    assert udp_backlog(call.server.udp_port, process.pid)[1] == dropped, (
        "the server dropped datagrams because it could not keep up"
    )
    assert await _refused(call.server) - refused > count / 2, "the server received none of the datagrams"
    assert log.lost == lost
    assert call.listener.link is not None
    assert call.listener.link.auth_failures == 0
    assert len(process.net_connections("udp")) == sockets
    assert process.memory_full_info().uss - memory < _GROWTH_BYTES
    assert call.server.complaints() == []


async def _refused(server: ServerProcess) -> float:
    metrics = await server.metrics()
    return sum(value for name, value in metrics.items() if name.startswith("parlor_media_dropped_total"))


async def _storm(
    call: _Call, dice: random.Random, send: Callable[[bytes], object], samples: list[bytes], count: int
) -> None:
    pid, port = call.server.process.pid, call.server.udp_port
    for start in range(0, count, _BURST):
        for _ in range(min(_BURST, count - start)):
            send(_noise(dice, samples))
        await asyncio.sleep(0)
        while udp_backlog(port, pid)[0]:  # noqa: ASYNC110 - it is in the kernel
            await asyncio.sleep(0.0005)


async def _heard(call: _Call, more: int, within_s: float = 15) -> None:
    log = await call.listener.wait_slot(call.talker.participant_id)
    target = log.packets + more
    async with asyncio.timeout(within_s):
        while log.packets < target:  # noqa: ASYNC110 - counted in a reader callback
            await asyncio.sleep(0.02)


def _noise(dice: random.Random, samples: list[bytes]) -> bytes:
    """Random bytes after a first byte of each protocol, or a valid datagram with a few changes."""
    choice = dice.random()
    if choice < 0.3:
        first = dice.choice((0, 1, 20, 22, 23, 63, 64, 79, 128, 144, 191, 192, 255))
        return bytes((first,)) + dice.randbytes(dice.choice((0, 1, 11, 19, 40, 200, 1400, 1501, 2500)))
    if choice < 0.32:
        return b""
    datagram = bytearray(dice.choice(samples))
    for _ in range(dice.randint(1, 4)):
        datagram[dice.randrange(len(datagram))] ^= 1 << dice.randrange(8)
    if choice < 0.5:
        del datagram[dice.randrange(1, len(datagram)) :]
    elif choice < 0.6:
        datagram += dice.randbytes(dice.randint(1, 60))
    return bytes(datagram)


def _kind(datagram: bytes) -> str:
    if datagram[0] < 4:
        return "stun"
    return "dtls" if datagram[0] < 64 else "rtp"
