"""The SFU of one server process: the `Media` port of the rooms over one UDP port, or one for each thread."""

from __future__ import annotations

import asyncio
import itertools
import math
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import structlog

from server.errors import MediaError, OfferUnknown, Unavailable
from server.protocol.rooms import Offer
from server.rooms.ports import MediaEvents, PeerSpec
from server.sfu.assignments import Assignments
from server.sfu.bodies import choose
from server.sfu.fastpath.forwarder import FastForwarder
from server.sfu.lifecycle import State
from server.sfu.loop import Address, Handle, LinkQuality, LoopCounters
from server.sfu.media_port import MakeLoop, MediaPort, total
from server.sfu.options import SfuOptions
from server.sfu.peer import Peer, Surroundings
from server.sfu.placement import Placement
from server.sfu.seats import Seats
from server.sfu.timekeeper import Timekeeper
from server.sfu.transport.address import interface_addresses, offered_addresses
from server.sfu.transport.engine import Certificate

log = structlog.get_logger(__name__)

LOOP_TICK_S = 0.02
PEER_TICK_S = 0.05
"""What falls due on a connection waits 50 ms at least."""
MAX_PEERS = 4096
SILENT_DBOV = -127


class SfuNode:
    """Call `start` first, in the running event loop. `make_loop` overrides the options' choice of a body for
    the per-packet path. Raises StartupError where there is no such body.

    `Media` for the rooms, `LoopEvents` for the loop, `PeerEvents` for its peers: it hands each event on.
    """

    def __init__(
        self,
        options: SfuOptions,
        events: MediaEvents | None = None,
        *,
        make_loop: MakeLoop | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._options = options
        if events is not None:
            self.report_to(events)
        self._clock = clock
        body = make_loop or choose(options.forwarding)
        # the Python body runs on the event loop, whatever its ports
        count = options.media_threads if body is FastForwarder else 1
        self._ports = [MediaPort(options, self, body, clock) for _ in range(count)]
        self._placement = Placement(count)
        self._seats = Seats()
        self._assignments = Assignments(self._assign)
        self._by_handle: dict[Handle, Peer] = {}
        self._talking: set[Handle] = set()
        self._handles = itertools.count(1)
        self._around: tuple[Surroundings, ...] = ()
        """For each port; empty before the start and after the end."""
        self._peers_time = Timekeeper(self.tick, PEER_TICK_S, clock)
        self._loops_time = [
            Timekeeper(_ticks_of(port), LOOP_TICK_S, clock) for port in self._ports if not port.keeps_time
        ]
        self._closing: set[asyncio.Task[None]] = set()

    # -- start, time and end -----------------------------------------------------------------------

    def report_to(self, events: MediaEvents) -> None:
        """Who is told of connections and speech. Call before `start`: the rooms are made after the node."""
        self._events = events

    async def start(self) -> None:
        """Bind the ports and start the clock. Raises OSError."""
        options, certificate = self._options, Certificate()
        self._bind()
        addresses = offered_addresses(
            interface_addresses(),
            advertised=options.advertised_ips,
            bound=options.udp_host,
            loopback=options.offer_loopback,
            ipv6=self._ports[0].socket.is_ipv6,
        )
        self._around = tuple(self._surroundings(port, addresses, certificate) for port in self._ports)
        for timekeeper in (self._peers_time, *self._loops_time):
            timekeeper.start()
        log.info(
            "sfu_started",
            udp_ports=[port.number for port in self._ports],
            addresses=addresses,
            body=type(self._ports[0].loop).__name__,
        )

    def _bind(self) -> None:
        first = self._options.udp_port
        try:
            for index, port in enumerate(self._ports):
                port.open(first and first + index)
        except OSError:
            for port in self._ports:
                port.close()
            raise

    def _surroundings(
        self, port: MediaPort, addresses: Sequence[str], certificate: Certificate
    ) -> Surroundings:
        near = offered_addresses(
            interface_addresses(),
            advertised=(),
            bound=self._options.udp_host,
            loopback=True,
            ipv6=port.socket.is_ipv6,
        )
        return Surroundings(
            options=self._options,
            addresses=tuple(addresses),
            near_addresses=tuple(near),
            port=port.number,
            certificate=certificate,
            demux=port.demux,
            send=port.socket.send,
            loop=port.loop,
            events=self,
            stir=self._peers_time.stir,
            clock=self._clock,
        )

    async def aclose(self) -> None:
        """End every connection and close the ports. Idempotent."""
        self._around = ()
        for timekeeper in (self._peers_time, *self._loops_time):
            await timekeeper.aclose()
        for participant_id in {peer.spec.participant_id for peer in self._seats}:
            self.close(participant_id)
        while self._closing:
            await asyncio.wait(self._closing)
        for port in self._ports:
            port.close()

    def tick(self, now: float) -> float:
        """The connections' timers; the loop has its own. Returns when one of them has something due again."""
        for peer in self._seats:
            peer.tick(now)
        return min((peer.calm_until for peer in self._seats), default=math.inf)

    # -- what it is --------------------------------------------------------------------------------

    @property
    def udp_port(self) -> int:
        """The first port that is bound, once started."""
        return self._ports[0].number

    @property
    def peers(self) -> int:
        """Connections that exist, connected or not."""
        return len(self._by_handle)

    @property
    def counters(self) -> LoopCounters:
        """Totals since start; `dropped` also counts what never reached the loop."""
        return total([port.counters for port in self._ports])

    def link_quality(self) -> Iterator[LinkQuality]:
        for port in self._ports:
            yield from port.loop.link_quality()

    # -- Media: what the rooms ask -----------------------------------------------------------------

    async def open(self, spec: PeerSpec) -> Offer:
        """A connection that works goes on carrying audio until the new one is connected."""
        if not self._around or len(self._by_handle) >= MAX_PEERS:
            raise Unavailable
        peer = Peer(next(self._handles), spec, self._around[self._placement.enter(spec.room_id)])
        self._by_handle[peer.handle] = peer
        self._assignments.admit(spec.participant_id)
        for former in self._seats.add(peer):
            self._release(former)
        if self._seats.is_active(peer):
            self._assignments.connect(spec.participant_id, peer.handle)
        return peer.offer()

    async def restart_ice(self, participant_id: str) -> Offer:
        peer = self._seats.newest(participant_id)
        if peer is None:
            raise MediaError("There is no connection to restart. Ask for a full one.")
        return peer.restart_ice()

    async def answer(self, participant_id: str, offer_id: str, sdp: str) -> None:
        peer = self._seats.newest(participant_id)
        if peer is None:
            raise OfferUnknown
        peer.answer(offer_id, sdp)

    def set_muted(self, participant_id: str, muted: bool, *, at_once: bool) -> None:
        for peer in self._seats.of(participant_id):
            peer.loop.set_muted(peer.handle, muted, at_once=at_once, now=self._clock())

    def assign(self, subscriber_id: str, slots: Sequence[str | None]) -> None:
        self._assignments.want(subscriber_id, slots)

    def close(self, participant_id: str) -> None:
        self._assignments.forget(participant_id)
        for peer in self._seats.remove(participant_id):
            self._release(peer)

    # -- PeerEvents: what becomes of a connection --------------------------------------------------

    def peer_changed(self, peer: Peer, state: State) -> None:
        spec = peer.spec
        log.debug("peer_state", room_id=spec.room_id, participant_id=spec.participant_id, state=state)
        match state:
            case State.CONNECTED:
                self._connected(peer)
            case State.DISCONNECTED | State.ENDED if self._seats.is_active(peer):
                self._events.media_state(spec.participant_id, "disconnected")
            case State.FAILED:
                self._drop(peer)
                self._events.media_failed(
                    spec.participant_id, is_carried=self._seats.is_connected(spec.participant_id)
                )
            case State.LOST:
                if self._drop(peer):
                    self._events.media_lost(spec.participant_id)

    def _connected(self, peer: Peer) -> None:
        former = self._seats.promote(peer)
        if former:
            self._assignments.connect(peer.spec.participant_id, peer.handle)
        for old in former:
            self._fall_silent(old)
            self._release(old)
        self._events.media_state(peer.spec.participant_id, "connected")

    def _drop(self, peer: Peer) -> bool:
        """Let go of a connection that is over. True if its participant has no other."""
        is_last = self._seats.drop(peer)
        self._fall_silent(peer)
        self._release(peer)
        successor = self._seats.newest(peer.spec.participant_id)
        if successor is None:
            self._assignments.disconnect(peer.spec.participant_id)
        else:
            self._assignments.connect(peer.spec.participant_id, successor.handle)
        return is_last

    def _fall_silent(self, peer: Peer) -> None:
        """A connection that ends in mid-speech leaves nobody shown as speaking."""
        if peer.handle in self._talking:
            self._talking.discard(peer.handle)
            self._events.speaking(peer.spec.participant_id, False, SILENT_DBOV)

    def _release(self, peer: Peer) -> None:
        if self._by_handle.pop(peer.handle, None) is not None:
            self._placement.leave(peer.spec.room_id)
        self._talking.discard(peer.handle)
        peer.close()
        task = asyncio.get_running_loop().create_task(peer.aclose())
        self._closing.add(task)
        task.add_done_callback(partial(self._released, peer.spec))

    def _released(self, spec: PeerSpec, task: asyncio.Task[None]) -> None:
        self._closing.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            whose = {"room_id": spec.room_id, "participant_id": spec.participant_id}
            log.error("release_failed", exc_info=error, **whose)

    # -- LoopEvents: what the packets say ----------------------------------------------------------

    def heard(self, peer: Handle, address: Address, now: float) -> None:
        found = self._by_handle.get(peer)
        if found is not None:
            found.heard(address, now)

    def checked(self, peer: Handle, address: Address, now: float, *, nominates: bool) -> None:
        found = self._by_handle.get(peer)
        if found is not None:
            found.checked(address, now, nominates=nominates)

    def speaking(self, peer: Handle, speaking: bool, level: int) -> None:
        found = self._by_handle.get(peer)
        if found is not None and self._seats.is_active(found):
            (self._talking.add if speaking else self._talking.discard)(peer)
            self._events.speaking(found.spec.participant_id, speaking, level)

    def dominant_speaker(self, room_id: str, peer: Handle | None) -> None:
        found = self._by_handle.get(peer) if peer is not None else None
        self._events.dominant_speaker(room_id, found.spec.participant_id if found else None)

    def _assign(self, subscriber: Handle, publishers: Sequence[Handle | None]) -> None:
        found = self._by_handle.get(subscriber)
        if found is not None:
            found.loop.assign(subscriber, publishers, self._clock())


def _ticks_of(port: MediaPort) -> Callable[[float], float]:
    def tick(now: float) -> float:
        port.loop.tick(now)
        return now

    return tick
