"""Sockets by address: who may open one more, and which one makes room for it. No I/O.

People behind one address share its limit, and accounts are free. So a new socket beyond the limit takes the
place of one of the account with the most, as long as that has more than `FAIR`: whoever opens hundreds of
sockets closes their own, not those of a class in the same network.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

FAIR = 8
"""Sockets of one account that never make room for others: a person has one or two for each open page."""
SURPLUS = 50
"""Sockets of an address beyond its limit that stay open until their refusal has been sent."""

Verdict = Literal["open", "refuse", "close"]
"""Of a new socket: serve it; serve only a refusal that says why; close it at once."""


@dataclass(slots=True)
class _Address:
    """Sockets by id, the oldest first, with the account that owns them: empty before their handshake."""

    owners: dict[str, str] = field(default_factory=dict)
    surplus: set[str] = field(default_factory=set)


class SocketShares:
    """`limit`: sockets of one address; 0: no limit."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._addresses: dict[str, _Address] = {}
        self._address_of: dict[str, str] = {}

    def add(self, socket_id: str, address: str) -> tuple[Verdict, str | None]:
        """What becomes of a new socket, and the socket that must be closed in its place. A socket that is
        added is dropped by `drop`, one with the verdict `close` is not added."""
        here = self._addresses.setdefault(address, _Address())
        closed: str | None = None
        verdict: Verdict = "open"
        if 0 < self._limit <= len(here.owners):
            closed = _greediest(here)
            verdict = "refuse" if closed is None else "open"
        if verdict == "refuse" and len(here.surplus) >= SURPLUS:
            return "close", None
        if closed is not None:
            self.drop(closed)
            here = self._addresses.setdefault(address, here)
        if verdict == "refuse":
            here.surplus.add(socket_id)
        else:
            here.owners[socket_id] = ""
        self._address_of[socket_id] = address
        return verdict, closed

    def own(self, socket_id: str, owner: str) -> None:
        """The socket's handshake has shown whose it is."""
        here = self._addresses.get(self._address_of.get(socket_id, ""))
        if here is not None and socket_id in here.owners:
            here.owners[socket_id] = owner

    def is_refused(self, socket_id: str) -> bool:
        here = self._addresses.get(self._address_of.get(socket_id, ""))
        return here is not None and socket_id in here.surplus

    def drop(self, socket_id: str) -> None:
        """The socket has closed or is about to. An unknown id is ignored."""
        address = self._address_of.pop(socket_id, None)
        if address is None:
            return
        here = self._addresses[address]
        here.owners.pop(socket_id, None)
        here.surplus.discard(socket_id)
        if not here.owners and not here.surplus:
            del self._addresses[address]


def _greediest(here: _Address) -> str | None:
    """The oldest socket of the owner with the most sockets, if they have more than `FAIR`. Those without an
    owner count together."""
    owner, count = Counter(here.owners.values()).most_common(1)[0]
    if count <= FAIR:
        return None
    return next(socket_id for socket_id, theirs in here.owners.items() if theirs == owner)
