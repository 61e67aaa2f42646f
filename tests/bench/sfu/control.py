"""Delay of answers to STUN checks while packets are forwarded.

Checks that keep a connection alive (RFC 7675) come from the peer's destination: the media thread answers
them. Checks from other addresses are answered by Python: they show whether the event loop stays free.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from statistics import median

from aioice import stun

from tests.bench.calm import UNTOUCHED
from tests.bench.scenarios.crowd import make_room
from tests.bench.sfu.fleet import Fleet, Stretch
from tests.bench.sfu.servers.parlor import Parlor
from tests.bench.stats import percentiles
from tests.fakes.rtc import MediaLink
from tests.fakes.rtc.link import _arrival_ns, _open_socket

_INTERVAL_S = 0.02


class Prober:
    """Sends checks like the client of a link; `delays_ms` by the kernel's arrival times."""

    def __init__(self, link: MediaLink, sock: socket.socket) -> None:
        assert link.remote is not None
        self.delays_ms: list[float] = []
        self.asked = 0
        self._link = link
        self._to = link.remote
        self._sent: dict[bytes, int] = {}
        self._socket = sock

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        loop.add_reader(self._socket.fileno(), self._drain)
        try:
            while True:
                self._ask()
                await asyncio.sleep(_INTERVAL_S)
        finally:
            loop.remove_reader(self._socket.fileno())

    def _ask(self) -> None:
        ufrag, password = self._link._remote_credentials
        request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        request.attributes["USERNAME"] = f"{ufrag}:{self._link.ufrag}"
        request.attributes["PRIORITY"] = 1
        request.attributes["ICE-CONTROLLING"] = (1 << 64) - 1
        request.add_message_integrity(password.encode())
        datagram = bytes(request)
        self.asked += 1
        self._sent[request.transaction_id] = time.time_ns()
        self._socket.sendto(datagram, self._to)

    def _drain(self) -> None:
        data, ancillary, _, _ = self._socket.recvmsg(2048, 64)
        # The transaction is bytes 8 to 20 (RFC 8489 section 5); the server's own checks are ignored.
        sent = self._sent.pop(data[8:20], None)
        if sent is not None:
            self.delays_ms.append((_arrival_ns(ancillary) - sent) / 1e6)


@asynccontextmanager
async def keeping_alive(link: MediaLink) -> AsyncIterator[Prober]:
    """Sends checks from the link's own address; nothing else may read its socket."""
    async with _probing(Prober(link, link.socket)) as prober:
        yield prober


@asynccontextmanager
async def from_elsewhere(link: MediaLink) -> AsyncIterator[Prober]:
    """Sends checks from another address of the client, as after a change of networks."""
    with _open_socket("0.0.0.0") as sock:
        async with _probing(Prober(link, sock)) as prober:
            yield prober


@asynccontextmanager
async def _probing(prober: Prober) -> AsyncIterator[Prober]:
    task = asyncio.create_task(prober.run())
    try:
        yield prober
    finally:
        task.cancel()
        await asyncio.wait([task])


@dataclass(frozen=True, slots=True)
class _Asked:
    watched: Stretch
    prober: Prober

    @property
    def stolen(self) -> float:
        return self.watched.stolen


async def listener(parlor: Parlor) -> MediaLink:
    """Checks of a person alone in a room, whose socket is used for checks only."""
    client = await parlor.arrive()
    await client.join(await make_room(parlor.rest, 2))
    assert client.link is not None
    client.link.hand_over()
    return client.link


async def ask(
    parlor: Parlor, link: MediaLink, fleet: Fleet, seconds: float, *, repeat: int
) -> dict[str, float]:
    """STUN checks of a `listener` beside the packets: `p50`, `p99`, ... (ms) of `n` answers, and the `load`.

    `elsewhere p50`, ...: of checks that Python answers; one kind after the other, since for these the media
    thread gives way.
    """
    alive = await _asked_by(lambda: keeping_alive(link), parlor, fleet, seconds, repeat)
    elsewhere = await _asked_by(lambda: from_elsewhere(link), parlor, fleet, seconds, repeat)
    return _delays(alive) | {
        **{f"elsewhere {name}": value for name, value in _delays(elsewhere).items()},
        "unanswered": sum(one.prober.asked - len(one.prober.delays_ms) for one in (*alive, *elsewhere)),
        "load": median(one.watched.load for one in (*alive, *elsewhere)),
        "stolen": max(one.stolen for one in (*alive, *elsewhere)),
    }


async def _asked_by(
    probing: Callable[[], AbstractAsyncContextManager[Prober]],
    parlor: Parlor,
    fleet: Fleet,
    seconds: float,
    repeat: int,
) -> list[_Asked]:
    async def watch() -> _Asked:
        async with probing() as prober:
            return _Asked(await fleet.watch(parlor.pid, seconds), prober)

    return await fleet.calm.stretches(watch, repeat, disturbed=UNTOUCHED)


def _delays(asked: Sequence[_Asked]) -> dict[str, float]:
    return percentiles([delay for one in asked for delay in one.prober.delays_ms])
