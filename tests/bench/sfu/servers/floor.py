"""AES-GCM and `sendmmsg` alone: no server, but the same packets to the same number of sockets."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from pylibsrtp import Policy

from server.sfu.transport.candidates import AddressRules, interfaces, offered_addresses, route_sources
from tests.bench.native import SILENT
from tests.bench.sfu.fleet import Fleet
from tests.bench.sfu.floor_process import session
from tests.bench.sfu.servers.base import Cores, Room, Sfu, pinned
from tests.fakes.rtc.link import SO_TIMESTAMPNS
from tests.fakes.server_process import ROOT

_HOST = offered_addresses(interfaces(), route_sources(), AddressRules(loopback=True, ipv6=False))[0]
"""The address by which other servers reach their clients: it may cost the kernel more than 127.0.0.1."""
_RECEIVE_BUFFER = 4 << 20


class Floor:
    """Each change of the speakers restarts its process, with new sockets to send to."""

    def __init__(self, fleet: Fleet, cores: Cores) -> None:
        self.pid = 0
        self._cores = cores
        self._fleet = fleet
        self._process: asyncio.subprocess.Process | None = None
        self._receivers: dict[int, socket.socket] = {}

    async def fill(self, people: int) -> Room:
        return [0] * people

    async def speak(self, rooms: Sequence[Room], modes: Sequence[int]) -> None:
        """Speakers in other rooms stop."""
        await self.stop()
        if any(mode != SILENT for mode in modes):
            await self._start(len(rooms), list(modes))

    async def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            await self._process.wait()
            self._process = None
        for link, sock in self._receivers.items():
            self._fleet.forget(link)
            sock.close()
        self._receivers.clear()

    async def _start(self, rooms: int, modes: list[int]) -> None:
        ports = [self._receiver() for _ in range(rooms * len(modes))]
        options = {"people": len(modes), "host": _HOST, "ports": ports, "modes": modes * rooms}
        heard = self._fleet.received
        self._process = await asyncio.create_subprocess_exec(
            *pinned(self._cores),
            *(sys.executable, "-m", "tests.bench.sfu.floor_process", json.dumps(options)),
            cwd=ROOT,
        )
        self.pid = self._process.pid
        async with asyncio.timeout(30):
            while self._fleet.received == heard:  # noqa: ASYNC110 - counted in C, without an event
                await asyncio.sleep(0.05)

    def _receiver(self) -> int:
        """The port of a new socket that only listens."""
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        sock.bind((_HOST, 0))
        self._receivers[self._fleet.add_receiver(sock, session(Policy.SSRC_ANY_INBOUND))] = sock
        return int(sock.getsockname()[1])


@asynccontextmanager
async def started(fleet: Fleet, cores: Cores) -> AsyncIterator[Sfu]:
    floor = Floor(fleet, cores)
    try:
        yield floor
    finally:
        await floor.stop()
