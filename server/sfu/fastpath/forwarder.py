"""`NativeForwarder`: the data plane over the C extension.

It holds what the extension cannot: the SRTP sessions until the extension has released them, and room names.
"""

from __future__ import annotations

import asyncio
import logging
import weakref
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from pylibsrtp import Session

from server.sfu.data_plane import (
    TCP,
    Address,
    AnsweredMedia,
    Consent,
    DataPlaneCounters,
    DataPlaneEvents,
    DataPlaneOptions,
    Handle,
    LinkQuality,
    Path,
    PeerMedia,
    Send,
)
from server.sfu.fastpath import openssl, srtp
from server.sfu.keys import KeyedSession

_INTERFACE = 2


def mismatch(extension: object) -> str | None:
    """Why this code cannot call the extension; None if it can."""
    if getattr(extension, "INTERFACE", 1) == _INTERFACE:
        return None
    return "it was compiled from other sources; `make run` compiles it again"


unavailable: str | None = None
"""Why the extension cannot be used; None if it can."""
try:
    from server.sfu.fastpath import _native
except ImportError as error:  # not compiled, or compiled for another Python or machine
    unavailable = str(error)
else:
    unavailable = mismatch(_native) or srtp.mismatch()

_log = logging.getLogger(__name__)

CAPACITY = 4096
"""Peers: at most those of a node."""
NO_PAYLOAD_TYPE = 255
DRAIN_LIMIT = 64
"""Events and datagrams taken per wake-up, so that a flood cannot keep timers and signalling from running."""

Deliver = Callable[[bytes, Path, float], None]
Closed = Callable[[Path], None]
Lent = Session | openssl.CipherContext
"""Objects that the extension uses until it reports their release."""


