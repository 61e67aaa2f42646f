"""Routing of datagrams to peers.

By first byte (RFC 7983): 0 to 3 STUN, 20 to 63 DTLS, 128 to 191 RTP and RTCP. RTP goes by its path, and only
checked paths count; so does DTLS, with a little room for it just before the check ends. A STUN request goes
by the username fragment it names, a response by its transaction id, which only its addressee has read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from server.sfu.data_plane import Consent, Handle, Path
from server.sfu.transport import stun
from server.sfu.transport.address import Source

Receive = Callable[[Handle, bytes, Path, float], None]

REFUSALS_PER_SECOND = 100
"""Bad requests that name one fragment and are verified; after that its requests on new paths are dropped."""


class Endpoint(Protocol):
    """A peer as the demultiplexer sees it. Methods must not raise."""

    def on_request(self, request: stun.Binding, ufrag: str, path: Path, now: float) -> bool:
        """False: not signed with the password that goes with `ufrag`."""
        ...

    def on_response(self, response: stun.Binding, path: Path, now: float) -> None: ...

    def on_dtls(self, datagram: bytes, path: Path) -> None: ...

    def on_path_lost(self, path: Path) -> None:
        """Another peer has proved that it is on this path now, or its TCP connection has ended."""
        ...


class Transport(Protocol):
    """The transport that datagrams come from: it knows what is behind a path."""

    def send(self, datagram: bytes, path: Path) -> None: ...

    def path(self, source: Source) -> Path:
        """The path of a datagram's source."""
        ...

    def source(self, path: Path) -> Source:
        """The source of a path's datagrams."""
        ...

    def release(self, path: Path) -> None:
        """No peer uses the path any more."""
        ...


class Routes(Protocol):
    """A data plane that receives RTP itself and answers consent checks."""

    def open_route(self, path: Path, peer: Handle) -> None: ...

    def close_route(self, path: Path, peer: Handle) -> None: ...

    def set_consent(self, peer: Handle, consent: Consent | None) -> None: ...


@dataclass(slots=True)
class DemuxCounters:
    """Datagrams dropped here since start, by reason."""

    empty: int = 0
    unknown_kind: int = 0
    unknown_source: int = 0
    unknown_ufrag: int = 0
    bad_stun: int = 0
    unsigned: int = 0
    rate_limited: int = 0


@dataclass(slots=True)
class _Refusals:
    """Bad requests of the current second by the fragment they name; "" for those without one.

    Only requests with a known fragment cost an HMAC, so only those are limited. They count for the fragment
    and not for the source host: anybody can forge the address of a school, but only a client that knows a
    peer's fragment can use up its share. The table is bounded by the fragments of present peers.
    """

    second: int = 0
    by_ufrag: dict[str, int] = field(default_factory=dict)

    def are_too_many(self, ufrag: str, now: float) -> bool:
        if int(now) != self.second:
            self.second = int(now)
            self.by_ufrag.clear()
        return self.by_ufrag.get(ufrag, 0) >= REFUSALS_PER_SECOND

    def add(self, ufrag: str) -> None:
        self.by_ufrag[ufrag] = self.by_ufrag.get(ufrag, 0) + 1


