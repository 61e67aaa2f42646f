"""Chooses the server on which a new room opens: this one, unless another one has clearly less to do."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from enum import StrEnum

from aiohttp import web

from server.cluster.beats import BeatLog
from server.cluster.nodes import NodeInfo
from server.cluster.peers import Peers
from server.errors import TooManyRooms, Unavailable
from server.http.hops import IS_HOP

WITHIN_S = 0.5
MARGIN = 0.15
"""Another server must be less loaded by more than this: a request costs less where it arrives."""
FULL = 1.0
ASSIGNED = 0.05
"""A room that was placed since the last beat counts this much: that beat could not show it yet."""
_CANDIDATES = 2
_TAKES_NONE = (429, 500, 502, 503, 504)


class Placed(StrEnum):
    """`refused`: the other server did not answer in time, or takes no rooms."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    REFUSED = "refused"
    FULL = "full"


class Placement:
    """`own` gives this server's present state, `observe` gets each outcome. `sample` picks some of the other
    servers: if all asked the least loaded one, its next beat would show all their rooms at once."""

    def __init__(
        self,
        own: Callable[[], NodeInfo],
        beats: BeatLog,
        peers: Peers,
        clock: Callable[[], float],
        *,
        observe: Callable[[Placed], None] = lambda _outcome: None,
        sample: Callable[[Sequence[NodeInfo], int], Sequence[NodeInfo]] = random.sample,
    ) -> None:
        self._own = own
        self._beats = beats
        self._peers = peers
        self._clock = clock
        self._observe = observe
        self._sample = sample
        self._assigned = Counter[str]()
        self._counted_since = beats.landed_at

    async def place(self, request: web.Request, body: bytes) -> web.Response | None:
        """The answer of the server that opened the room; None if it is to open here: also if another one does
        not answer within WITHIN_S, which may have opened the room too, without telling anybody: it closes as
        an empty one. Raises TooManyRooms if all servers are full, Unavailable if this one takes no rooms."""
        own = self._own()
        takes_rooms = own.status == "ok" and own.load < FULL
        if not request.get(IS_HOP):
            for target in self._better(own, takes_rooms=takes_rooms):
                self._assigned[target.id] += 1
                answer = await self._ask(request, target, body)
                self._observe(Placed.REFUSED if answer is None else Placed.ELSEWHERE)
                if answer is not None:
                    return answer
        if not takes_rooms:
            self._observe(Placed.FULL)
            raise TooManyRooms if own.status == "ok" else Unavailable
        self._assigned[own.id] += 1
        self._observe(Placed.HERE)
        return None

    def _better(self, own: NodeInfo, *, takes_rooms: bool) -> list[NodeInfo]:
        """Servers to ask, the best first. None while Redis is away: what it said last is old."""
        if self._beats.own_since is None:
            return []
        if self._counted_since != self._beats.landed_at:
            self._counted_since = self._beats.landed_at
            self._assigned.clear()
        others = [info for info in self._beats.live(self._clock()) if self._may_take(info, own)]
        asked = sorted(self._sample(others, min(_CANDIDATES, len(others))), key=self._score)
        if not takes_rooms:
            return asked
        return [info for info in asked[:1] if self._score(own) - self._score(info) > MARGIN]

    def _may_take(self, info: NodeInfo, own: NodeInfo) -> bool:
        return info.id != own.id and info.status == "ok" and bool(info.internal_url) and info.load < FULL

    def _score(self, info: NodeInfo) -> float:
        return info.load + ASSIGNED * self._assigned[info.id]

    async def _ask(self, request: web.Request, target: NodeInfo, body: bytes) -> web.Response | None:
        """None if the server gave no answer for the client: this one may be able to open the room."""
        try:
            answer = await self._peers.forward(request, target.internal_url, WITHIN_S, body)
        except Unavailable:
            return None
        return None if answer.status in _TAKES_NONE and not _is_for_client(answer) else answer


def _is_for_client(answer: web.Response) -> bool:
    """Whether the limit that was reached holds on all servers, and not on that one alone."""
    return answer.status == 429 and isinstance(answer.body, bytes) and _OF_SERVER not in answer.body


_OF_SERVER = f'"{TooManyRooms.code}"'.encode()
