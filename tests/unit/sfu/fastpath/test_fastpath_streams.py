"""TCP connections that the media thread reads and writes."""

from __future__ import annotations

import asyncio
import random
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import pytest

from server.sfu.data_plane import TCP, DataPlaneOptions, Path
from server.sfu.fastpath.forwarder import NativeForwarder
from server.sfu.transport.streams import MAX_FRAME
from server.sfu.transport.udp import bind
from tests.fakes.srtp_clients import Events


class Streams:
    """A running data plane. `arrived`: datagrams for Python; `ended`: paths whose end was reported."""

    def __init__(self) -> None:
        self.socket = bind("127.0.0.1", 0)
        self.native = NativeForwarder(lambda *_: None, Events(), DataPlaneOptions())
        self.arrived: list[tuple[bytes, Path]] = []
        self.ended: list[Path] = []
        self.native.start(
            self.socket.fileno(),
            lambda datagram, path, _: self.arrived.append((datagram, path)),
            self.ended.append,
            time.monotonic,
        )
        self._ends: list[socket.socket] = []

    def open(self, path: Path) -> socket.socket:
        """The client's end of a new connection."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            far = socket.create_connection(listener.getsockname(), timeout=10)
            near, _ = listener.accept()
        near.setblocking(False)
        near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 5000)
        self._ends.append(far)
        self.native.open_stream(near.detach(), path)
        return far

    def close(self) -> None:
        self.native.stop()
        self.socket.close()
        for end in self._ends:
            end.close()

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not condition():  # noqa: ASYNC110  counters have no event
                await asyncio.sleep(0.002)


@pytest.fixture
async def streams() -> AsyncIterator[Streams]:
    made = Streams()
    yield made
    made.close()


HOME = Path(("192.0.2.1", 5000), TCP)


def framed(*datagrams: bytes) -> bytes:
    return b"".join(len(datagram).to_bytes(2, "big") + datagram for datagram in datagrams)


async def test_frames_go_both_ways_and_udp_has_the_same_address_for_itself(streams: Streams) -> None:
    far = streams.open(HOME)
    far.sendall(framed(b"\x16one", b"", b"\x16two"))
    await streams.until(lambda: len(streams.arrived) == 2)
    assert streams.arrived == [(b"\x16one", HOME), (b"\x16two", HOME)]
    assert streams.native.traffic["empty"] == 1
    streams.native.send_stream(b"answer", HOME)
    assert far.recv(100) == framed(b"answer")


async def test_the_end_of_a_connection_is_reported_once_and_its_address_can_be_used_again(
    streams: Streams,
) -> None:
    streams.open(HOME).close()
    await streams.until(lambda: streams.ended == [HOME])
    streams.native.close_stream(HOME)
    far = streams.open(HOME)
    far.sendall(framed(b"\x16again"))
    await streams.until(lambda: streams.arrived == [(b"\x16again", HOME)])
    streams.native.close_stream(HOME)
    await streams.until(lambda: streams.ended == [HOME, HOME])
    with suppress(ConnectionResetError):
        assert far.recv(1) == b""


async def test_a_frame_above_the_limit_ends_the_connection_and_one_above_a_packets_size_is_dropped(
    streams: Streams,
) -> None:
    far = streams.open(HOME)
    far.sendall(framed(b"\x16" * MAX_FRAME, b"\x16 is next"))
    await streams.until(lambda: streams.arrived == [(b"\x16 is next", HOME)])
    far.sendall(framed(b"\x16" * (MAX_FRAME + 1), b"\x16 is never read"))
    await streams.until(lambda: streams.ended == [HOME])
    assert streams.native.traffic["oversize"] == 2
    assert len(streams.arrived) == 1


async def test_a_slow_reader_gets_whole_frames_or_none(streams: Streams) -> None:
    far = streams.open(HOME)
    far.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 5000)
    sent, received = 0, bytearray()
    while streams.native.traffic["unsent_tcp"] < 300:
        for _ in range(20):
            streams.native.send_stream(sent.to_bytes(4, "big") * 300, HOME)
            sent += 1
        await asyncio.sleep(0)
        with suppress(BlockingIOError):
            received += far.recv(5000, socket.MSG_DONTWAIT)
    streams.native.close_stream(HOME)
    while data := far.recv(1 << 16):
        received += data
    numbers = []
    while len(received) >= 1202:
        assert received[:2] == (1200).to_bytes(2, "big")
        numbers.append(int.from_bytes(received[2:6], "big"))
        assert received[2:1202] == received[2:6] * 300
        del received[:1202]
    assert numbers == sorted(numbers)
    assert 0 < len(numbers) < sent


async def test_any_bytes_in_any_pieces_leave_the_thread_running(streams: Streams) -> None:
    dice = random.Random(7)
    paths = [Path(("192.0.2.1", port), TCP) for port in range(1, 20)]
    for path in paths:
        far = streams.open(path)
        data = b"".join(
            dice.choice((framed(dice.randbytes(dice.randrange(60))), dice.randbytes(dice.randrange(9))))
            for _ in range(200)
        )
        try:
            while data:
                size = dice.randrange(1, 400)
                far.sendall(data[:size])
                data = data[size:]
                await asyncio.sleep(0)
            far.close()
        except ConnectionError:
            pass  # it was closed for a frame that is too long
    await streams.until(lambda: sorted(streams.ended) == sorted(paths))
    streams.open(HOME).sendall(framed(b"\x16hello"))
    await streams.until(lambda: (b"\x16hello", HOME) in streams.arrived)
