"""Shares something scarce, such as tutors: whose turn is next, and whose place goes to somebody else. No I/O.

Accounts are free, and people behind one address may be a class. So places are shared by network, within a
network by address, and there by account, as sockets are (`server.signalling.socket_shares`): the claim with
the fewest is served first, and a place goes to somebody whose network, address or account has at least two
fewer. With a lead of one, two people would take it from each other for ever.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush
from typing import Protocol, TypeVar

Key = TypeVar("Key", bound=Hashable)


class Claim(Protocol):
    """An account, its address and its network; the last two are empty where not known."""

    @property
    def user_id(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def network(self) -> str: ...


_LEVELS: Sequence[Callable[[Claim], str]] = (
    lambda claim: claim.network or claim.user_id,
    lambda claim: claim.address or claim.user_id,
    lambda claim: claim.user_id,
)
_LEAD = 2

Share = tuple[int, ...]
"""Places of a claim's network, its address and its account."""


class Shares:
    def __init__(self, at_work: Collection[Claim]) -> None:
        self._sizes = [Counter(level(claim) for claim in at_work) for level in _LEVELS]

    def of(self, claim: Claim) -> Share:
        return tuple(sizes[level(claim)] for level, sizes in zip(_LEVELS, self._sizes, strict=True))

    def add(self, claim: Claim) -> None:
        for level, sizes in zip(_LEVELS, self._sizes, strict=True):
            sizes[level(claim)] += 1


def in_fair_order(waiting: Mapping[Key, Claim], shares: Shares) -> Iterator[Key]:
    """Keys of `waiting`, whose oldest is first: the smallest share first, and of equal ones the oldest. Tell
    `shares` of each that gets a place before the next is taken."""
    queue = [(shares.of(claim), number, key) for number, (key, claim) in enumerate(waiting.items())]
    heapify(queue)
    while queue:
        share, number, key = heappop(queue)
        grown = shares.of(waiting[key])
        if grown == share:
            yield key
        else:
            heappush(queue, (grown, number, key))


def crowding(at_work: Mapping[Key, Claim], wanting: Claim) -> Collection[Key]:
    """Keys of the places one of which must go to `wanting`, so that it gets its share. Empty if it has it."""
    rest = dict(at_work)
    for number, level in enumerate(_LEVELS):
        sizes = Counter(level(claim) for claim in rest.values())
        if max(sizes.values(), default=0) >= sizes[level(wanting)] + _LEAD:
            return _of_the_biggest(rest, _LEVELS[number:])
        rest = {key: claim for key, claim in rest.items() if level(claim) == level(wanting)}
    return ()


def _of_the_biggest(rest: dict[Key, Claim], levels: Sequence[Callable[[Claim], str]]) -> Collection[Key]:
    for level in levels:
        sizes = Counter(level(claim) for claim in rest.values())
        most = max(sizes.values())
        rest = {key: claim for key, claim in rest.items() if sizes[level(claim)] == most}
    return rest
