"""Tells the other servers every 0.4 s that this one lives, and knows which of them do.

A gap in one's own beats is a reason to doubt oneself: another server may have taken the rooms meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from server.cluster.nodes import Link, NodeInfo, Seen, conflict
from server.cluster.verdicts import BEAT_EVERY_S, SILENT_AFTER_S
from server.common.tasks import TaskSet, Ticker
from server.errors import StartupError, Unavailable

DOUBT_EVERY_S = 1.0
_CONFLICT_WAIT_S = SILENT_AFTER_S + 2 * BEAT_EVERY_S
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class BeatLog:
    """The state of the servers as beats have shown it, as of `landed_at`. Times are of a monotonic clock in
    seconds.

    `own_since`: since when beats have landed without a gap; None while the last one failed.
    """

    landed_at: float
    own_since: float | None = None
    ages: dict[str, float] = field(default_factory=dict)
    known: dict[str, NodeInfo] = field(default_factory=dict)

    def landed(self, seen: Sequence[Seen], now: float) -> None:
        if self.own_since is None or self.has_gap(now):
            self.own_since = now
        self.landed_at = now
        self.ages = {s.info.id: s.age_s for s in seen}
        self.known = {s.info.id: s.info for s in seen}

    def failed(self) -> None:
        """Keep what this server knew of the others: their addresses are still right."""
        self.own_since = None

    def has_gap(self, now: float) -> bool:
        return now - self.landed_at > SILENT_AFTER_S

    def age_of(self, node_id: str, now: float) -> float | None:
        """Seconds since the server's last beat; None if Redis has none, or cannot be reached."""
        age = self.ages.get(node_id)
        return None if age is None or self.own_since is None else age + now - self.landed_at

    def find(self, name: str) -> NodeInfo | None:
        """The server of that name whose beat came last."""
        named = [info for info in self.known.values() if info.name == name]
        return min(named, key=lambda info: self.ages[info.id], default=None)

    def live(self, now: float) -> list[NodeInfo]:
        """Servers that beat. Without Redis those that did when it was lost: a request to one that has ended
        since fails, and the next candidate is asked."""
        return [
            info
            for info in self.known.values()
            if self.own_since is None or (self.age_of(info.id, now) or 0.0) <= SILENT_AFTER_S
        ]


class Beats:
    """`start`, then `aclose`. `own` gives this server's present state. `doubt` is to find out which rooms
    another server has taken; it is called after a gap, and every second while there is one."""

    def __init__(
        self,
        link: Link,
        own: Callable[[], NodeInfo],
        clock: Callable[[], float],
        doubt: Callable[[], Coroutine[None, None, None]],
    ) -> None:
        self._link = link
        self._own = own
        self._clock = clock
        self._doubt = doubt
        self._doubted_at = float("-inf")
        self._doubts = TaskSet()
        self._conflict: str | None = None
        self._ticker = Ticker("beats", BEAT_EVERY_S, self.tick)
        self.log = BeatLog(clock())

    async def start(self) -> None:
        """Raises StartupError if Redis cannot be used, or this server must not run beside the others."""
        try:
            seen = await self._link.beat(self._own())
        except Unavailable as error:
            raise StartupError(f"PARLOR_REDIS_URL cannot be used: {self._link.failure}") from error
        self.log.landed(seen, self._clock())
        self._ticker.start()
        await self._require_no_conflict()

    async def tick(self) -> None:
        """One beat. The ticker calls this, as do tests that own the clock."""
        now = self._clock()
        if self.log.has_gap(now) and now - self._doubted_at >= DOUBT_EVERY_S and not self._doubts:
            self._doubted_at = now
            self._doubts.spawn(self._doubt(), "ownership in doubt")
        try:
            seen = await self._link.beat(self._own())
        except Unavailable:
            self.log.failed()
            return
        self.log.landed(seen, self._clock())
        self._report_conflict()

    async def aclose(self) -> None:
        """Idempotent."""
        await self._ticker.aclose()
        await self._doubts.aclose()
        with suppress(Unavailable):
            await self._link.leave(self._own().id)
        await self._link.aclose()

    async def _require_no_conflict(self) -> None:
        """The start before this one may have ended a moment ago, and have beats that are fresh."""
        until = self._clock() + _CONFLICT_WAIT_S
        while (found := conflict(self._own(), self.log.live(self._clock()))) is not None:
            if self._clock() >= until:
                raise StartupError(found)
            await asyncio.sleep(BEAT_EVERY_S)

    def _report_conflict(self) -> None:
        """A server that starts reports it itself, and ends."""
        live = [info for info in self.log.live(self._clock()) if info.status != "starting"]
        found = conflict(self._own(), live)
        if found is not None and found != self._conflict:
            _log.error("this server must not run beside the others: %s", found)
        self._conflict = found