class Demux:
    """Routing tables, bounded by the present peers: each has few paths and fragments."""

    def __init__(self, receive: Receive, transport: Transport, routes: Routes | None = None) -> None:
        self.counters = DemuxCounters()
        self._routes = routes
        self._receive = receive
        self._transport = transport
        # Keyed as the socket gives addresses, so that the hot path converts nothing.
        self._rtp: dict[Source, tuple[Handle, Path]] = {}
        self._checked: dict[Path, Endpoint] = {}
        self._unchecked: dict[Path, Endpoint] = {}
        self._by_ufrag: dict[str, Endpoint] = {}
        self._by_transaction: dict[bytes, Endpoint] = {}
        self._refusals = _Refusals()

    def deliver(self, datagram: bytes, source: Source, now: float) -> None:
        """Pass one datagram to its peer, or drop it. Never raises."""
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

    # -- registration by peers ----------------------------------------------------------------------------

    def add_ufrag(self, ufrag: str, endpoint: Endpoint) -> None:
        self._by_ufrag[ufrag] = endpoint

    def remove_ufrag(self, ufrag: str) -> None:
        self._by_ufrag.pop(ufrag, None)

    def expect_response(self, transaction_id: bytes, endpoint: Endpoint) -> None:
        self._by_transaction[transaction_id] = endpoint

    def forget_response(self, transaction_id: bytes) -> None:
        self._by_transaction.pop(transaction_id, None)

    def open_path(self, path: Path, endpoint: Endpoint) -> None:
        """A request on this path was signed with the peer's password; the path is not checked yet."""
        self._unchecked[path] = endpoint

    def check_path(self, path: Path, endpoint: Endpoint, handle: Handle) -> None:
        """The path is the peer's; a peer that had it before loses it."""
        self._unchecked.pop(path, None)
        former = self._checked.get(path)
        self._checked[path] = endpoint
        if former is not None and former is not endpoint:
            former.on_path_lost(path)
        self._rtp[self._transport.source(path)] = (handle, path)
        if self._routes is not None:
            self._routes.open_route(path, handle)

    def close_path(self, path: Path, endpoint: Endpoint) -> None:
        if self._unchecked.get(path) is endpoint:
            del self._unchecked[path]
        if self._checked.get(path) is endpoint:
            del self._checked[path]
            route = self._rtp.pop(self._transport.source(path), None)
            if route is not None and self._routes is not None:
                self._routes.close_route(path, route[0])
        if not self.knows(path):
            self._transport.release(path)

    def knows(self, path: Path) -> bool:
        """Whether a peer uses the path: a request on it was signed with its password."""
        return path in self._checked or path in self._unchecked

    def lose_path(self, path: Path) -> None:
        """The path's TCP connection has ended."""
        for endpoint in (self._unchecked.get(path), self._checked.get(path)):
            if endpoint is not None:
                endpoint.on_path_lost(path)

    def set_consent(self, handle: Handle, consent: Consent | None) -> None:
        """Let the data plane answer checks, if it can. Checks that come through here go to the endpoint."""
        if self._routes is not None:
            self._routes.set_consent(handle, consent)

    # -- one method a kind of datagram ----------------------------------------------------------------------

    def _deliver_dtls(self, datagram: bytes, source: Source) -> None:
        path = self._transport.path(source)
        endpoint = self._checked.get(path) or self._unchecked.get(path)
        if endpoint is None:
            self.counters.unknown_source += 1
        else:
            endpoint.on_dtls(datagram, path)

    def _deliver_stun(self, datagram: bytes, source: Source, now: float) -> None:
        if not stun.looks_like_stun(datagram):
            self.counters.bad_stun += 1
        elif stun.is_request(datagram):
            self._deliver_request(datagram, source, now)
        else:
            self._deliver_response(datagram, source, now)

    def _deliver_response(self, datagram: bytes, source: Source, now: float) -> None:
        endpoint = self._by_transaction.get(datagram[8:20])
        if endpoint is None:
            self.counters.unknown_source += 1
            return
        response = stun.parse(datagram)
        if response is None or response.kind is stun.Kind.REQUEST:
            self.counters.bad_stun += 1
            return
        endpoint.on_response(response, self._transport.path(source), now)

    def _deliver_request(self, datagram: bytes, source: Source, now: float) -> None:
        username = stun.peek_username(datagram)
        ufrag = username.partition(":")[0] if username else ""
        endpoint = self._by_ufrag.get(ufrag)
        if username and endpoint is None:
            # From a peer that has left, or an unknown sender: dropped at the cost of a lookup. A 401 would
            # not make a browser give up sooner than its timeout does, so there is no answer.
            self.counters.unknown_ufrag += 1
            return
        path = self._transport.path(source)
        if path not in self._checked and self._refusals.are_too_many(ufrag, now):
            self.counters.rate_limited += 1
            return
        request = stun.parse(datagram)
        if request is None:
            self.counters.bad_stun += 1
            self._refusals.add(ufrag)
        elif endpoint is None or not request.has_integrity:
            self._refuse(datagram, request, ufrag, path, 400, "Bad Request")
        elif not endpoint.on_request(request, ufrag, path, now):
            self._refuse(datagram, request, ufrag, path, 401, "Unauthenticated")

    def _refuse(
        self, datagram: bytes, request: stun.Binding, ufrag: str, path: Path, code: int, reason: str
    ) -> None:
        self.counters.unsigned += 1
        self._refusals.add(ufrag)
        answer = stun.error(request.transaction_id, code, reason)
        # no amplification: a forged source gets no more than was sent for it
        if len(answer) <= len(datagram):
            self._transport.send(answer, path)
