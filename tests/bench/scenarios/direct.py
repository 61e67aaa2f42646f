"""Delay of the clients themselves: the same time stamps over a socket pair, without a server."""

from __future__ import annotations

import asyncio
import socket
import time

from tests.fakes.rtc.link import _arrival_ns, _open_socket


async def direct_delays(seconds: float) -> list[float]:
    """Delays in ms of a packet every ms from one socket to another."""
    receiver, sender = _open_socket("127.0.0.1"), _open_socket("127.0.0.1")
    delays: list[float] = []

    def drain() -> None:
        data, ancillary, _, _ = receiver.recvmsg(2048, 64)
        delays.append((_arrival_ns(ancillary) - int.from_bytes(data[-8:], "big")) / 1e6)

    loop = asyncio.get_running_loop()
    loop.add_reader(receiver.fileno(), drain)
    end = loop.time() + seconds
    while loop.time() < end:
        _send_stamp(sender, receiver.getsockname())
        await asyncio.sleep(0.001)
    loop.remove_reader(receiver.fileno())
    receiver.close()
    sender.close()
    return delays


def _send_stamp(sender: socket.socket, to: tuple[str, int]) -> None:
    sender.sendto(bytes(110) + time.time_ns().to_bytes(8, "big"), to)
