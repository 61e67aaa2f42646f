"""A real coturn for one test, and a bridge that lets a client without TURN speak through it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from aioice import turn

Address = tuple[str, int]
_START_TIMEOUT_S = 20.0


@asynccontextmanager
async def coturn(secret: str, folder: Path) -> AsyncIterator[int]:
    """`turnserver` on loopback, as docker/ sets it up (TURN REST API). Yields its UDP port."""
    port = _free_udp_port()
    process = await asyncio.create_subprocess_exec(
        "turnserver",
        *("-n", "--listening-ip=127.0.0.1", f"--listening-port={port}", "--relay-ip=127.0.0.1"),
        *("--use-auth-secret", f"--static-auth-secret={secret}", "--realm=parlor", "--no-tls", "--no-dtls"),
        *("--no-cli", "--no-tcp", "--allow-loopback-peers", "--relay-threads=1", "--log-file=stdout"),
        *(f"--pidfile={folder / 'coturn.pid'}", f"--userdb={folder / 'coturn.db'}"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await _answers(port)
        yield port
    finally:
        process.terminate()
        await process.wait()


class TurnBridge(asyncio.DatagramProtocol):
    """A local UDP port; its datagrams go to `target` through an allocation, and back. Set `target` first."""

    def __init__(self) -> None:
        self.target: Address = ("127.0.0.1", 9)
        self.relayed = 0
        self._client: Address | None = None
        self._local: asyncio.DatagramTransport | None = None
        self._relay: turn.TurnTransport | None = None

    @classmethod
    async def open(cls, server: Address, username: str, password: str) -> tuple[TurnBridge, Address]:
        """Give the client the address that comes with it. Raises TransactionFailed if it is refused."""
        bridge = cls()
        bridge._relay, _ = await turn.create_turn_endpoint(
            lambda: _Relayed(bridge), server_addr=server, username=username, password=password
        )
        loop = asyncio.get_running_loop()
        bridge._local, _ = await loop.create_datagram_endpoint(lambda: bridge, local_addr=("127.0.0.1", 0))
        return bridge, bridge._local.get_extra_info("sockname")

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self._client = addr
        assert self._relay is not None
        self._relay.sendto(data, self.target)

    def from_relay(self, data: bytes) -> None:
        self.relayed += 1
        if self._local is not None and self._client is not None:
            self._local.sendto(data, self._client)

    def close(self) -> None:
        if self._local is not None:
            self._local.close()
        if self._relay is not None:
            self._relay.close()


class _Relayed(asyncio.DatagramProtocol):
    def __init__(self, bridge: TurnBridge) -> None:
        self._bridge = bridge

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self._bridge.from_relay(data)


async def _answers(port: int) -> None:
    """Until a Binding request (RFC 8489 section 6) is answered."""
    loop = asyncio.get_running_loop()
    request = bytes([0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42]) + bytes(12)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.setblocking(False)
        async with asyncio.timeout(_START_TIMEOUT_S):
            while True:
                await loop.sock_sendto(client, request, ("127.0.0.1", port))
                try:
                    async with asyncio.timeout(0.2):
                        await loop.sock_recv(client, 2048)
                except (TimeoutError, ConnectionRefusedError):
                    continue
                return


def _free_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def credentials(ice_servers: Sequence[dict[str, object]]) -> tuple[str, str]:
    """(username, password) of a `join` ack's one entry."""
    (entry,) = ice_servers
    return str(entry["username"]), str(entry["credential"])