class NativeForwarder:
    """On virtual time until `start`; from then on the extension's thread receives, ticks and sends.

    Needs `unavailable` to be None.
    """

    def __init__(self, send: Send, events: DataPlaneEvents, options: DataPlaneOptions) -> None:
        gcm = openssl.gcm()
        if not all(gcm):
            _log.warning("aes_gcm_in_libsrtp", extra={"reason": "pylibsrtp exports no OpenSSL functions"})
        self._native = _native.DataPlane(
            srtp.functions(), gcm, openssl.mac(), options.nack, options.forward_loudest, CAPACITY
        )
        # If nobody calls `stop`, on collection or at exit: the thread ends before what it was lent is freed.
        weakref.finalize(self, self._native.stop)
        self._send = send
        self._events = events
        self._rooms = _RoomNumbers()
        self._sessions: dict[Handle, list[Lent]] = {}
        self._leaving: dict[Handle, list[list[Lent]]] = {}
        self._heard: dict[Handle, set[Handle]] = {}
        self._runs = False
        self._deliver: Deliver | None = None
        self._closed: Closed | None = None
        self._clock: Callable[[], float] | None = None
        self._next_drain: asyncio.Handle | None = None

    # Commands

    def add_peer(self, peer: Handle, media: PeerMedia) -> None:
        self.remove_peer(peer)
        room = self._rooms.enter(peer, media.room_id)
        self._sessions[peer] = []
        self._native.add_peer(
            peer, room, media.number, media.slot_ssrcs, media.is_muted, media.always_forwarded
        )

    def set_answer(self, peer: Handle, answer: AnsweredMedia) -> None:
        red = NO_PAYLOAD_TYPE if answer.red_payload_type is None else answer.red_payload_type
        self._native.set_answer(
            peer,
            answer.ssrc is not None,
            (answer.ssrc or 0) & 0xFFFF_FFFF,
            answer.opus_payload_type,
            red,
            answer.has_levels,
            answer.red_slots,
        )

    def set_sessions(self, peer: Handle, rx: Session, tx: KeyedSession) -> None:
        kept = self._sessions.get(peer)
        if kept is None:
            return
        kept += [rx, tx]
        key, salt = tx.gcm_keys() or (b"", b"")
        cipher = openssl.context(key) if key else None
        if cipher is not None:
            kept.append(cipher)
        self._native.set_sessions(
            peer, srtp.native(rx), srtp.native(tx), (cipher.address if cipher else 0, salt)
        )

    def set_destination(self, peer: Handle, path: Path | None) -> None:
        self._native.set_destination(peer, *((None, 0, False) if path is None else _address(path)))

    def set_consent(self, peer: Handle, consent: Consent | None) -> None:
        """Answer checks signed with these credentials that come from the peer's destination."""
        name, password = ("", "") if consent is None else (consent.username, consent.password)
        self._native.set_consent(peer, name.encode(), password.encode())

    def set_muted(self, peer: Handle, muted: bool, *, at_once: bool, now: float) -> None:
        self._native.set_muted(peer, muted, at_once, now)
        self._settle()

    def assign(self, subscriber: Handle, publishers: Sequence[Handle | None], now: float) -> None:
        heard = {publisher for publisher in publishers if publisher is not None}
        takes_away = not self._heard.get(subscriber, set()) <= heard
        if subscriber in self._sessions:
            self._heard[subscriber] = heard
        self._native.assign(subscriber, publishers, takes_away, now)
        self._settle()

    def remove_peer(self, peer: Handle) -> None:
        sessions = self._sessions.pop(peer, None)
        if sessions is None:
            return
        self._heard.pop(peer, None)
        self._leaving.setdefault(peer, []).append(sessions)
        del sessions  # freed on release by the extension, not when this returns
        self._native.remove_peer(peer)
        self._settle()

    def open_route(self, path: Path, peer: Handle) -> None:
        """RTP on this path is the peer's."""
        self._native.open_route(*_address(path), peer)

    def close_route(self, path: Path, peer: Handle) -> None:
        self._native.close_route(*_address(path), peer)

    # TCP connections, which need the thread

    def open_stream(self, fd: int, path: Path) -> None:
        self._native.open_stream(*path.remote, fd)

    def close_stream(self, path: Path) -> None:
        self._native.close_stream(*path.remote)

    def send_stream(self, datagram: bytes, path: Path) -> None:
        self._native.send_stream(*path.remote, datagram)

    # Packets, on virtual time

    def receive(self, peer: Handle, datagram: bytes, path: Path, now: float) -> None:
        self._native.receive(peer, datagram, *_address(path), now)
        self._settle()

    def tick(self, now: float) -> None:
        """Does nothing while the thread runs, which has its own timer."""
        if not self._runs:
            self._native.tick(now)
            self._settle()

    # State

    @property
    def counters(self) -> DataPlaneCounters:
        totals, dropped = self._native.counters()
        return DataPlaneCounters(**totals, dropped=dropped)

    @property
    def traffic(self) -> dict[str, int]:
        """Totals of the socket and of routing since start, by reason."""
        return self._native.traffic()

    def link_quality(self) -> Iterator[LinkQuality]:
        for peer in list(self._sessions):
            quality = self._native.quality(peer)
            if quality is not None:
                yield LinkQuality(
                    peer=peer,
                    uplink_loss=quality[0],
                    uplink_jitter=quality[1],
                    downlink_loss=quality[2],
                    downlink_jitter=quality[3],
                    round_trip=quality[4],
                )

    # The thread

    def start(self, socket: int, deliver: Deliver, closed: Closed, clock: Callable[[], float]) -> None:
        """Read from this socket and from streams; what is not RTP goes to `deliver(datagram, path, now)` on
        the event loop, the end of a stream to `closed(path)`.

        Raises OSError.
        """
        self._deliver, self._closed, self._clock = deliver, closed, clock
        if not self._native.start(socket):
            _log.info(
                "checks_wait_behind_packets",
                extra={"reason": "the system refused a second queue for the port"},
            )
        self._runs = True
        asyncio.get_running_loop().add_reader(self._native.fileno(), self._read)

    def stop(self) -> None:
        """Release the socket, and every session whose peer was removed. Idempotent."""
        if not self._runs:
            return
        asyncio.get_running_loop().remove_reader(self._native.fileno())
        if self._next_drain is not None:
            self._next_drain.cancel()
            self._next_drain = None
        self._native.stop()
        self._runs = False
        self._drain_all()

    def _settle(self) -> None:
        """Without a thread: send and report what a call led to before it returns."""
        if self._runs:
            return
        for datagram, remote in self._native.take_sent():
            self._send(datagram, Path(*remote))
        self._drain_all()

    def _read(self) -> None:
        if self._next_drain is None:  # otherwise a flood, announced repeatedly, would be drained more often
            self._read_on()

    def _read_on(self) -> None:
        self._next_drain = None
        if self._drain() and self._runs:  # what is left is not announced again
            self._next_drain = asyncio.get_running_loop().call_soon(self._read_on)

    def _drain_all(self) -> None:
        while self._drain():
            pass

    def _drain(self) -> bool:
        """Pass on some of the extension's events and datagrams. Returns whether there may be more."""
        alive, speaking, dominant, checked, not_added, closed, datagrams, released = self._native.drain(
            DRAIN_LIMIT
        )
        events = len(alive) + len(speaking) + len(dominant) + len(checked) + len(not_added) + len(closed)
        now = self._clock() if self._clock is not None else None
        self._pass_up(datagrams, closed, now)
        for peer, remote, at in alive:
            # the thread's clock is the system's; a node may have been given another
            self._events.alive(peer, Path(*remote), at if now is None else now)
        for peer, remote, nominates, at in checked:
            self._events.consent_checked(peer, Path(*remote), at if now is None else now, nominates=nominates)
        for peer, is_speaking, level in speaking:
            self._events.speaking(peer, is_speaking, level)
        for room, peer in dominant:
            name = self._rooms.name(room)
            if name is not None:
                self._events.dominant_speaker(name, peer or None)
        for peer in not_added:
            self._events.not_added(peer)
        for peer in released:
            self._release(peer)
        return DRAIN_LIMIT in (events, len(datagrams))

    def _pass_up(
        self,
        datagrams: list[tuple[tuple[Address, str], bytes]],
        closed: list[tuple[Address, str]],
        now: float | None,
    ) -> None:
        """Deliver datagrams of the network; first of all, since senders of datagrams wait for answers."""
        if self._deliver is None or self._closed is None or now is None:
            return
        for source, datagram in datagrams:
            self._deliver(datagram, Path(*source), now)
        for remote in closed:
            self._closed(Path(*remote))

    def _release(self, peer: Handle) -> None:
        self._rooms.leave(peer)
        waiting = self._leaving[peer]
        waiting.pop(0)
        if not waiting:
            del self._leaving[peer]


def _address(path: Path) -> tuple[str, int, bool]:
    """As the extension takes it."""
    return (*path.remote, path.transport == TCP)


class _RoomNumbers:
    """Numbers of rooms in the extension. A room has one while it has members; none is given twice."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._names: dict[int, str] = {}
        self._members: dict[int, int] = {}
        self._rooms: dict[Handle, deque[int]] = {}
        self._last = 0

    def enter(self, peer: Handle, name: str) -> int:
        number = self._numbers.get(name)
        if number is None:
            self._last += 1
            number = self._numbers[name] = self._last
            self._names[number] = name
            self._members[number] = 0
        self._members[number] += 1
        # a handle that is reused may be in two rooms for a moment, and leaves the older one first
        self._rooms.setdefault(peer, deque()).append(number)
        return number

    def leave(self, peer: Handle) -> None:
        numbers = self._rooms[peer]
        number = numbers.popleft()
        if not numbers:
            del self._rooms[peer]
        self._members[number] -= 1
        if not self._members[number]:
            del self._members[number]
            del self._numbers[self._names.pop(number)]

    def name(self, number: int) -> str | None:
        return self._names.get(number)
