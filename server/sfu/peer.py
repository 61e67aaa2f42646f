"""One connection of a participant: ICE, DTLS and the answer, and the states they lead through."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from server.common.tasks import aligned_delay
from server.errors import MediaError, OfferUnknown, SdpInvalid
from server.protocol.rooms import Offer
from server.rooms.ports import PeerSpec
from server.sfu.lifecycle import ANSWERED, FINAL, TRANSITIONS, Event, State, due
from server.sfu.loop import Address, Consent, ForwardingLoop, Handle, PeerMedia
from server.sfu.options import SfuOptions
from server.sfu.sdp.answer import Answer, read_answer
from server.sfu.sdp.offer import OfferSpec, build_offer
from server.sfu.transport import stun
from server.sfu.transport.demux import Demux
from server.sfu.transport.engine import Certificate, Dtls, Fingerprint
from server.sfu.transport.ice import IceLite

log = structlog.get_logger(__name__)

RESTLESS_S = 1.0
"""After each change of state, in which the last flight of DTLS and checks are repeated."""
CALM_S = 0.2
"""The beat on which connections at rest are looked at, those that may have fallen quiet."""
MAX_EARLY = 4
"""DTLS datagrams held for an address that is being checked: a ClientHello may take two."""


class PeerEvents(Protocol):
    def peer_changed(self, peer: Peer, state: State) -> None: ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all connections of a node share. `near_addresses` lead here from this machine and its network."""

    options: SfuOptions
    addresses: tuple[str, ...]
    near_addresses: tuple[str, ...]
    port: int
    certificate: Certificate
    demux: Demux
    send: Callable[[bytes, Address], None]
    loop: ForwardingLoop
    events: PeerEvents
    stir: Callable[[], None]
    """Have `tick` called soon."""
    clock: Callable[[], float]


@dataclass(slots=True)
class _Offers:
    """The offers of one connection. `open_id` is the one that may be answered."""

    session_id: int = field(default_factory=lambda: secrets.randbits(62))
    version: int = 0
    open_id: str | None = None


