"""Chooses whose part of a shared budget is taken when it is used up: that of those who hold most, not of the
newcomer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from server.rooms.model import Claim

_LEVELS: Sequence[Callable[[Claim], str]] = (
    lambda claim: claim.network,
    lambda claim: claim.address,
    lambda claim: claim.user_id,
)


class Share(Protocol):
    """`size` in bytes."""

    @property
    def claim(self) -> Claim: ...

    @property
    def size(self) -> int: ...


S = TypeVar("S", bound=Share)


def greediest(shares: Iterable[S]) -> list[S]:
    """Return, in their order, the shares of the accounts with the most bytes, of the addresses and the
    networks with the most."""
    found = list(shares)
    for level in _LEVELS:
        sizes = Counter[str]()
        for one in found:
            sizes[level(one.claim)] += one.size
        most = max(sizes.values(), default=0)
        found = [one for one in found if sizes[level(one.claim)] == most]
    return found
