"""The socket: batches, both families, and a network that refuses."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator

import pytest

from server.sfu.data_plane import Path
from server.sfu.transport.address import RawAddress
from server.sfu.transport.udp import MAX_DATAGRAM, UdpSocket, bind


class Rig:
    def __init__(self) -> None:
        self.socket = UdpSocket()
        self.got: list[tuple[bytes, RawAddress]] = []
        self._arrived = asyncio.Event()

    def deliver(self, datagram: bytes, source: RawAddress, now: float) -> None:
        self.got.append((datagram, source))
        self._arrived.set()

    async def wait_for(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.got) < count:
                self._arrived.clear()
                await self._arrived.wait()


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    made = Rig()
    made.socket.open("", 0, made.deliver)
    yield made
    made.socket.close()


def client() -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    sock.settimeout(5)
    return sock


async def test_an_ipv4_peer_has_an_ipv4_address_and_is_answered(rig: Rig) -> None:
    with client() as peer:
        peer.sendto(b"hello", ("127.0.0.1", rig.socket.port))
        await rig.wait_for(1)
        datagram, source = rig.got[0]
        path = rig.socket.path(source)
        assert (datagram, path.remote) == (b"hello", peer.getsockname())
        assert rig.socket.source(path) == source
        rig.socket.send(b"back", path)
        assert peer.recvfrom(100)[0] == b"back"


async def test_all_of_a_burst_arrives(rig: Rig) -> None:
    with client() as peer:
        for i in range(300):
            peer.sendto(bytes([i % 256]), ("127.0.0.1", rig.socket.port))
        await rig.wait_for(300)


async def test_a_long_datagram_is_dropped_and_an_empty_one_delivered(rig: Rig) -> None:
    with client() as peer:
        peer.sendto(bytes(MAX_DATAGRAM + 1), ("127.0.0.1", rig.socket.port))
        peer.sendto(b"", ("127.0.0.1", rig.socket.port))
        await rig.wait_for(1)
    assert rig.got[0][0] == b""
    assert rig.socket.counters.oversize == 1


@pytest.mark.skipif(sys.platform != "linux", reason="the option is Linux's")
@pytest.mark.parametrize("host", ["", "127.0.0.1"])
def test_datagrams_are_not_fragmented(host: str) -> None:
    ip_mtu_discover, ip_pmtudisc_probe = 10, 3
    with bind(host, 0) as sock:
        assert sock.getsockopt(socket.IPPROTO_IP, ip_mtu_discover) == ip_pmtudisc_probe


async def test_a_port_without_a_listener_does_not_stop_reception(rig: Rig) -> None:
    with client() as peer:
        gone = peer.getsockname()
    rig.socket.send(b"anybody?", Path(gone))
    with client() as peer:
        peer.sendto(b"here", ("127.0.0.1", rig.socket.port))
        await rig.wait_for(1)


@pytest.mark.parametrize(
    "address", [("192.0.2.1", 0), ("no address", 5), ("127.0.0.1", 70_000), ("fe80::1", 5)]
)
async def test_sending_to_an_unusable_address_never_raises(rig: Rig, address: tuple[str, int]) -> None:
    rig.socket.send(b"x", Path(address))


async def test_sending_before_open_and_after_close_does_nothing() -> None:
    sock = UdpSocket()
    sock.send(b"x", Path(("127.0.0.1", 9)))
    sock.open("127.0.0.1", 0, lambda *_: None)
    assert not sock.is_ipv6
    sock.close()
    sock.close()
    sock.send(b"x", Path(("127.0.0.1", 9)))


async def test_a_port_in_use_is_an_error(rig: Rig) -> None:
    with pytest.raises(OSError, match="in use"):
        UdpSocket().open("", rig.socket.port, lambda *_: None)
