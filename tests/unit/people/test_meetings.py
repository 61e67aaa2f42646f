"""Which people have met: together in one room for a minute."""

from __future__ import annotations

from dataclasses import replace

from server.people.meetings import Acquaintances, Company
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
        companies = [
            Company(name, name.title(), [self.users[user_id] for user_id in people.split()], apart)
            for name, people in rooms.items()
        ]
        return self.known.update(companies, self.now, WALL + self.now)


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
