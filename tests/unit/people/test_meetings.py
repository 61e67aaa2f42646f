"""People have met who were in one room together for a minute."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from server.cluster import MemoryBus
from server.errors import Unavailable
from server.people.changes import PeopleChanges
from server.people.meetings import Acquaintances, Company, Meetings
from server.people.model import MET_AFTER_S, Meeting
from server.rooms.apart import Apart
from server.rooms.model import User
from tests.fakes.rooms_world import a_user

NOBODY_APART = Apart()
WALL = 1_800_000_000.0


class Club:
    def __init__(self) -> None:
        self.now = 0.0
        self.known = Acquaintances()
        self.users: dict[str, User] = {name: a_user(name) for name in ("ann", "ben", "cem")}

    def pass_time(self, seconds: float, apart: Apart = NOBODY_APART, **rooms: str) -> list[Meeting]:
        """`rooms`: the people in each of them, all the while."""
        new = self._update(apart, rooms)
        self.now += seconds
        return new + self._update(apart, rooms)

    def _update(self, apart: Apart, rooms: dict[str, str]) -> list[Meeting]:
        self.known.keep(rooms)
        return [
            meeting
            for name, people in rooms.items()
            for meeting in self.known.update(self._company(name, people, apart), self.now, WALL + self.now)
        ]

    def _company(self, name: str, people: str, apart: Apart) -> Company:
        return Company(name, name.title(), [self.users[user_id] for user_id in people.split()], apart)


def pairs(met: list[Meeting]) -> list[str]:
    return [f"{each.one} {each.other} {each.room_name}" for each in met]


def test_people_meet_once_after_a_minute_together() -> None:
    club = Club()
    assert club.pass_time(MET_AFTER_S - 1, tea="ann ben") == []
    assert pairs(club.pass_time(1, tea="ann ben cem")) == ["ann ben Tea"]
    assert club.pass_time(30, tea="ann ben cem") == []
    assert pairs(club.pass_time(30, tea="ann ben cem")) == ["ann cem Tea", "ben cem Tea"]
    assert club.pass_time(600, tea="ann ben cem") == []


def test_who_leaves_and_comes_back_meets_the_others_again() -> None:
    club = Club()
    assert len(club.pass_time(60, tea="ann ben")) == 1
    assert club.pass_time(10, tea="ann") == []
    assert club.pass_time(50, tea="ann ben") == []
    assert pairs(club.pass_time(10, tea="ann ben")) == ["ann ben Tea"]


def test_time_in_two_rooms_does_not_add_up() -> None:
    club = Club()
    assert club.pass_time(40, tea="ann ben") == []
    assert club.pass_time(40, jazz="ann ben") == []


def test_nobody_meets_a_person_whom_they_have_blocked_or_who_hides() -> None:
    club = Club()
    apart = Apart(frozenset({("ann", "ben")}))
    club.users["cem"] = replace(club.users["cem"], is_hidden=True)
    met = club.pass_time(60, apart, tea="ann ben cem")
    assert pairs(met) == ["ann cem Tea", "ben cem Tea"]
    assert [(each.hides_one, each.hides_other) for each in met] == [(False, True)] * 2
    assert pairs(club.pass_time(60, tea="ann ben cem")) == ["ann ben Tea"], "after an unblock"


class Transactions:
    """A MeetingStore that keeps what each transaction stored; those while it `is_down` fail."""

    def __init__(self) -> None:
        self.stored: list[list[str]] = []
        self.is_down = False

    async def record(self, meetings: Sequence[Meeting], limit: int) -> None:
        if self.is_down:
            raise Unavailable
        self.stored.append(pairs(list(meetings)))

    async def forget(self, user_id: str, other_id: str | None = None) -> None: ...

    async def delete_old(self, before: float) -> int:
        return 0


async def _now(_name: str, _every_s: float, work: Callable[[], Awaitable[None]]) -> None:
    await work()


async def test_the_people_of_each_room_are_stored_in_a_transaction_of_their_own() -> None:
    store, now = Transactions(), 0.0
    users = [a_user(name) for name in ("ann", "ben", "cem", "dao")]
    rooms = [Company("r1", "Tea", users[:2], NOBODY_APART), Company("r2", "Jazz", users[2:], NOBODY_APART)]
    changed: list[str] = []
    changes = PeopleChanges(MemoryBus(), changed.append)
    meetings = Meetings(store, lambda: rooms, changes, _now, lambda: now, lambda: WALL + now)
    await meetings.tick()
    now = MET_AFTER_S
    store.is_down = True
    await meetings.tick()
    assert store.stored == []
    store.is_down = False
    await meetings.tick()
    assert store.stored == [["ann ben Tea"], ["cem dao Jazz"]]
    assert sorted(changed) == ["ann", "ben", "cem", "dao"]
    await meetings.tick()
    assert len(store.stored) == 2
