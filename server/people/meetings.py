"""People who were in one room with each other, so that they find each other again.

Kept for a month, for each of the two apart; a person deletes their own rows. Nobody meets somebody whom they
have blocked, or who hides their profile.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from server.common.tasks import Ticker
from server.errors import ParlorError
from server.people.changes import PeopleChanges
from server.people.model import DAY_S, MAX_MET, MET_AFTER_S, MET_KEPT_S, Meeting
from server.people.ports import MeetingStore
from server.rooms.apart import Apart
from server.rooms.model import User
from server.rooms.ports import Clock

EVERY_S = 15.0
_SWEEP = "meetings_swept_at"
_Pair = tuple[str, str]
RunShared = Callable[[str, float, Callable[[], Awaitable[None]]], Awaitable[None]]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Company:
    """The people who are in a room now."""

    room_id: str
    room_name: str
    people: Sequence[User]
    apart: Apart


class Acquaintances:
    """For each room, since when its people are together. No I/O; `now` is in seconds."""

    def __init__(self) -> None:
        self._since: dict[str, dict[_Pair, float]] = {}
        self._met: dict[str, set[_Pair]] = {}

    def update(self, rooms: Iterable[Company], now: float, wall_now: float) -> list[Meeting]:
        """Those who have met since the last call. `rooms`: all that are open."""
        since, met, new = self._since, self._met, list[Meeting]()
        self._since, self._met = {}, {}
        for room in rooms:
            users = {user.id: user for user in room.people}
            pairs = list(combinations(sorted(users), 2))
            before, known = since.get(room.room_id, {}), met.get(room.room_id, set())
            together = self._since[room.room_id] = {pair: before.get(pair, now) for pair in pairs}
            acquainted = self._met[room.room_id] = known.intersection(pairs)
            for pair in pairs:
                is_long = now - together[pair] >= MET_AFTER_S
                if is_long and pair not in acquainted and not room.apart.are_apart(*pair):
                    acquainted.add(pair)
                    one, other = (users[user_id] for user_id in pair)
                    new.append(Meeting(*pair, wall_now, room.room_name, one.is_hidden, other.is_hidden))
        return new


class Meetings:
    """`rooms`: the people in the open rooms of this server, without rooms to practise alone. `run_shared`: as
    `SharedRuns.run`. `met` is told who has met somebody."""

    def __init__(
        self,
        store: MeetingStore,
        rooms: Callable[[], Iterable[Company]],
        changes: PeopleChanges,
        run_shared: RunShared,
        clock: Clock,
        wall_clock: Callable[[], float],
        *,
        met: Callable[[str], None] = lambda _user_id: None,
    ) -> None:
        self._store = store
        self._met = met
        self._rooms = rooms
        self._changes = changes
        self._run_shared = run_shared
        self._clock = clock
        self._wall_clock = wall_clock
        self._acquaintances = Acquaintances()
        self._ticker = Ticker("people who meet", EVERY_S, self.tick)
        self._sweeper = Ticker("old meetings", 3_600.0, self._sweep, at_start=True)

    def start(self) -> None:
        self._ticker.start()
        self._sweeper.start()

    async def aclose(self) -> None:
        """Idempotent."""
        await self._ticker.aclose()
        await self._sweeper.aclose()

    async def tick(self) -> None:
        """Store who has met. The ticker calls this, as do tests that own the clock."""
        new = self._acquaintances.update(self._rooms(), self._clock(), self._wall_clock())
        if not new:
            return
        try:
            await self._store.record(new, MAX_MET)
        except ParlorError as error:
            _log.warning("people who met were not stored: %s", error.code)
            return
        people = {user_id for each in new for user_id in (each.one, each.other)}
        self._changes.publish(people)
        for user_id in people:
            self._met(user_id)

    async def forget(self, user_id: str, other_id: str | None = None) -> None:
        """Delete one person from those whom the user has met; None: all of them. Raises Unavailable."""
        await self._store.forget(user_id, other_id)

    async def _sweep(self) -> None:
        async def delete_old() -> None:
            await self._store.delete_old(self._wall_clock() - MET_KEPT_S)

        try:
            await self._run_shared(_SWEEP, DAY_S, delete_old)
        except ParlorError as error:
            _log.warning("old meetings not deleted, retrying in an hour", extra={"code": error.code})
