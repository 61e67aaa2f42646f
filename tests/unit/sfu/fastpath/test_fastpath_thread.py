"""The native data plane with its thread and real sockets."""

from __future__ import annotations

import array
import asyncio
import fcntl
import gc
import os
import socket
import sys
import termios
import time
import weakref
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import pytest
from pylibsrtp import Policy, Session

from server.sfu import data_plane
from server.sfu.data_plane import Address, AnsweredMedia, DataPlaneOptions, PeerMedia
from server.sfu.fastpath import forwarder
from server.sfu.fastpath.forwarder import NativeForwarder, unavailable
from server.sfu.keys import KeyedSession
from server.sfu.transport.udp import bind
from tests.fakes.srtp_clients import Events, read_rtp, rtp_packet, session_pair

pytestmark = pytest.mark.skipif(unavailable is not None, reason="the C extension is not available")


GCM = Policy.SRTP_PROFILE_AEAD_AES_256_GCM


def threads() -> dict[int, str]:
    """The names of this process's threads, by id."""
    found = {}
    for task in Path("/proc/self/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):
            before, _, after = (task / "stat").read_text().rpartition(")")
            # a joined thread may still be exiting for a moment (proc_pid_stat(5), PF_EXITING)
            if not int(after.split()[6]) & 0x4:
                found[int(task.name)] = before.partition("(")[2]
    return found


def policy_that_is_allowed() -> int:
    """The scheduling policy of a thread that requested realtime."""

    def ask() -> int:
        with suppress(PermissionError):
            os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
        return os.sched_getscheduler(0)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(ask).result()


class Caller:
    """A participant with a socket and keys."""

    def __init__(self, call: Call, family: socket.AddressFamily = socket.AF_INET) -> None:
        self.call = call
        self.handle = len(call.callers) + 1
        self.ssrc = 1000 + self.handle
        self.slot_ssrc = 2000 + self.handle
        self.host = "127.0.0.1" if family == socket.AF_INET else "::1"
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.bind((self.host, 0))
        self.socket.setblocking(False)
        self.address: Address = self.socket.getsockname()[:2]
        self.path = data_plane.Path(self.address)
        self.rx_server, self.tx = session_pair()
        self.rx, self.tx_server = session_pair()
        self._sequence = 0
        call.callers.append(self)

    def enter(self) -> None:
        peers = self.call.data_plane
        peers.add_peer(self.handle, PeerMedia("room", self.handle, (self.slot_ssrc,), False))
        peers.set_answer(self.handle, AnsweredMedia(ssrc=self.ssrc))
        peers.set_sessions(self.handle, self.rx_server, self.tx_server)
        peers.set_destination(self.handle, self.path)
        peers.open_route(self.path, self.handle)

    def say(self, payload: bytes, *, level: int | None = 20) -> None:
        self._sequence += 1
        packet = rtp_packet(
            ssrc=self.ssrc,
            sequence=self._sequence,
            timestamp=self._sequence * 960,
            payload=payload,
            level=level,
        )
        self.send(self.tx.protect(packet))

    def send(self, datagram: bytes) -> None:
        self.socket.sendto(datagram, (self.host, self.call.port))

    async def hears(self, payload: bytes) -> None:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(10):
            while True:
                datagram = await loop.sock_recv(self.socket, 2048)
                if (
                    not 192 <= datagram[1] <= 223
                    and read_rtp(self.rx.unprotect(datagram), 0).payload == payload
                ):
                    return


class Call:
    """One data plane on a dual-stack socket. `control` holds the datagrams passed up to Python."""

    def __init__(self) -> None:
        self.events = Events()
        self.socket = bind("", 0)
        self.port = self.socket.getsockname()[1]
        self.data_plane = NativeForwarder(lambda *_: None, self.events, DataPlaneOptions())
        self.control: list[tuple[bytes, Address]] = []
        self.closed: list[data_plane.Path] = []
        self.callers: list[Caller] = []

    def start(self) -> None:
        self.data_plane.start(
            self.socket.fileno(),
            lambda d, path, _: self.control.append((d, path.remote)),
            self.closed.append,
            time.monotonic,
        )

    def join(self, family: socket.AddressFamily = socket.AF_INET) -> Caller:
        caller = Caller(self, family)
        caller.enter()
        return caller

    def close(self) -> None:
        self.data_plane.stop()
        self.socket.close()
        for caller in self.callers:
            caller.socket.close()

    def wait_until_received(self) -> None:
        """Blocks the event loop until the thread has taken all datagrams from the socket."""
        until = time.monotonic() + 10
        unread = array.array("i", [1])
        while unread[0] > 0:
            assert time.monotonic() < until
            os.sched_yield()
            fcntl.ioctl(self.socket, termios.FIONREAD, unread)

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not condition():  # noqa: ASYNC110  counters have no event
                await asyncio.sleep(0.002)


@pytest.fixture
async def call() -> AsyncIterator[Call]:
    made = Call()
    made.start()
    yield made
    made.close()


@pytest.mark.parametrize("families", [(socket.AF_INET, socket.AF_INET6), (socket.AF_INET6, socket.AF_INET)])
async def test_people_hear_each_other_over_ipv4_and_ipv6(
    call: Call, families: tuple[socket.AddressFamily, socket.AddressFamily]
) -> None:
    ann, bob = (call.join(family) for family in families)
    call.data_plane.assign(bob.handle, [ann.handle], 0)
    ann.say(b"hello")
    await bob.hears(b"hello")
    await call.until(lambda: len(call.events.of("alive")) > 0)
    assert call.events.of("alive")[0][2] == ann.path


async def test_the_thread_is_realtime_where_the_system_permits_it(call: Call) -> None:
    (media,) = (thread for thread, name in threads().items() if name == "parlor-media")
    allowed = policy_that_is_allowed()
    await call.until(lambda: os.sched_getscheduler(media) == allowed)


def sockets_on(port: int) -> int:
    """Sockets of all processes here, by proc_net(5)."""
    tables = [Path(f"/proc/net/udp{version}").read_text().splitlines()[1:] for version in ("", "6")]
    return sum(line.split()[1].endswith(f":{port:04X}") for table in tables for line in table)


async def test_the_port_has_a_second_socket_while_the_thread_runs(call: Call) -> None:
    assert sockets_on(call.port) == 2
    call.data_plane.stop()
    assert sockets_on(call.port) == 1
    call.start()
    assert sockets_on(call.port) == 2
    with pytest.raises(OSError, match="in use"):
        bind("", call.port)
    ann, bob = call.join(), call.join()
    call.data_plane.assign(bob.handle, [ann.handle], 0)
    ann.say(b"hello again")
    await bob.hears(b"hello again")
    ann.send(b"\x16 and hello")
    await call.until(lambda: len(call.control) == 1)


async def test_datagrams_that_are_not_rtp_come_up_with_their_source(call: Call) -> None:
    ann = call.join()
    for first in (0, 3, 20, 63):
        ann.send(bytes((first,)) + b"for the control side")
    for first in (4, 19, 64, 127, 192, 255):
        ann.send(bytes((first,)) + b"for nobody")
    ann.send(b"")
    ann.send(b"\x16" * 1501)
    await call.until(lambda: call.data_plane.traffic["oversize"] == 1)
    await call.until(lambda: len(call.control) == 4)
    assert [(datagram[0], source) for datagram, source in call.control] == [
        (first, ann.address) for first in (0, 3, 20, 63)
    ]
    assert call.data_plane.traffic["unknown_kind"] == 6
    assert call.data_plane.traffic["empty"] == 1


async def test_a_flood_for_the_control_plane_is_bounded_and_audio_continues(call: Call) -> None:
    ann, bob = call.join(), call.join()
    call.data_plane.assign(bob.handle, [ann.handle], 0)
    for _ in range(6):
        for _ in range(300):  # no await: the control side sees none of it yet
            ann.send(b"\x00" * 1000)
        ann.say(b"still here")
        await bob.hears(b"still here")
    await call.until(lambda: len(call.control) + call.data_plane.traffic["crowded_out"] > 0)
    assert call.data_plane.counters.packets_out >= 6


async def test_a_flood_for_the_control_plane_is_read_in_small_batches(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forwarder, "DRAIN_LIMIT", 1)
    ann = call.join()
    for _ in range(300):
        ann.send(b"\x00")
    for _ in range(300):  # each a turn of the event loop
        ann.send(b"\x00")  # announced again
        before = len(call.control)
        await asyncio.sleep(0)
        assert len(call.control) <= before + 1


async def test_rtp_without_a_route_is_dropped(call: Call) -> None:
    ann, bob = call.join(), call.join()
    call.data_plane.assign(bob.handle, [ann.handle], 0)
    call.data_plane.close_route(ann.path, bob.handle)  # not his path: no effect
    ann.say(b"one")
    await bob.hears(b"one")
    call.data_plane.close_route(ann.path, ann.handle)
    ann.say(b"two")
    await call.until(lambda: call.data_plane.traffic["unknown_source"] == 1)
    call.data_plane.open_route(ann.path, ann.handle)
    ann.say(b"three")
    await bob.hears(b"three")


async def test_sessions_are_kept_until_the_thread_has_released_them(call: Call) -> None:
    ann, bob = call.join(), call.join()
    call.data_plane.assign(bob.handle, [ann.handle], 0)
    ann.say(b"hello")
    await bob.hears(b"hello")
    sessions: list[weakref.ref[Session]] = [weakref.ref(ann.rx_server), weakref.ref(ann.tx_server)]
    del ann.rx_server, ann.tx_server
    gc.disable()
    try:
        call.data_plane.remove_peer(ann.handle)
        assert None not in [session() for session in sessions], "the thread may be in the middle of a packet"
        await call.until(lambda: [session() for session in sessions] == [None, None])
    finally:
        gc.enable()


async def test_peers_come_and_go_during_a_flood_of_their_packets(call: Call) -> None:
    bob = call.join()
    for _ in range(40):
        ann = call.join()
        call.data_plane.assign(bob.handle, [ann.handle], 0)
        call.data_plane.assign(ann.handle, [bob.handle], 0)
        for n in range(30):
            ann.say(b"x" * 60)
            if n % 4 == 0:  # remaining peers must not exceed the rate of a microphone
                bob.say(b"y" * 60)
        call.data_plane.remove_peer(ann.handle)  # most of it is still in the socket
        del ann.rx_server, ann.tx_server
        ann.say(b"ghost")
        await asyncio.sleep(0)
    eve = call.join()
    call.data_plane.assign(eve.handle, [bob.handle], 0)
    bob.say(b"and on")
    await eve.hears(b"and on")
    assert set(call.data_plane.counters.dropped or {}) >= {"no_session"}


async def test_a_closed_client_socket_does_not_cost_others_their_audio(call: Call) -> None:
    ann, bob, eve = call.join(), call.join(), call.join()
    for listener in (bob, eve):
        call.data_plane.assign(listener.handle, [ann.handle], 0)
    bob.socket.close()  # the host answers with ICMP errors from now on
    for number in range(20):
        ann.say(b"%d" % number)
        await eve.hears(b"%d" % number)


async def test_stopping_during_a_flood_loses_no_events(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forwarder, "DRAIN_LIMIT", 1)
    ann = call.join()
    for _ in range(3000):
        ann.send(b"\x00")
    call.wait_until_received()
    call.data_plane.stop()
    said = len(call.control)
    assert said > sys.getrecursionlimit()
    call.start()
    ann.send(b"\x00")
    await call.until(lambda: len(call.control) == said + 1)


async def test_stopping_carries_out_earlier_commands(call: Call) -> None:
    ann = call.join()
    sessions: list[weakref.ref[Session]] = [weakref.ref(ann.rx_server), weakref.ref(ann.tx_server)]
    del ann.rx_server, ann.tx_server
    call.data_plane.remove_peer(ann.handle)
    call.data_plane.stop()
    call.data_plane.stop()
    assert [session() for session in sessions] == [None, None]
    call.join()
    assert [link.peer for link in call.data_plane.link_quality()] == [2], (
        "commands after the end have no effect"
    )


def test_a_data_plane_without_stop_is_stopped_before_its_sessions_are_freed() -> None:
    """As when the server ends by an error: the garbage collector frees its objects in any order."""
    runs_at_the_end: list[bool] = []

    class Watched(KeyedSession):
        def __del__(self) -> None:
            runs_at_the_end.append("parlor-media" in threads().values())

    async def leave_it_running() -> socket.socket:
        call = Call()
        call.start()
        call.data_plane.add_peer(1, PeerMedia("room", 1, (), False))
        rx = Watched(GCM, bytes(44), Policy.SSRC_ANY_INBOUND)
        call.data_plane.set_sessions(1, rx, Watched(GCM, bytes(44), Policy.SSRC_ANY_OUTBOUND))
        call.events.log.append((call,))  # a cycle, which only the collector ends
        assert "parlor-media" in threads().values()
        return call.socket

    with asyncio.run(leave_it_running()):
        gc.collect()
    assert runs_at_the_end == [False, False]


async def test_speech_is_reported_and_the_thread_sleeps_without_peers(call: Call) -> None:
    ann = call.join()
    for _ in range(3):
        ann.say(b"speech", level=20)
    await call.until(lambda: ("speaking", ann.handle, True, -20) in call.events.log)
    await call.until(lambda: ("speaking", ann.handle, False, -20) in call.events.log)
    call.data_plane.remove_peer(ann.handle)
    await call.until(lambda: list(call.data_plane.link_quality()) == [])


async def test_a_socket_that_is_not_udp_is_refused() -> None:
    native = NativeForwarder(lambda *_: None, Events(), DataPlaneOptions())
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock,
        pytest.raises(OSError, match="not supported"),
    ):
        native.start(sock.fileno(), lambda *_: None, lambda _: None, time.monotonic)


class Recorded:
    """The extension's object, and which commands about slots took a voice away."""

    def __init__(self, native: Any) -> None:
        self._native = native
        self.took_away: list[bool] = []

    def assign(self, handle: int, publishers: Any, takes_away: bool, now: float) -> None:
        self.took_away.append(takes_away)
        self._native.assign(handle, publishers, takes_away, now)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._native, name)


async def test_only_slots_that_take_a_voice_away_wake_the_thread(call: Call) -> None:
    listener, one, two = (Caller(call) for _ in range(3))
    for caller in (listener, one, two):
        caller.enter()
    recorded = Recorded(call.data_plane._native)
    call.data_plane._native = cast("Any", recorded)
    for publishers in ([one.handle], [one.handle, two.handle], [two.handle, one.handle], [None, one.handle]):
        call.data_plane.assign(listener.handle, publishers, 0.0)
    assert recorded.took_away == [False, False, False, True]
    listener.enter()  # a new connection: it hears nobody so far
    call.data_plane.assign(listener.handle, [two.handle], 0.0)
    assert recorded.took_away[4:] == [False]
