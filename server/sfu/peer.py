"""One connection of a participant: ICE, DTLS, the answer, and its state."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from server.common.tasks import aligned_delay, cancel_and_wait
from server.errors import MediaError, OfferUnknown, SdpInvalid
from server.protocol.rooms import Offer
from server.rooms.ports import PeerSpec
from server.sfu.data_plane import Consent, DataPlane, Handle, Path, PeerMedia
from server.sfu.lifecycle import ANSWERED, Event, State, due, next_state
from server.sfu.media_worker import MediaWorker
from server.sfu.options import SfuOptions
from server.sfu.sdp.answer import SdpAnswer, read_answer
from server.sfu.sdp.offer import OfferSpec, build_offer
from server.sfu.transport import stun
from server.sfu.transport.candidates import AddressRules, with_reached
from server.sfu.transport.ice import IceLite
from server.sfu.transport.rtc import Certificate, Dtls, Fingerprint

_log = logging.getLogger(__name__)

ACTIVE_S = 1.0
"""Time after a change of state in which every tick examines the connection: DTLS and checks are repeated."""
IDLE_INTERVAL_S = 0.2
"""Interval of looking at idle connections that may have fallen quiet, aligned so that they share wake-ups."""
MAX_EARLY = 4
"""DTLS datagrams held for a path that is being checked: a ClientHello may take two."""


class PeerEvents(Protocol):
    def peer_changed(self, peer: Peer, state: State) -> None: ...

    def peer_due(self) -> None:
        """A peer needs `tick` sooner than its last `idle_until` said."""
        ...


@dataclass(frozen=True, slots=True)
class LocalDescription:
    """Addresses of one worker's ports for offers. `near_addresses` are reachable from this machine and
    its network only. `tcp_port` 0: none."""

    options: SfuOptions
    rules: AddressRules
    addresses: tuple[str, ...]
    near_addresses: tuple[str, ...]
    port: int
    tcp_port: int
    certificate: Certificate


@dataclass(slots=True)
class _Offers:
    """Offers made on one connection. `open_id` is the one that may be answered."""

    session_id: int = field(default_factory=lambda: secrets.randbits(62))
    version: int = 0
    open_id: str | None = None


class Peer:
    """Implements `Endpoint` for the demultiplexer and `IceSink` for the agent. `lifecycle` has its states."""

    def __init__(
        self,
        handle: Handle,
        spec: PeerSpec,
        worker: MediaWorker,
        local: LocalDescription,
        events: PeerEvents,
        clock: Callable[[], float],
    ) -> None:
        now = clock()
        self.handle = handle
        self.spec = spec
        self._reached = spec.reached
        self.state = State.OFFERED
        self._entered_at = now
        self.idle_until = now
        self._worker = worker
        self._local = local
        self._events = events
        self._clock = clock
        self._ssrcs = _distinct_ssrcs(spec.slots)
        self._offers = _Offers()
        self._fingerprints: tuple[Fingerprint, ...] = ()
        self._answer: SdpAnswer | None = None
        self._dtls = Dtls(local.certificate, self._send_dtls, self._hung_up)
        self._dtls_path: Path | None = None
        self._early: list[tuple[bytes, Path]] = []
        self._handshake: asyncio.Task[None] | None = None
        self._ice = IceLite(self, now)
        worker.demux.add_ufrag(self._ice.local.ufrag, self)
        worker.data_plane.add_peer(
            handle,
            PeerMedia(spec.room_id, spec.number, self._ssrcs, spec.is_muted, spec.always_forwarded),
        )
        events.peer_due()

    @property
    def data_plane(self) -> DataPlane:
        """The data plane that its room is on."""
        return self._worker.data_plane

    # -- offers and answers ------------------------------------------------------------------------

    def offer(self) -> Offer:
        """A new offer with the current credentials; the offer before becomes void."""
        local, offers = self._local, self._offers
        offers.version += 1
        offers.open_id = secrets.token_urlsafe(9)
        fingerprint = local.certificate.fingerprint
        spec = OfferSpec(
            session_id=offers.session_id,
            version=offers.version,
            addresses=self._addresses(),
            port=local.port,
            tcp_port=local.tcp_port,
            ufrag=self._ice.local.ufrag,
            password=self._ice.local.password,
            fingerprint=(fingerprint.hash_name, fingerprint.value),
            slot_ssrcs=self._ssrcs,
            red=local.options.red,
            fec=local.options.fec,
            nack=local.options.nack,
        )
        return Offer(id=offers.open_id, sdp=build_offer(spec))

    def _addresses(self) -> tuple[str, ...]:
        """The tutor's worker mostly runs on this machine, where an advertised address may be unreachable."""
        local = self._local
        near = local.near_addresses if self.spec.always_forwarded else ()
        known = (*local.addresses, *(a for a in near if a not in local.addresses))
        return with_reached(known, self._reached, local.rules)

    def restart_ice(self, reached: str = "") -> Offer:
        """`reached` as in `PeerSpec`. Raises MediaError if no connection is set up that could continue."""
        self._reached = reached
        if self.state not in ANSWERED:
            raise MediaError("There is no connection to restart. Ask for a full one.")
        credentials = self._ice.restart()
        self._worker.demux.add_ufrag(credentials.ufrag, self)
        return self.offer()

    def answer(self, offer_id: str, sdp: str) -> None:
        """Raises OfferUnknown and SdpInvalid; after SdpInvalid the offer may be answered again."""
        if self._offers.open_id is None or offer_id != self._offers.open_id:
            raise OfferUnknown
        answer = read_answer(sdp, self._ssrcs, red=self._local.options.red)
        first = self._answer is None
        if self._answer is not None and answer.fingerprints != self._answer.fingerprints:
            raise SdpInvalid("An ICE restart keeps the certificate. Ask for a full connection instead.")
        self._offers.open_id = None
        if self._answer is None or answer.media != self._answer.media:
            self._worker.data_plane.set_answer(self.handle, answer.media)
        self._answer = answer
        self._ice.set_remote(answer.remote, self._clock())
        self._activate()
        if first:
            self._apply(Event.ANSWERED)
            self._handshake = asyncio.create_task(self._secure(answer.fingerprints), name="dtls handshake")

    # -- time and end ------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Every 50 ms or so, but not before `idle_until`: most connections are idle most of the time."""
        if now < self.idle_until:
            return
        self._ice.tick(now)
        self._dtls.tick(now)
        event = due(self.state, entered_at=self._entered_at, alive_at=self._ice.alive_at, now=now)
        if event is not None:
            self._apply(event)
        if self.state is State.CONNECTED and now - self._entered_at >= ACTIVE_S and self._ice.is_settled:
            quiet_at = self._ice.quiet_at
            self.idle_until = now if quiet_at <= now else quiet_at + aligned_delay(IDLE_INTERVAL_S, quiet_at)

    def _activate(self) -> None:
        """Make every tick look at this connection again."""
        self.idle_until = self._clock()
        self._events.peer_due()

    def alive(self, path: Path, now: float) -> None:
        """The data plane has accepted an authentic packet on a checked path."""
        self._ice.on_media(path, now)

    def consent_checked(self, path: Path, now: float, *, nominates: bool) -> None:
        """The data plane has answered a consent check."""
        self._ice.on_checked(path, now, nominates=nominates)

    def not_added(self) -> None:
        """The data plane is full."""
        self._apply(Event.REFUSED)

    def close(self) -> None:
        """Release what others can see, at once and without an event; `aclose` does the rest. Idempotent."""
        self.state = next_state(self.state, Event.CLOSE)
        self._early.clear()
        self._ice.close()
        self._worker.data_plane.remove_peer(self.handle)

    async def aclose(self) -> None:
        """End the handshake and the DTLS association, close_notify included. Idempotent."""
        if self.state is not State.CLOSED:
            self.close()
        await cancel_and_wait(self._handshake)
        await self._dtls.aclose()

    # -- Endpoint: datagrams from the network ---------------------------------------------------------

    def on_request(self, request: stun.Binding, ufrag: str, path: Path, now: float) -> bool:
        is_ours = self._ice.on_request(request, ufrag, path, now)
        if not self._ice.is_settled:
            self._activate()
        return is_ours

    def on_response(self, response: stun.Binding, path: Path, now: float) -> None:
        self._ice.on_response(response, path, now)

    def on_path_lost(self, path: Path) -> None:
        self._ice.on_lost(path, self._clock())

    def on_dtls(self, datagram: bytes, path: Path) -> None:
        if self._ice.has_checked(path):
            self._dtls_path = path
            self._dtls.put(datagram)
        elif len(self._early) < MAX_EARLY:
            self._early.append((datagram, path))

    # -- IceSink: effects of the agent ------------------------------------------------------

    def send_stun(self, datagram: bytes, path: Path) -> None:
        self._worker.send(datagram, path)

    def expect_response(self, transaction_id: bytes) -> None:
        self._worker.demux.expect_response(transaction_id, self)

    def forget_response(self, transaction_id: bytes) -> None:
        self._worker.demux.forget_response(transaction_id)

    def path_opened(self, path: Path) -> None:
        self._worker.demux.open_path(path, self)

    def path_checked(self, path: Path) -> None:
        self._worker.demux.check_path(path, self, self.handle)
        held, self._early = self._early, []
        for datagram, source in held:
            self.on_dtls(datagram, source)

    def path_closed(self, path: Path) -> None:
        self._worker.demux.close_path(path, self)
        self._early = [(d, p) for d, p in self._early if p != path]

    def destination_changed(self, path: Path | None) -> None:
        self._worker.data_plane.set_destination(self.handle, path)

    def consent_changed(self, consent: Consent | None) -> None:
        self._worker.demux.set_consent(self.handle, consent)

    def ufrag_retired(self, ufrag: str) -> None:
        self._worker.demux.remove_ufrag(ufrag)

    # -- DTLS --------------------------------------------------------------------------------------

    async def _secure(self, fingerprints: tuple[Fingerprint, ...]) -> None:
        try:
            sessions = await self._dtls.handshake(fingerprints)
        except Exception as error:  # noqa: BLE001  OpenSSL on hostile input: any error means this connection failed
            spec = self.spec
            ids = {"room_id": spec.room_id, "participant_id": spec.participant_id}
            _log.warning("dtls_failed", extra={**ids, "error": repr(error)})
            sessions = None
        if self.state is not State.SECURING:
            return
        if sessions is None:
            self._apply(Event.BROKEN)
            return
        self._worker.data_plane.set_sessions(self.handle, *sessions)
        self._apply(Event.SECURED)

    def _send_dtls(self, datagram: bytes) -> None:
        # Handshakes answer on the path they came by; the downlink's destination follows media only later.
        path = self._dtls_path or self._ice.destination
        if path is not None:
            self._worker.send(datagram, path)

    def _hung_up(self) -> None:
        self._apply(Event.HUNG_UP)

    def _apply(self, event: Event) -> None:
        state = next_state(self.state, event)
        if state is self.state:
            return
        self.state = state
        self._entered_at = self._clock()
        self._activate()
        self._events.peer_changed(self, state)


def _distinct_ssrcs(count: int) -> tuple[int, ...]:
    found: set[int] = set()
    while len(found) < count:
        found.add(secrets.randbelow((1 << 32) - 1) + 1)
    return tuple(found)
