"""Sockets by address and network: who may open one more, and which one makes room for it. No I/O.

People behind one address share its limit, and accounts are free. So a new socket beyond the limit takes the
place of one of the account with the most, as long as that has more than `PAGES`: whoever opens hundreds of
sockets, in many accounts too, closes their own, not those of a class in the same network. Where all accounts
have few, a socket whose handshake shows an account with none takes the place of one that has two: accounts
are free, and two hundred of them must not keep their neighbours out.

Addresses are cheap too. So on a full server a new socket takes the place of one of the network with most
(IPv4 /24, IPv6 /48), as long as that has over `FAIR` more than its own network; within its own network, of
one of the address with most, by the same rule. A displaced account displaces no other when it comes back.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from server.common.addresses import network_of

PAGES = 2
"""Sockets of one account that never make room for others of its address: a person mostly has one. Of
these two the lobby's goes first, if a neighbour without any needs its place."""
FAIR = 8
"""By as many more sockets a network, or an address in it, must lead to make room for another."""
SURPLUS = 50
"""Sockets of an address beyond its limit that stay open until their refusal has been sent."""
_SURPLUS_PART = 10
"""Of all sockets at most this part, a tenth, is open only to be refused."""

Verdict = Literal["open", "refuse", "close"]
"""Of a new socket: serve it; refuse it at its handshake, unless `own` finds a place for it; close it at
once."""


@dataclass(slots=True)
class _Address:
    """Sockets by id, the oldest first, with the account that owns them: empty before their handshake.
    `surplus`: those that wait for their refusal, the oldest first."""

    network: str
    owners: dict[str, str] = field(default_factory=dict)
    lobby: set[str] = field(default_factory=set)
    surplus: dict[str, None] = field(default_factory=dict)


class SocketShares:
    """`limit`: sockets of one address; `total`: of all. 0: no limit. Addresses are keys of
    `addresses.limit_key`."""

    def __init__(self, limit: int, total: int = 0) -> None:
        self._limit = limit
        self._total = total
        self._addresses: dict[str, _Address] = {}
        self._address_of: dict[str, str] = {}
        self._networks: dict[str, dict[str, None]] = {}
        self._sizes: Counter[str] = Counter()
        """Sockets by network, without those that are refused."""
        self._refused = 0

    def add(self, socket_id: str, address: str) -> tuple[Verdict, str | None]:
        """Decide about a new socket; return also the one that must be closed in its place. A socket that is
        added is dropped by `drop`, one with the verdict `close` is not added."""
        here = self._addresses.get(address) or _Address(network_of(address))
        closed: str | None = None
        verdict: Verdict = "open"
        if 0 < self._limit <= len(here.owners):
            closed = _oldest_of_greediest(here, PAGES)
            verdict = "refuse" if closed is None else "open"
        elif 0 < self._total <= self._sizes.total():
            closed = self._in_a_crowd(here)
            verdict = "refuse" if closed is None else "open"
        if verdict == "refuse" and 0 < self._total <= self._refused * _SURPLUS_PART:
            return "close", None
        if verdict == "refuse" and len(here.surplus) >= SURPLUS:
            closed = next(iter(here.surplus))  # a client that keeps its refusals waiting keeps nobody out
        if closed is not None:
            self.drop(closed)
        self._addresses[address] = here
        self._networks.setdefault(here.network, {})[address] = None
        if verdict == "refuse":
            here.surplus[socket_id] = None
            self._refused += 1
        else:
            here.owners[socket_id] = ""
            self._sizes[here.network] += 1
        self._address_of[socket_id] = address
        return verdict, closed

    def own(self, socket_id: str, owner: str, *, is_lobby: bool = False) -> tuple[bool, str | None]:
        """The socket's handshake has shown whose it is. False if it must be refused; and the socket that must
        be closed in its place. An unknown socket is ignored."""
        here = self._addresses.get(self._address_of.get(socket_id, ""))
        closed: str | None = None
        if here is None:
            return True, None
        if socket_id in here.surplus:
            theirs = sum(other == owner for other in here.owners.values())
            closed = _oldest_of_greediest(here, theirs + 1)
            if closed is None:
                return False, None
            self.drop(closed)
            del here.surplus[socket_id]
            self._refused -= 1
            self._sizes[here.network] += 1
        here.owners[socket_id] = owner
        if is_lobby:
            here.lobby.add(socket_id)
        return True, closed

    def drop(self, socket_id: str) -> None:
        """The socket has closed or is about to. An unknown id is ignored."""
        address = self._address_of.pop(socket_id, None)
        if address is None:
            return
        here = self._addresses[address]
        if here.owners.pop(socket_id, None) is not None:
            self._sizes[here.network] -= 1
            here.lobby.discard(socket_id)
        else:
            del here.surplus[socket_id]
            self._refused -= 1
        if not here.owners and not here.surplus:
            del self._addresses[address]
            del self._networks[here.network][address]
            if not self._networks[here.network]:
                del self._networks[here.network], self._sizes[here.network]

    def _in_a_crowd(self, here: _Address) -> str | None:
        """The socket that makes room on a full server. Looks at all networks, but only where the biggest has
        enough for one of this size: a flood of sockets is limited by their rate."""
        most = max(self._sizes.values())
        is_elsewhere = most > self._sizes[here.network] + FAIR
        network = next(n for n, size in self._sizes.items() if size == most) if is_elsewhere else here.network
        addresses = (self._addresses[address] for address in self._networks.get(network, ()))
        biggest = max(addresses, key=lambda one: len(one.owners), default=here)
        if not is_elsewhere and len(biggest.owners) <= len(here.owners) + FAIR:
            return None
        return _oldest_of_greediest(biggest)


def _oldest_of_greediest(here: _Address, at_least: int = 0) -> str | None:
    """A socket of the owner with the most sockets, if they have more than `at_least`: of the lobby if there
    is one, since others may carry a talk, and else the oldest. Those without an owner count together."""
    if not here.owners:
        return None
    owner, count = Counter(here.owners.values()).most_common(1)[0]
    if count <= at_least:
        return None
    theirs = [socket_id for socket_id, other in here.owners.items() if other == owner]
    return next((socket_id for socket_id in theirs if socket_id in here.lobby), theirs[0])