class Peer:
    """Does its part of the `Endpoint` and `IceSink` interfaces; `state` moves by the table in `lifecycle`."""

    def __init__(self, handle: Handle, spec: PeerSpec, around: Surroundings) -> None:
        now = around.clock()
        self.handle = handle
        self.spec = spec
        self.state = State.OFFERED
        self._entered_at = now
        self.calm_until = now
        self._around = around
        self._ssrcs = _distinct_ssrcs(spec.slots)
        self._offers = _Offers()
        self._fingerprints: tuple[Fingerprint, ...] = ()
        self._answer: Answer | None = None
        self._dtls = Dtls(around.certificate, self._send_dtls, self._hung_up)
        self._dtls_address: Address | None = None
        self._early: list[tuple[bytes, Address]] = []
        self._handshake: asyncio.Task[None] | None = None
        self._ice = IceLite(self, now)
        around.demux.add_ufrag(self._ice.local.ufrag, self)
        around.loop.add_peer(
            handle,
            PeerMedia(spec.room_id, spec.number, self._ssrcs, spec.is_muted, spec.always_forwarded),
        )
        around.stir()

    @property
    def loop(self) -> ForwardingLoop:
        """The per-packet path that its room is on."""
        return self._around.loop

    # -- offers and answers ------------------------------------------------------------------------

    def offer(self) -> Offer:
        """A new offer with the present credentials; it voids the one before."""
        options, offers = self._around.options, self._offers
        offers.version += 1
        offers.open_id = secrets.token_urlsafe(9)
        fingerprint = self._around.certificate.fingerprint
        spec = OfferSpec(
            session_id=offers.session_id,
            version=offers.version,
            addresses=self._addresses(),
            port=self._around.port,
            ufrag=self._ice.local.ufrag,
            password=self._ice.local.password,
            fingerprint=(fingerprint.hash_name, fingerprint.value),
            slot_ssrcs=self._ssrcs,
            red=options.red,
            fec=options.fec,
            nack=options.nack,
        )
        return Offer(id=offers.open_id, sdp=build_offer(spec))

    def _addresses(self) -> tuple[str, ...]:
        """The tutor's worker most often runs beside us, whence an advertised address may not lead back."""
        around = self._around
        near = around.near_addresses if self.spec.always_forwarded else ()
        return (*around.addresses, *(a for a in near if a not in around.addresses))

    def restart_ice(self) -> Offer:
        """Raises MediaError where there is no connection that could go on."""
        if self.state not in ANSWERED:
            raise MediaError("There is no connection to restart. Ask for a full one.")
        credentials = self._ice.restart()
        self._around.demux.add_ufrag(credentials.ufrag, self)
        return self.offer()

    def answer(self, offer_id: str, sdp: str) -> None:
        """Raises OfferUnknown and SdpInvalid; after SdpInvalid the offer may be answered again."""
        if self._offers.open_id is None or offer_id != self._offers.open_id:
            raise OfferUnknown
        answer = read_answer(sdp, self._ssrcs, red=self._around.options.red)
        first = self._answer is None
        if self._answer is not None and answer.fingerprints != self._answer.fingerprints:
            raise SdpInvalid("An ICE restart keeps the certificate. Ask for a full connection instead.")
        self._offers.open_id = None
        if self._answer is None or answer.media != self._answer.media:
            self._around.loop.set_answer(self.handle, answer.media)
        self._answer = answer
        self._ice.set_remote(answer.remote, self._around.clock())
        self._watch()
        if first:
            self._apply(Event.ANSWERED)
            self._handshake = asyncio.create_task(self._secure(answer.fingerprints))

    # -- time and end ------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Every 50 ms or so, but not before `calm_until`: most connections are at rest most of the time."""
        if now < self.calm_until:
            return
        self._ice.tick(now)
        self._dtls.tick(now)
        event = due(self.state, entered_at=self._entered_at, alive_at=self._ice.alive_at, now=now)
        if event is not None:
            self._apply(event)
        if self.state is State.CONNECTED and now - self._entered_at >= RESTLESS_S and self._ice.is_settled:
            quiet_at = self._ice.quiet_at
            self.calm_until = now if quiet_at <= now else quiet_at + aligned_delay(CALM_S, quiet_at)

    def _watch(self) -> None:
        """Something is due soon."""
        self.calm_until = self._around.clock()
        self._around.stir()

    def heard(self, address: Address, now: float) -> None:
        """The loop has taken an authentic packet from a checked address."""
        self._ice.on_media(address, now)

    def checked(self, address: Address, now: float, *, nominates: bool) -> None:
        """The loop has answered a consent check."""
        self._ice.on_checked(address, now, nominates=nominates)

    def close(self) -> None:
        """Let go of everything that others can see, at once and without an event; `aclose` does the rest."""
        self.state = State.CLOSED
        self._early.clear()
        self._ice.close()
        self._around.loop.remove_peer(self.handle)

    async def aclose(self) -> None:
        """End the handshake and the DTLS association, close_notify included. Idempotent."""
        if self.state is not State.CLOSED:
            self.close()
        if self._handshake is not None:
            self._handshake.cancel()
            await asyncio.wait([self._handshake])
        await self._dtls.aclose()

    # -- Endpoint: what the network brings ---------------------------------------------------------

    def on_request(self, request: stun.Binding, ufrag: str, address: Address, now: float) -> bool:
        is_ours = self._ice.on_request(request, ufrag, address, now)
        if not self._ice.is_settled:
            self._watch()
        return is_ours

    def on_response(self, response: stun.Binding, address: Address, now: float) -> None:
        self._ice.on_response(response, address, now)

    def on_address_taken(self, address: Address) -> None:
        self._ice.on_taken(address, self._around.clock())

    def on_dtls(self, datagram: bytes, address: Address) -> None:
        if self._ice.has_checked(address):
            self._dtls_address = address
            self._dtls.put(datagram)
        elif len(self._early) < MAX_EARLY:
            self._early.append((datagram, address))

    # -- IceSink: what the agent brings about ------------------------------------------------------

    def send_stun(self, datagram: bytes, address: Address) -> None:
        self._around.send(datagram, address)

    def expect_response(self, transaction_id: bytes) -> None:
        self._around.demux.expect_response(transaction_id, self)

    def forget_response(self, transaction_id: bytes) -> None:
        self._around.demux.forget_response(transaction_id)

    def path_opened(self, address: Address) -> None:
        self._around.demux.open_address(address, self)

    def path_checked(self, address: Address) -> None:
        self._around.demux.check_address(address, self, self.handle)
        held, self._early = self._early, []
        for datagram, source in held:
            self.on_dtls(datagram, source)

    def path_closed(self, address: Address) -> None:
        self._around.demux.close_address(address, self)
        self._early = [(d, a) for d, a in self._early if a != address]

    def destination_changed(self, address: Address | None) -> None:
        self._around.loop.set_destination(self.handle, address)

    def consent_changed(self, consent: Consent | None) -> None:
        self._around.demux.set_consent(self.handle, consent)

    def ufrag_retired(self, ufrag: str) -> None:
        self._around.demux.remove_ufrag(ufrag)

    # -- DTLS --------------------------------------------------------------------------------------

    async def _secure(self, fingerprints: tuple[Fingerprint, ...]) -> None:
        try:
            sessions = await self._dtls.handshake(fingerprints)
        except Exception as error:  # noqa: BLE001  OpenSSL fed by strangers: whatever it says, this connection failed
            spec = self.spec
            log.warning(
                "dtls_failed",
                room_id=spec.room_id,
                participant_id=spec.participant_id,
                error=repr(error),
            )
            sessions = None
        if self.state is not State.SECURING:
            return
        if sessions is None:
            self._apply(Event.BROKEN)
            return
        self._around.loop.set_sessions(self.handle, *sessions)
        self._apply(Event.SECURED)

    def _send_dtls(self, datagram: bytes) -> None:
        # Handshakes answer where they are spoken to; the downlink's destination follows media only later.
        address = self._dtls_address or self._ice.destination
        if address is not None:
            self._around.send(datagram, address)

    def _hung_up(self) -> None:
        self._apply(Event.HUNG_UP)

    def _apply(self, event: Event) -> None:
        state = TRANSITIONS.get((self.state, event))
        if state is None or state is self.state or self.state in FINAL:
            return
        self.state = state
        self._entered_at = self._around.clock()
        self._watch()
        self._around.events.peer_changed(self, state)


def _distinct_ssrcs(count: int) -> tuple[int, ...]:
    found: set[int] = set()
    while len(found) < count:
        found.add(secrets.randbelow((1 << 32) - 1) + 1)
    return tuple(found)
