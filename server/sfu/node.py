"""The SFU of one server process: implements the rooms' `Media` port over one media worker or several."""

from __future__ import annotations

import itertools
import logging
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from server.common.tasks import TaskSet
from server.errors import MediaError, OfferUnknown, Unavailable
from server.protocol.rooms import Offer
from server.rooms.ports import MediaEvents, PeerSpec
from server.sfu.assignments import Assignments
from server.sfu.backends import choose
from server.sfu.connections import ConnectionTable
from server.sfu.data_plane import Backend, DataPlaneCounters, Handle, LinkQuality, Path
from server.sfu.fastpath.forwarder import NativeForwarder
from server.sfu.lifecycle import State
from server.sfu.media_worker import MediaWorker, total
from server.sfu.options import SfuOptions
from server.sfu.peer import LocalDescription, Peer
from server.sfu.placement import Placement
from server.sfu.scheduler import Scheduler
from server.sfu.transport.candidates import AddressRules, interfaces, offered_addresses, route_sources
from server.sfu.transport.rtc import Certificate

_log = logging.getLogger(__name__)

DATA_PLANE_TICK_S = 0.02
PEER_TICK_S = 0.05
"""Shortest time between two ticks of the connections' timers."""
MAX_PEERS = 4096
SILENT_DBOV = -127


