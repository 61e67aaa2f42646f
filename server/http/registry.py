"""The open connections, and which of them to end so that one more fits. Pure.

A client that opens connections and does nothing with them must keep nobody out, and many people may share an
address. So those that wait for a request make room for new ones, those of the address with the most first.
Of one address, those that read an answer slowly come last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, Protocol, TypeVar

_PART = 16
"""Of the connections that may be ended a 16th is, at least one: a flood must not look at all for each."""


class Evictable(Protocol):
    """`active_at`: when its client last sent something. `is_lagging`: it reads its answer slowly."""

    @property
    def address(self) -> str: ...
    @property
    def active_at(self) -> float: ...
    @property
    def is_lagging(self) -> bool: ...
    @property
    def can_be_evicted(self) -> bool: ...


C = TypeVar("C", bound=Evictable)


class Registry(Generic[C]):
    """`connections`: the most of all addresses together; `per_address`: of each, 0 for no limit."""

    def __init__(self, connections: int, per_address: int) -> None:
        self._connections = connections
        self._per_address = per_address
        self._all: dict[C, None] = {}
        self._by_address: dict[str, dict[C, None]] = {}

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[C]:
        return iter(list(self._all))

    def add(self, connection: C) -> None:
        self._all[connection] = None
        self._by_address.setdefault(connection.address, {})[connection] = None

    def discard(self, connection: C) -> None:
        """Does nothing if it is not here."""
        if self._all.pop(connection, self) is self:
            return
        own = self._by_address[connection.address]
        del own[connection]
        if not own:
            del self._by_address[connection.address]

    def room_for(self, address: str) -> list[C] | None:
        """The connections to end before one more of this address is added; None: it must be refused."""
        own = self._by_address.get(address, {})
        if self._per_address and len(own) >= self._per_address:
            return _part(own, lambda c: (0, c.is_lagging, c.active_at)) or None
        if len(self._all) >= self._connections:
            return self._greediest(len(own)) or None
        return []

    def _greediest(self, least: int, part: int = _PART) -> list[C]:
        """Of addresses that have at least that many connections."""
        counts = {address: len(own) for address, own in self._by_address.items()}
        others = (c for c in self._all if counts[c.address] >= least)
        return _part(others, lambda c: (-counts[c.address], c.is_lagging, c.active_at), part)

    def longest_waiting(self) -> list[C]:
        """Half of those that may be ended: for a process that has no file descriptor left."""
        return self._greediest(0, part=2)


def _part(
    connections: Iterable[C], order: Callable[[C], tuple[int, bool, float]], part: int = _PART
) -> list[C]:
    found = sorted((c for c in connections if c.can_be_evicted), key=order)
    return found[: max(1, len(found) // part)]
