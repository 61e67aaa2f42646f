"""A real coturn for one test, and a bridge for clients without TURN support."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from aioice import stun, turn

Address = tuple[str, int]
_START_TIMEOUT_S = 20.0


SCRIPT = Path(__file__).parents[2] / "docker/turnserver.sh"


@asynccontextmanager
async def coturn(secret: str, folder: Path) -> AsyncIterator[int]:
    """coturn on loopback, started by the script of docker/. Yields its port, of UDP and TCP.

    The SFU is 127.0.0.1. coturn refuses loopback addresses as peers unless it is configured to allow them.
    """
    port = _free_port()
    process = await asyncio.create_subprocess_exec(
        *("sh", str(SCRIPT), "--listening-ip=127.0.0.1", f"--listening-port={port}", "--relay-ip=127.0.0.1"),
        *("--no-tls", "--no-dtls", "--allow-loopback-peers", "--relay-threads=1"),
        *(f"--pidfile={folder / 'coturn.pid'}", f"--userdb={folder / 'coturn.db'}"),
        env={**os.environ, "PARLOR_TURN_SECRET": secret, "PARLOR_ADVERTISED_IPS": "127.0.0.1,127.0.0.3"},
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
    """A local UDP port that relays to `target` through an allocation, and back. Set `target` first."""

    def __init__(self) -> None:
        self.target: Address = ("127.0.0.1", 9)
        self.relayed = 0
        self._client: Address | None = None
        self._local: asyncio.DatagramTransport | None = None
        self._relay: turn.TurnTransport | None = None

    @classmethod
    async def open(cls, server: Address, username: str, password: str) -> tuple[TurnBridge, Address]:
        """Allocate a relay address. Raises TransactionFailed if it is refused."""
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
    """Waits until a Binding request (RFC 8489 section 6) is answered."""
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


def _free_port() -> int:
    """A port that is free for TCP and, most likely, for UDP."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class TurnControl:
    """TURN requests over TCP, with their error codes, to test what a client with credentials may do."""

    def __init__(self, port: int, username: str, password: str) -> None:
        self._port = port
        self._username = username
        self._password = password
        self._realm_and_nonce: dict[str, object] = {}
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter

    async def __aenter__(self) -> TurnControl:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()

    async def allocate(self, protocol: int) -> int:
        """Returns the error code, or 0. IANA's protocol number: 17 for a UDP relay, 6 for a TCP relay (RFC
        6062).
        """
        attributes: dict[str, object] = {"LIFETIME": 600, "REQUESTED-TRANSPORT": protocol << 24}
        return await self._ask(stun.Method.ALLOCATE, attributes)

    async def permit(self, peer: str) -> int:
        """Request a permission for the peer; nothing is sent to it. Returns the error code, or 0."""
        return await self._ask(stun.Method.CREATE_PERMISSION, {"XOR-PEER-ADDRESS": (peer, 9)})

    async def _ask(self, method: stun.Method, attributes: dict[str, object]) -> int:
        code, answer = await self._once(method, attributes)
        if code == _UNAUTHENTICATED:
            self._realm_and_nonce = {name: answer.attributes[name] for name in ("REALM", "NONCE")}
            code, _ = await self._once(method, attributes)
        return code

    async def _once(self, method: stun.Method, attributes: dict[str, object]) -> tuple[int, stun.Message]:
        request = stun.Message(message_method=method, message_class=stun.Class.REQUEST)
        request.attributes.update(attributes)
        if self._realm_and_nonce:
            request.attributes.update({"USERNAME": self._username, **self._realm_and_nonce})
            realm = str(self._realm_and_nonce["REALM"])
            request.add_message_integrity(turn.make_integrity_key(self._username, realm, self._password))
        self._writer.write(bytes(request))
        async with asyncio.timeout(_START_TIMEOUT_S):
            header = await self._reader.readexactly(20)
            body = await self._reader.readexactly(int.from_bytes(header[2:4], "big"))
        answer = stun.parse_message(header + body)
        return int(answer.attributes.get("ERROR-CODE", (0, ""))[0]), answer


_UNAUTHENTICATED = 401


def credentials(ice_servers: Sequence[dict[str, object]]) -> tuple[str, str]:
    """(username, password) of a `join` ack's one entry."""
    (entry,) = ice_servers
    return str(entry["username"]), str(entry["credential"])
