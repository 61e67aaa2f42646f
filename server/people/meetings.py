"""People who were in one room with each other, so that they find each other again.

Kept for a month, for each of the two apart; a person deletes their own rows. Nobody meets somebody whom they
have blocked, or who hides their profile.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from server.common.durations import DAY_S
from server.common.tasks import Ticker
from server.errors import ParlorError
from server.people.changes import PeopleChanges
from server.people.model import MAX_MET, MET_AFTER_S, MET_KEPT_S, Meeting
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

    def keep(self, room_ids: Collection[str]) -> None:
        """All other rooms have closed."""
        for closed in self._since.keys() - room_ids:
            del self._since[closed], self._met[closed]

    def update(self, room: Company, now: float, wall_now: float) -> list[Meeting]:
        """Return the people of the room who have met since the last call for it."""
        users = {user.id: user for user in room.people}
        pairs = list(combinations(sorted(users), 2))
        before, known = self._since.get(room.room_id, {}), self._met.get(room.room_id, set())
        together = self._since[room.room_id] = {pair: before.get(pair, now) for pair in pairs}
        acquainted = self._met[room.room_id] = known.intersection(pairs)
        new: list[Meeting] = []
        for pair in pairs:
            is_long = now - together[pair] >= MET_AFTER_S
            if is_long and pair not in acquainted and not room.apart.are_apart(*pair):
                acquainted.add(pair)
                one, other = (users[user_id] for user_id in pair)
                new.append(Meeting(*pair, wall_now, room.room_name, one.is_hidden, other.is_hidden))
        return new

    def forget(self, room_id: str, meetings: Iterable[Meeting]) -> None:
        """They could not be stored: the next `update` returns those of them who are still together."""
        self._met[room_id] -= {(each.one, each.other) for each in meetings}


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
        rooms = list(self._rooms())
        self._acquaintances.keep({room.room_id for room in rooms})
        for room in rooms:
            new = self._acquaintances.update(room, self._clock(), self._wall_clock())
            if not new:
                continue
            try:
                await self._record(new)
            except ParlorError as error:
                _log.warning("people who met were not stored, trying again: %s", error.code)
                self._acquaintances.forget(room.room_id, new)
                return

    async def _record(self, new: Sequence[Meeting]) -> None:
        """One transaction for each room. All rooms of a full server in one would exceed the limit of a
        transaction, and on SQLite nobody else writes meanwhile."""
        await self._store.record(new, MAX_MET)
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