class SfuNode:
    """Call `start` first, in the running event loop. `backend` overrides the options' choice of a data plane.
    Raises StartupError if that backend is not available.

    Implements `Media` for the rooms, `DataPlaneEvents` for the workers and `PeerEvents` for the connections,
    and passes each event on.
    """

    def __init__(
        self,
        options: SfuOptions,
        *,
        backend: Backend | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._options = options
        self._clock = clock
        backend = backend or choose(options.forwarding)
        # the Python backend runs on the event loop, so more workers would gain nothing
        count = options.media_threads if backend is NativeForwarder else 1
        self._workers = [MediaWorker(options, self, backend, clock) for _ in range(count)]
        self._placement = Placement(count)
        self._connections = ConnectionTable()
        self._assignments = Assignments(self._assign)
        self._by_handle: dict[Handle, Peer] = {}
        self._talking: set[Handle] = set()
        self._handles = itertools.count(1)
        self._local: tuple[LocalDescription, ...] = ()
        """Offer addresses of each worker; empty before the start and after the end."""
        self._peers_schedule = Scheduler(self.tick, PEER_TICK_S, clock)
        self._data_plane_schedules = [
            Scheduler(_ticks_of(worker), DATA_PLANE_TICK_S, clock)
            for worker in self._workers
            if worker.needs_ticks
        ]
        self._closing = TaskSet()

    # -- start, time and end -----------------------------------------------------------------------

    async def start(self, events: MediaEvents) -> None:
        """Bind the ports and start the timers. `events` receives events about connections and speech. Raises
        OSError."""
        self._events = events
        options, certificate = self._options, Certificate()
        self._bind()
        rules = AddressRules(
            options.advertised_ips,
            options.udp_host,
            options.offer_loopback,
            self._workers[0].socket.is_ipv6,
        )
        near_rules = replace(rules, advertised=(), loopback=True)
        found, sources = interfaces(), route_sources()
        addresses = offered_addresses(found, sources, rules)
        near = offered_addresses(found, sources, near_rules)
        self._local = tuple(
            LocalDescription(options, rules, addresses, near, worker.port, worker.tcp.port, certificate)
            for worker in self._workers
        )
        for schedule in (self._peers_schedule, *self._data_plane_schedules):
            schedule.start()
        _log.info(
            "sfu_started",
            extra={
                "udp_ports": [worker.port for worker in self._workers],
                "tcp_ports": [worker.tcp.port for worker in self._workers],
                "addresses": addresses,
                "backend": type(self._workers[0].data_plane).__name__,
            },
        )

    def _bind(self) -> None:
        first = self._options.udp_port
        try:
            for index, worker in enumerate(self._workers):
                worker.open(first and first + index)
                self._bind_tcp(index, worker)
        except OSError:
            for worker in self._workers:
                worker.close()
            raise

    def _bind_tcp(self, index: int, worker: MediaWorker) -> None:
        """Media works without TCP, so only a port that was asked for has to be free."""
        wanted = self._options.tcp_port
        if wanted == 0:
            return
        first = self._options.udp_port if wanted is None else wanted
        port = first and first + index
        try:
            worker.open_tcp(port)
        except OSError as error:
            if wanted is not None:
                raise OSError(error.errno, f"TCP port {port}: {error.strerror}") from error
            _log.warning("media_without_tcp", extra={"tcp_port": port, "error": repr(error)})

    async def aclose(self) -> None:
        """End every connection and close the ports. Idempotent."""
        self._local = ()
        for schedule in (self._peers_schedule, *self._data_plane_schedules):
            await schedule.aclose()
        for participant_id in {peer.spec.participant_id for peer in self._connections}:
            self.close(participant_id)
        await self._closing.wait()
        for worker in self._workers:
            worker.close()

    def tick(self, now: float) -> float:
        """Run the connections' timers. Returns when the next of them has something due."""
        for peer in [peer for peer in self._by_handle.values() if peer.idle_until <= now]:
            peer.tick(now)
        return min([peer.idle_until for peer in self._by_handle.values()], default=math.inf)

    # -- state -----------------------------------------------------------------------------------------

    @property
    def udp_port(self) -> int:
        """The first bound port, once started."""
        return self._workers[0].port

    @property
    def peers(self) -> int:
        """Number of connections, connected or not."""
        return len(self._by_handle)

    @property
    def counters(self) -> DataPlaneCounters:
        """Totals since start; `dropped` also counts what never reached a data plane."""
        return total([worker.counters for worker in self._workers])

    def link_quality(self) -> Iterator[LinkQuality]:
        for worker in self._workers:
            yield from worker.data_plane.link_quality()

    # -- Media: commands of the rooms ------------------------------------------------------------------

    async def open(self, spec: PeerSpec) -> Offer:
        """A working connection carries audio until the new one is connected."""
        if not self._local or len(self._by_handle) >= MAX_PEERS:
            raise Unavailable
        index = self._placement.enter(spec.room_id)
        peer = Peer(
            next(self._handles),
            spec,
            self._workers[index],
            self._local[index],
            events=self,
            clock=self._clock,
        )
        self._by_handle[peer.handle] = peer
        self._assignments.admit(spec.participant_id)
        for former in self._connections.add(peer):
            self._release(former)
        if self._connections.is_active(peer):
            self._assignments.connect(spec.participant_id, peer.handle)
        return peer.offer()

    async def restart_ice(self, participant_id: str, reached: str = "") -> Offer:
        peer = self._connections.newest(participant_id)
        if peer is None:
            raise MediaError("There is no connection to restart. Ask for a full one.")
        return peer.restart_ice(reached)

    async def answer(self, participant_id: str, offer_id: str, sdp: str) -> None:
        peer = self._connections.newest(participant_id)
        if peer is None:
            raise OfferUnknown
        peer.answer(offer_id, sdp)

    def set_muted(self, participant_id: str, muted: bool, *, at_once: bool) -> None:
        for peer in self._connections.of(participant_id):
            peer.data_plane.set_muted(peer.handle, muted, at_once=at_once, now=self._clock())

    def assign(self, subscriber_id: str, slots: Sequence[str | None]) -> None:
        self._assignments.want(subscriber_id, slots)

    def close(self, participant_id: str) -> None:
        self._assignments.forget(participant_id)
        for peer in self._connections.remove(participant_id):
            self._release(peer)

    # -- PeerEvents: changes of a connection -----------------------------------------------------------

    def peer_changed(self, peer: Peer, state: State) -> None:
        spec = peer.spec
        _log.debug("peer_state", extra={**_ids(spec), "state": str(state)})
        match state:
            case State.CONNECTED:
                self._connected(peer)
            case State.DISCONNECTED | State.ENDED if self._connections.is_active(peer):
                self._events.media_state(spec.participant_id, "disconnected")
            case State.FAILED:
                self._drop(peer)
                self._events.media_failed(
                    spec.participant_id, is_carried=self._connections.is_connected(spec.participant_id)
                )
            case State.LOST:
                if self._drop(peer):
                    self._events.media_lost(spec.participant_id)

    def peer_due(self) -> None:
        self._peers_schedule.wake()

    def _connected(self, peer: Peer) -> None:
        former = self._connections.promote(peer)
        if former:
            self._assignments.connect(peer.spec.participant_id, peer.handle)
        for old in former:
            self._fall_silent(old)
            self._release(old)
        self._events.media_state(peer.spec.participant_id, "connected")

    def _drop(self, peer: Peer) -> bool:
        """Release a connection that is over. True if its participant has no other."""
        is_last = self._connections.drop(peer)
        self._fall_silent(peer)
        self._release(peer)
        successor = self._connections.newest(peer.spec.participant_id)
        if successor is None:
            self._assignments.disconnect(peer.spec.participant_id)
        else:
            self._assignments.connect(peer.spec.participant_id, successor.handle)
        return is_last

    def _fall_silent(self, peer: Peer) -> None:
        """Report the end of speech of a connection that ends while its participant speaks."""
        if peer.handle in self._talking:
            self._talking.discard(peer.handle)
            self._events.speaking(peer.spec.participant_id, False, SILENT_DBOV)

    def _release(self, peer: Peer) -> None:
        if self._by_handle.pop(peer.handle, None) is not None:
            self._placement.leave(peer.spec.room_id)
        self._talking.discard(peer.handle)
        peer.close()
        self._closing.spawn(_end(peer), f"end of peer {peer.handle}")

    # -- DataPlaneEvents: reports from packets ---------------------------------------------------------

    def alive(self, peer: Handle, path: Path, now: float) -> None:
        found = self._by_handle.get(peer)
        if found is not None:
            found.alive(path, now)

    def consent_checked(self, peer: Handle, path: Path, now: float, *, nominates: bool) -> None:
        found = self._by_handle.get(peer)
        if found is not None:
            found.consent_checked(path, now, nominates=nominates)

    def speaking(self, peer: Handle, speaking: bool, level: int) -> None:
        found = self._by_handle.get(peer)
        if found is not None and self._connections.is_active(found):
            (self._talking.add if speaking else self._talking.discard)(peer)
            self._events.speaking(found.spec.participant_id, speaking, level)

    def dominant_speaker(self, room_id: str, peer: Handle | None) -> None:
        found = self._by_handle.get(peer) if peer is not None else None
        self._events.dominant_speaker(room_id, found.spec.participant_id if found else None)

    def not_added(self, peer: Handle) -> None:
        found = self._by_handle.get(peer)
        if found is not None:
            _log.error("peer_not_added", extra={**_ids(found.spec), "reason": "the data plane is full"})
            found.not_added()

    def _assign(self, subscriber: Handle, publishers: Sequence[Handle | None]) -> None:
        found = self._by_handle.get(subscriber)
        if found is not None:
            found.data_plane.assign(subscriber, publishers, self._clock())


async def _end(peer: Peer) -> None:
    try:
        await peer.aclose()
    except Exception:  # noqa: BLE001  pyOpenSSL and aiortc raise errors of many kinds
        _log.exception("release_failed", extra=_ids(peer.spec))


def _ids(spec: PeerSpec) -> dict[str, str]:
    return {"room_id": spec.room_id, "participant_id": spec.participant_id}


def _ticks_of(worker: MediaWorker) -> Callable[[float], float]:
    def tick(now: float) -> float:
        worker.data_plane.tick(now)
        return now

    return tick
