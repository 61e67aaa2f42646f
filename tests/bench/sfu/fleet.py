"""Clients of any server: handshakes in Python, media in C; and their figures of a stretch of time."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass

from pylibsrtp import Session

from tests.bench.calm import Calm, stolen_s
from tests.bench.native import CTotals, NativeLoad
from tests.fakes.rtc import Clip, MediaLink, tone_clip

_POLL_S = 0.01
_CLIENTS_NICE = -10
"""Clocks of handshakes start when a packet is sent, so the clients must not wait long in between."""


def cpu_s(pid: int) -> float:
    """User and system time of a process, all its threads, to the nanosecond (clock_getcpuclockid(3))."""
    return time.clock_gettime((~pid << 3) | 2)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Figures of the time between two readings. Delays in µs; `late_us`: delay of the clients' latest sent
    packet.

    `stolen`: share of all cores' time that the host took: by the kernel's count in steps of 10 ms a core, or
    by the clients' latest packet if that is more and their thread is realtime.
    """

    seconds: float
    sent: int
    received: int
    gaps: int
    forged: int
    server_cpu_s: float
    client_cpu_s: float
    p50_us: int
    p99_us: int
    late_us: float
    stolen: float

    @property
    def cpu_us(self) -> float:
        """CPU of the server for each packet that arrived."""
        return self.server_cpu_s / max(1, self.received) * 1e6

    @property
    def packets_per_s(self) -> float:
        return self.received / self.seconds

    @property
    def load(self) -> float:
        """Load in shares of a core, 0 to 1."""
        return self.server_cpu_s / self.seconds

    @property
    def loss(self) -> float:
        """Loss by gaps in the sequence numbers, 0 to 1."""
        return self.gaps / max(1, self.gaps + self.received)


class Fleet:
    """`async with Fleet(capacity) as fleet`. Links are closed by their creator, after the fleet. `clip`: what
    those who speak say."""

    def __init__(self, capacity: int, clip: Clip | None = None) -> None:
        self.calm = Calm()
        self._native = NativeLoad(capacity, clip or tone_clip(440))
        self._links: dict[int, MediaLink] = {}
        self._sessions: list[Session | None] = []
        self._thread = threading.Thread(target=self._native.run)
        self._poll: asyncio.Task[None] | None = None
        self._speakers = 0

    async def __aenter__(self) -> Fleet:
        self._thread.start()
        self._poll = asyncio.create_task(self._feed())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._poll is not None
        self._poll.cancel()
        await asyncio.wait([self._poll])
        self._native.stop()
        await asyncio.to_thread(self._thread.join)

    def take_turns(self) -> None:
        """For a server without its own core: realtime clients would take the CPU from it."""
        assert self._thread.native_id is not None
        os.sched_setscheduler(self._thread.native_id, os.SCHED_OTHER, os.sched_param(0))
        with suppress(PermissionError):
            os.setpriority(os.PRIO_PROCESS, self._thread.native_id, _CLIENTS_NICE)

    def add(self, link: MediaLink, *, ssrc: int, payload_type: int, level_extension: int | None) -> int:
        """A connected link; returns its index."""
        assert link.remote is not None
        sessions = link.hand_over()
        self._sessions += sessions
        remote = socket.inet_aton(link.remote[0]), link.remote[1]
        index = self._native.add(link.socket.fileno(), sessions, remote, ssrc, payload_type, level_extension)
        self._links[index] = link
        return index

    def add_receiver(self, sock: socket.socket, rx: Session) -> int:
        """A link that only receives, without ICE."""
        self._sessions.append(rx)
        return self._native.add(sock.fileno(), (rx, None), (bytes(4), 0), 0, 0, None)

    def forget(self, link: int) -> None:
        """Call it before closing the link's socket while other links run."""
        self._native.forget(link)

    def speak(self, link: int, mode: int) -> None:
        self._native.speak(link, mode, self._speakers)
        self._speakers += 1

    def check_every(self, n: int) -> None:
        self._native.check_every(n)

    def first_arrival_ns(self, link: int) -> int:
        return self._native.first_arrival_ns(link)

    @property
    def received(self) -> int:
        return int(self._native.totals().received)

    @property
    def gaps(self) -> int:
        return int(self._native.totals().gaps)

    async def watch(self, pid: int, seconds: float) -> Stretch:
        """Figures of the time from now on. Waits without disturbing the clients."""
        before, server, client, stolen, at = self._look(pid)
        await asyncio.sleep(seconds)
        after, server_after, client_after, stolen_after, at_after = self._look(pid)
        delays = [b - a for a, b in zip(before.delays, after.delays, strict=True)]
        late_s = after.worst_late_ns / 1e9
        held_up = late_s / (os.cpu_count() or 1) if self._goes_first() else 0.0
        return Stretch(
            seconds=at_after - at,
            sent=after.sent - before.sent,
            received=after.received - before.received,
            gaps=max(0, after.gaps - before.gaps),
            forged=after.forged - before.forged,
            server_cpu_s=server_after - server,
            client_cpu_s=client_after - client,
            p50_us=_percentile(delays, 50),
            p99_us=_percentile(delays, 99),
            late_us=late_s * 1e6,
            stolen=max(stolen_after - stolen, held_up) / (at_after - at),
        )

    def _goes_first(self) -> bool:
        if not self._thread.is_alive():
            return False
        assert self._thread.native_id is not None
        return os.sched_getscheduler(self._thread.native_id) == os.SCHED_FIFO

    def _look(self, pid: int) -> tuple[CTotals, float, float, float, float]:
        totals = self._native.totals()
        return totals, cpu_s(pid), cpu_s(os.getpid()), stolen_s(), time.monotonic()

    async def _feed(self) -> None:
        """Pass STUN and DTLS to the links' Python side."""
        while True:
            while kept := self._native.take():
                link = self._links.get(kept.link)
                if link is not None:
                    link.feed(kept.data, (socket.inet_ntoa(kept.host), kept.port))
            await asyncio.sleep(_POLL_S)


def _percentile(histogram: list[int], percent: float) -> int:
    wanted = sum(histogram) * percent / 100
    seen = 0
    for value, count in enumerate(histogram):
        seen += count
        if count and seen >= wanted:
            return value
    return 0
