"""A bad network in one process: a UDP relay that loses, delays and reorders, reproducible by seed."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Impairment:
    """`loss` of 1, `delay_ms` each packet, up to `jitter_ms` more (which reorders).

    `media_only`: checks and handshakes pass untouched, so that a test measures audio alone.
    """

    loss: float = 0.0
    delay_ms: float = 0.0
    jitter_ms: float = 0.0
    media_only: bool = True


CLEAN = Impairment()


@dataclass(slots=True)
class Tally:
    passed: int = 0
    lost: int = 0


class _Flow:
    """One client's flow, with a separate socket towards the server."""

    def __init__(self, link: LossyLink, client: Address, number: int) -> None:
        self.link = link
        self.client = client
        self.up = random.Random(f"{link.seed}/{number}/up")
        self.down = random.Random(f"{link.seed}/{number}/down")
        self.socket = _udp_socket(link.upstream_host)

    def rebind(self) -> None:
        self.close()
        self.socket = _udp_socket(self.link.upstream_host)
        self.open()

    def open(self) -> None:
        self.link.loop.add_reader(self.socket.fileno(), self.from_server)

    def close(self) -> None:
        self.link.loop.remove_reader(self.socket.fileno())
        self.socket.close()

    def from_server(self) -> None:
        for data, _ in _datagrams(self.socket):
            self.link.pass_on(
                data, self.link.downlink, self.down, self.link.down_tally, self.link.front, self.client
            )

    def to_server(self, data: bytes) -> None:
        self.link.pass_on(data, self.link.uplink, self.up, self.link.up_tally, self.socket, self.link.server)


class LossyLink:
    """`async with LossyLink(server, seed=1) as link`: clients send to `link.address` what is for `server`.

    `uplink` and `downlink` may be set at any time. `cut` True loses everything.
    """

    def __init__(
        self,
        server: Address,
        *,
        seed: int,
        uplink: Impairment = CLEAN,
        downlink: Impairment = CLEAN,
        host: str = "127.0.0.1",
        upstream_host: str = "127.0.0.1",
    ) -> None:
        self.server = server
        self.seed = seed
        self.uplink = uplink
        self.downlink = downlink
        self.cut = False
        self.up_tally, self.down_tally = Tally(), Tally()
        self.upstream_host = upstream_host
        self.front = _udp_socket(host)
        self.address: Address = self.front.getsockname()
        self.loop = asyncio.get_running_loop()
        self._flows: dict[Address, _Flow] = {}

    async def __aenter__(self) -> LossyLink:
        self.loop.add_reader(self.front.fileno(), self._from_clients)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.loop.remove_reader(self.front.fileno())
        self.front.close()
        for flow in self._flows.values():
            flow.close()
        self._flows.clear()

    def rebind(self) -> None:
        """The server sees every client at a new address, as when a NAT forgets its mappings."""
        for flow in self._flows.values():
            flow.rebind()

    def pass_on(
        self,
        data: bytes,
        impairment: Impairment,
        dice: random.Random,
        tally: Tally,
        out: socket.socket,
        to: Address,
    ) -> None:
        suffers = not impairment.media_only or (data and 128 <= data[0] <= 191)
        if self.cut or (suffers and dice.random() < impairment.loss):
            tally.lost += 1
            return
        tally.passed += 1
        delay = impairment.delay_ms + (dice.uniform(0, impairment.jitter_ms) if suffers else 0.0)
        if delay:
            self.loop.call_later(delay / 1000, _send, out, data, to)
        else:
            _send(out, data, to)

    def _from_clients(self) -> None:
        for data, client in _datagrams(self.front):
            flow = self._flows.get(client)
            if flow is None:
                flow = self._flows[client] = _Flow(self, client, len(self._flows))
                flow.open()
            flow.to_server(data)


def _udp_socket(host: str) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setblocking(False)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    sock.bind((host, 0))
    return sock


def _datagrams(sock: socket.socket) -> list[tuple[bytes, Address]]:
    found: list[tuple[bytes, Address]] = []
    with suppress(OSError):
        while len(found) < 64:
            found.append(sock.recvfrom(2048))
    return found


def _send(sock: socket.socket, data: bytes, to: Address) -> None:
    if sock.fileno() >= 0:
        with suppress(OSError):
            sock.sendto(data, to)


Path = Callable[[Address], Address]


def through(link: LossyLink) -> Path:
    """For `ClientOptions.path`: every candidate becomes the relay."""
    return lambda _: link.address
