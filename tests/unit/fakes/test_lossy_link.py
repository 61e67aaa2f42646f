from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from tests.fakes.lossy_link import Impairment, LossyLink, through

MEDIA = b"\x80" + bytes(20)


class _Echo(asyncio.DatagramProtocol):
    """Answers every datagram, and records its source."""

    def __init__(self) -> None:
        self.sources: list[tuple[str, int]] = []
        self.data: list[bytes] = []

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.sources.append(addr)
        self.data.append(data)
        self.transport.sendto(data, addr)


async def _exchange(seed: int, loss: float, count: int = 300) -> tuple[list[int], _Echo]:
    """Numbers of the packets that came back through a link."""
    loop = asyncio.get_running_loop()
    transport, echo = await loop.create_datagram_endpoint(_Echo, local_addr=("127.0.0.1", 0))
    back: list[int] = []
    async with LossyLink(transport.get_extra_info("sockname"), seed=seed) as link:
        link.uplink = link.downlink = Impairment(loss=loss)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.setblocking(False)
            for number in range(count):
                sock.sendto(MEDIA + number.to_bytes(2, "big"), link.address)
                await asyncio.sleep(0)
            sock.sendto(b"\x00end", link.address)
            async with asyncio.timeout(10):
                while (data := await loop.sock_recv(sock, 100)) != b"\x00end":
                    back.append(int.from_bytes(data[-2:], "big"))
    transport.close()
    return back, echo


async def test_the_same_seed_loses_the_same_packets() -> None:
    first, _ = await _exchange(7, 0.1)
    again, _ = await _exchange(7, 0.1)
    other, _ = await _exchange(8, 0.1)
    assert first == again != other


@pytest.mark.parametrize("loss", [0.1, 0.2])
async def test_about_the_requested_share_is_lost_and_the_rest_keeps_its_order(loss: float) -> None:
    back, _ = await _exchange(1, loss)
    assert back == sorted(back)
    assert len(back) / 300 == pytest.approx((1 - loss) ** 2, abs=0.08)


async def test_checks_and_handshakes_pass_if_only_media_is_lost() -> None:
    back, echo = await _exchange(1, 1.0, count=20)
    assert back == []
    assert echo.data == [b"\x00end"]


async def test_a_rebind_changes_the_clients_address() -> None:
    loop = asyncio.get_running_loop()
    transport, echo = await loop.create_datagram_endpoint(_Echo, local_addr=("127.0.0.1", 0))
    async with LossyLink(transport.get_extra_info("sockname"), seed=1) as link:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.setblocking(False)
            for _ in range(2):
                sock.sendto(MEDIA, through(link)(("192.0.2.1", 9)))
                async with asyncio.timeout(5):
                    await loop.sock_recv(sock, 100)
                link.rebind()
    transport.close()
    assert len(set(echo.sources)) == 2
