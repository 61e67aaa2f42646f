"""Work of many people that a thread does one piece at a time, in an order that is fair to all of them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

from server.common.fair_shares import Claim, Shares, crowding, in_fair_order

T = TypeVar("T")

_REMEMBERED = 16
"""Pieces of work that were done last: those who had few of them come first."""


class QueueFull(Exception):
    """All places are taken by people who have no more than a fair share, or somebody with less took this."""


@dataclass(frozen=True, slots=True)
class _Ticket:
    claim: Claim
    turn: asyncio.Future[None]


class FairQueue:
    """At most `places` pieces of work wait. On a full queue somebody with fewer of them takes the place of
    the newest of those with the most, by network, address and account. Close it after use."""

    def __init__(self, name: str, places: int) -> None:
        self._places = places
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._ids = count()
        self._waiting: dict[int, _Ticket] = {}
        self._done: deque[Claim] = deque(maxlen=_REMEMBERED)
        self._is_busy = False

    async def aclose(self) -> None:
        """Cancel what waits, and wait for what runs."""
        for ticket in self._waiting.values():
            ticket.turn.cancel()
        await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)

    async def run(self, claim: Claim, work: Callable[[], T]) -> T:
        """The result of `work`, which blocks. Raises QueueFull, and what `work` raises."""
        await self._turn(claim)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._call_next()

    async def _turn(self, claim: Claim) -> None:
        """Returns when it is the turn of this claim; then call `_call_next` after the work."""
        if not self._is_busy:
            self._begin(claim)
            return
        if len(self._waiting) >= self._places:
            self._make_room(claim)
        key = next(self._ids)
        ticket = _Ticket(claim, asyncio.get_running_loop().create_future())
        self._waiting[key] = ticket
        try:
            await ticket.turn
        except asyncio.CancelledError:
            self._waiting.pop(key, None)
            if _was_called(ticket.turn):  # in the same moment
                self._call_next()
            raise

    def _begin(self, claim: Claim) -> None:
        self._is_busy = True
        self._done.append(claim)

    def _make_room(self, wanting: Claim) -> None:
        crowd = crowding({key: ticket.claim for key, ticket in self._waiting.items()}, wanting)
        newest = next((key for key in reversed(self._waiting) if key in crowd), None)
        if newest is None:
            raise QueueFull
        self._waiting.pop(newest).turn.set_exception(QueueFull())

    def _call_next(self) -> None:
        self._is_busy = False
        waiting = {key: ticket.claim for key, ticket in self._waiting.items()}
        for key in in_fair_order(waiting, Shares(self._done)):
            ticket = self._waiting.pop(key)
            if not ticket.turn.done():
                self._begin(ticket.claim)
                ticket.turn.set_result(None)
                return


def _was_called(turn: asyncio.Future[None]) -> bool:
    return turn.done() and not turn.cancelled() and turn.exception() is None
