"""Which peer a datagram belongs to.

By first byte (RFC 7983): 0 to 3 STUN, 20 to 63 DTLS, 128 to 191 RTP and RTCP. RTP goes by source address,
and only from checked ones; so does DTLS, with a little room for it just before the check ends. A STUN request
goes by the username fragment it names, a response by its transaction id, which only its addressee has seen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from server.sfu.loop import Address, Consent, Handle
from server.sfu.transport import stun
from server.sfu.transport.address import RawAddress, unmapped

Receive = Callable[[Handle, bytes, Address, float], None]
Send = Callable[[bytes, Address], None]

REFUSALS_PER_SECOND = 100
"""Bad STUN requests of one host that are looked at; after that its requests from new addresses are not."""
MAX_REFUSED_HOSTS = 4096


class Endpoint(Protocol):
    """A peer, as the demultiplexer sees it. Methods must not raise."""

    def on_request(self, request: stun.Binding, ufrag: str, address: Address, now: float) -> bool:
        """False: not signed with the password that goes with `ufrag`."""
        ...

    def on_response(self, response: stun.Binding, address: Address, now: float) -> None: ...

    def on_dtls(self, datagram: bytes, address: Address) -> None: ...

    def on_address_taken(self, address: Address) -> None:
        """Another peer has proved that the address is its own now."""
        ...


class Routes(Protocol):
    """Who routes RTP instead, and answers consent checks, where they do not come through here."""

    def open_route(self, address: Address, peer: Handle) -> None: ...

    def close_route(self, address: Address, peer: Handle) -> None: ...

    def set_consent(self, peer: Handle, consent: Consent | None) -> None: ...


@dataclass(slots=True)
class DemuxCounters:
    """Datagrams dropped here, by reason, since start."""

    empty: int = 0
    unknown_kind: int = 0
    unknown_source: int = 0
    unknown_ufrag: int = 0
    bad_stun: int = 0
    unsigned: int = 0
    rate_limited: int = 0


@dataclass(slots=True)
class _Refusals:
    """How many bad requests each host has sent within this second."""

    second: int = 0
    by_host: dict[str, int] = field(default_factory=dict)

    def are_too_many(self, host: str, now: float) -> bool:
        if int(now) != self.second:
            self.second = int(now)
            self.by_host.clear()
        return self.by_host.get(host, 0) >= REFUSALS_PER_SECOND

    def add(self, host: str) -> None:
        if len(self.by_host) < MAX_REFUSED_HOSTS or host in self.by_host:
            self.by_host[host] = self.by_host.get(host, 0) + 1


class Demux:
    """Routing tables, bounded by the peers that are there: each has few addresses and fragments."""

    def __init__(
        self,
        receive: Receive,
        send: Send,
        raw: Callable[[Address], RawAddress],
        routes: Routes | None = None,
    ) -> None:
        self.counters = DemuxCounters()
        self._routes = routes
        self._receive = receive
        self._send = send
        self._raw = raw
        # Keyed as the socket gives addresses, so that the hot path converts nothing.
        self._rtp: dict[RawAddress, tuple[Handle, Address]] = {}
        self._checked: dict[Address, Endpoint] = {}
        self._unchecked: dict[Address, Endpoint] = {}
        self._by_ufrag: dict[str, Endpoint] = {}
        self._by_transaction: dict[bytes, Endpoint] = {}
        self._refusals = _Refusals()

    def deliver(self, datagram: bytes, source: RawAddress, now: float) -> None:
        """Hand one datagram to its peer, or drop it. Never raises."""
        if not datagram:
            self.counters.empty += 1
            return
        first = datagram[0]
        if 127 < first < 192:
            route = self._rtp.get(source)
            if route is None:
                self.counters.unknown_source += 1
            else:
                self._receive(route[0], datagram, route[1], now)
        elif first < 4:
            self._deliver_stun(datagram, source, now)
        elif 19 < first < 64:
            self._deliver_dtls(datagram, source)
        else:
            self.counters.unknown_kind += 1

    # -- what peers register ------------------------------------------------------------------------------

    def add_ufrag(self, ufrag: str, endpoint: Endpoint) -> None:
        self._by_ufrag[ufrag] = endpoint

    def remove_ufrag(self, ufrag: str) -> None:
        self._by_ufrag.pop(ufrag, None)

    def expect_response(self, transaction_id: bytes, endpoint: Endpoint) -> None:
        self._by_transaction[transaction_id] = endpoint

    def forget_response(self, transaction_id: bytes) -> None:
        self._by_transaction.pop(transaction_id, None)

    def open_address(self, address: Address, endpoint: Endpoint) -> None:
        """The address has shown the peer's password, not yet that it is where it says."""
        self._unchecked[address] = endpoint

    def check_address(self, address: Address, endpoint: Endpoint, handle: Handle) -> None:
        """The address is the peer's; whoever had it before has lost it."""
        self._unchecked.pop(address, None)
        former = self._checked.get(address)
        self._checked[address] = endpoint
        if former is not None and former is not endpoint:
            former.on_address_taken(address)
        self._rtp[self._raw(address)] = (handle, address)
        if self._routes is not None:
            self._routes.open_route(address, handle)

    def close_address(self, address: Address, endpoint: Endpoint) -> None:
        if self._unchecked.get(address) is endpoint:
            del self._unchecked[address]
        if self._checked.get(address) is endpoint:
            del self._checked[address]
            route = self._rtp.pop(self._raw(address), None)
            if route is not None and self._routes is not None:
                self._routes.close_route(address, route[0])

    def set_consent(self, handle: Handle, consent: Consent | None) -> None:
        """What comes through here is answered by its endpoint in any case."""
        if self._routes is not None:
            self._routes.set_consent(handle, consent)

    # -- one kind each --------------------------------------------------------------------------------------

    def _deliver_dtls(self, datagram: bytes, source: RawAddress) -> None:
        address = unmapped(source)
        endpoint = self._checked.get(address) or self._unchecked.get(address)
        if endpoint is None:
            self.counters.unknown_source += 1
        else:
            endpoint.on_dtls(datagram, address)

    def _deliver_stun(self, datagram: bytes, source: RawAddress, now: float) -> None:
        if not stun.looks_like_stun(datagram):
            self.counters.bad_stun += 1
        elif stun.is_request(datagram):
            self._deliver_request(datagram, source, now)
        else:
            self._deliver_response(datagram, source, now)

    def _deliver_response(self, datagram: bytes, source: RawAddress, now: float) -> None:
        endpoint = self._by_transaction.get(datagram[8:20])
        if endpoint is None:
            self.counters.unknown_source += 1
            return
        response = stun.parse(datagram)
        if response is None or response.kind is stun.Kind.REQUEST:
            self.counters.bad_stun += 1
            return
        endpoint.on_response(response, unmapped(source), now)

    def _deliver_request(self, datagram: bytes, source: RawAddress, now: float) -> None:
        address = unmapped(source)
        if address not in self._checked and self._refusals.are_too_many(address[0], now):
            self.counters.rate_limited += 1
            return
        username = stun.peek_username(datagram)
        ufrag = username.partition(":")[0] if username else ""
        endpoint = self._by_ufrag.get(ufrag)
        if username and endpoint is None:
            # A peer that has gone, or a stranger. A browser's 401 is no faster than its timeout: stay silent.
            self.counters.unknown_ufrag += 1
            self._refusals.add(address[0])
            return
        request = stun.parse(datagram)
        if request is None:
            self.counters.bad_stun += 1
            self._refusals.add(address[0])
            return
        if endpoint is None or not request.has_integrity:
            self._refuse(datagram, request, address, 400, "Bad Request")
            return
        if not endpoint.on_request(request, ufrag, address, now):
            self._refuse(datagram, request, address, 401, "Unauthenticated")

    def _refuse(self, datagram: bytes, request: stun.Binding, address: Address, code: int, why: str) -> None:
        self.counters.unsigned += 1
        self._refusals.add(address[0])
        answer = stun.error(request.transaction_id, code, why)
        if len(answer) <= len(datagram):  # never a lever: a forged source gets no more than was sent for it
            self._send(answer, address)
