"""`ForwardingLoop` over the C extension.

What the extension cannot hold is held here: the sessions, until it has let go of them, and the rooms' names.
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable, Iterator, Sequence

import structlog
from pylibsrtp import Session

from server.sfu.fastpath import openssl, srtp
from server.sfu.fastpath.rooms import RoomNumbers
from server.sfu.keys import KeyedSession
from server.sfu.loop import (
    Address,
    AnsweredMedia,
    Consent,
    Handle,
    LinkQuality,
    LoopCounters,
    LoopEvents,
    LoopOptions,
    PeerMedia,
)

try:
    from server.sfu.fastpath import _loop
except ImportError:  # built where a compiler was at hand
    is_built = False
else:
    is_built = srtp.is_known()

log = structlog.get_logger(__name__)

CAPACITY = 4096
"""Peers: those of a node, at most."""
NO_PAYLOAD_TYPE = 255
DRAIN_LIMIT = 64
"""News and datagrams taken per wake-up, so that a flood cannot keep timers and signalling from running."""

Deliver = Callable[[bytes, Address, float], None]
Lent = Session | openssl.CipherContext
"""What the extension uses until it says that it let go."""


class FastForwarder:
    """On virtual time until `start`; from then on the extension's thread receives, ticks and sends.

    Needs `is_built`.
    """

    def __init__(
        self, send: Callable[[bytes, Address], None], events: LoopEvents, options: LoopOptions
    ) -> None:
        self._loop = _loop.Loop(
            srtp.functions(),
            openssl.gcm(),
            openssl.mac(),
            options.nack,
            options.forward_loudest,
            CAPACITY,
        )
        # where nobody stops it, collected or at exit: the thread ends before what it was lent is freed
        weakref.finalize(self, self._loop.stop)
        self._send = send
        self._events = events
        self._rooms = RoomNumbers()
        self._sessions: dict[Handle, list[Lent]] = {}
        self._leaving: dict[Handle, list[list[Lent]]] = {}
        self._runs = False
        self._deliver: Deliver | None = None
        self._clock: Callable[[], float] | None = None
        self._rest: asyncio.Handle | None = None

    # Commands

    def add_peer(self, peer: Handle, media: PeerMedia) -> None:
        self.remove_peer(peer)
        room = self._rooms.enter(peer, media.room_id)
        self._sessions[peer] = []
        self._loop.add_peer(
            peer, room, media.number, media.slot_ssrcs, media.is_muted, media.always_forwarded
        )

    def set_answer(self, peer: Handle, answer: AnsweredMedia) -> None:
        red = NO_PAYLOAD_TYPE if answer.red_payload_type is None else answer.red_payload_type
        self._loop.set_answer(
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
        self._loop.set_sessions(
            peer, srtp.native(rx), srtp.native(tx), (cipher.address if cipher else 0, salt)
        )

    def set_destination(self, peer: Handle, address: Address | None) -> None:
        host, port = (None, 0) if address is None else address
        self._loop.set_destination(peer, host, port)

    def set_consent(self, peer: Handle, consent: Consent | None) -> None:
        """Checks that are signed so are answered, while they come from the peer's destination."""
        name, password = ("", "") if consent is None else (consent.username, consent.password)
        self._loop.set_consent(peer, name.encode(), password.encode())

    def set_muted(self, peer: Handle, muted: bool, *, at_once: bool, now: float) -> None:
        self._loop.set_muted(peer, muted, at_once, now)
        self._settle()

    def assign(self, subscriber: Handle, publishers: Sequence[Handle | None], now: float) -> None:
        self._loop.assign(subscriber, publishers, now)
        self._settle()

    def remove_peer(self, peer: Handle) -> None:
        sessions = self._sessions.pop(peer, None)
        if sessions is None:
            return
        self._leaving.setdefault(peer, []).append(sessions)
        del sessions  # so that they go when the extension says so, not when this returns
        self._loop.remove_peer(peer)
        self._settle()

    def open_route(self, address: Address, peer: Handle) -> None:
        """RTP from this address is the peer's."""
        self._loop.open_route(*address, peer)

    def close_route(self, address: Address, peer: Handle) -> None:
        self._loop.close_route(*address, peer)

    # Packets, on virtual time

    def receive(self, peer: Handle, datagram: bytes, address: Address, now: float) -> None:
        self._loop.receive(peer, datagram, *address, now)
        self._settle()

    def tick(self, now: float) -> None:
        """Nothing while the thread runs: it keeps time itself."""
        if not self._runs:
            self._loop.tick(now)
            self._settle()

    # What there is to know

    @property
    def counters(self) -> LoopCounters:
        totals, dropped = self._loop.counters()
        return LoopCounters(**totals, dropped=dropped)

    @property
    def traffic(self) -> dict[str, int]:
        """Totals of the socket and the routing, by reason, since start."""
        return self._loop.traffic()

    def link_quality(self) -> Iterator[LinkQuality]:
        for peer in list(self._sessions):
            quality = self._loop.quality(peer)
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

    def start(self, socket: int, deliver: Deliver, clock: Callable[[], float]) -> None:
        """Read from this socket; what is not RTP goes to `deliver(datagram, source, now)` on the event loop.

        Raises OSError.
        """
        self._deliver, self._clock = deliver, clock
        if not self._loop.start(socket):
            log.info("checks_wait_behind_packets", why="the system gives them no queue of their own")
        self._runs = True
        asyncio.get_running_loop().add_reader(self._loop.fileno(), self._read)

    def stop(self) -> None:
        """The socket is nobody's any more, and every session that was removed is free. Idempotent."""
        if not self._runs:
            return
        asyncio.get_running_loop().remove_reader(self._loop.fileno())
        if self._rest is not None:
            self._rest.cancel()
            self._rest = None
        self._loop.stop()
        self._runs = False
        self._drain_all()

    def _settle(self) -> None:
        """Without a thread: what a call led to is sent and told before it returns."""
        if self._runs:
            return
        for datagram, address in self._loop.take_sent():
            self._send(datagram, address)
        self._drain_all()

    def _read(self) -> None:
        if self._rest is None:  # or a flood, announced again and again, would be drained more often each time
            self._read_on()

    def _read_on(self) -> None:
        self._rest = None
        if self._drain() and self._runs:  # what is left is not announced again
            self._rest = asyncio.get_running_loop().call_soon(self._read_on)

    def _drain_all(self) -> None:
        while self._drain():
            pass

    def _drain(self) -> bool:
        """Pass on some of what the loop tells. Whether there may be more."""
        heard, speaking, dominant, checked, datagrams, released = self._loop.drain(DRAIN_LIMIT)
        news = len(heard) + len(speaking) + len(dominant) + len(checked)
        now = self._clock() if self._clock is not None else None
        if self._deliver is not None and now is not None:
            for source, datagram in datagrams:  # first: somebody waits for the answers
                self._deliver(datagram, source, now)
        for peer, address, at in heard:
            # the thread's clock is the system's; a node may have been given another
            self._events.heard(peer, address, at if now is None else now)
        for peer, address, nominates, at in checked:
            self._events.checked(peer, address, at if now is None else now, nominates=nominates)
        for peer, is_speaking, level in speaking:
            self._events.speaking(peer, is_speaking, level)
        for room, peer in dominant:
            name = self._rooms.name(room)
            if name is not None:
                self._events.dominant_speaker(name, peer or None)
        for peer in released:
            self._release(peer)
        return DRAIN_LIMIT in (news, len(datagrams))

    def _release(self, peer: Handle) -> None:
        self._rooms.leave(peer)
        waiting = self._leaving[peer]
        waiting.pop(0)
        if not waiting:
            del self._leaving[peer]
