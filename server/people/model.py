"""People as others see them, as values; limits of what one person may store. Times are seconds since the
epoch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from server.common.durations import DAY_S
from server.protocol.entities import Presence
from server.rooms.model import User

MAX_BLOCKED = 1_000
"""People whom one person has blocked."""
MAX_FOLLOWED = 10_000
MAX_NOTES = 2_000
MAX_MET = 1_000
"""People whom one person has met, the last ones."""
MET_KEPT_S = 30 * DAY_S
MET_AFTER_S = 60.0
"""Two people who have been in one room for this long have met."""

Item = TypeVar("Item")
Position = tuple[float, str]
"""Place in a list, newest first: a time and a user's id."""


class PeopleList(StrEnum):
    """`FOLLOWING` and `FOLLOWERS` hold friends too."""

    FRIENDS = "friends"
    FOLLOWING = "following"
    FOLLOWERS = "followers"
    MET = "met"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Person:
    """A user as a row of a list shows them. `at`: since when they are in that list. `note`: what the reader
    has written about them. `room_name`: where the two have met."""

    id: str
    name: str
    avatar: str
    at: float
    level: str | None = None
    country: str | None = None
    you_follow: bool = False
    follows_you: bool = False
    note: str = ""
    room_name: str | None = None
    presence: Presence = Presence.NOBODY

    @property
    def position(self) -> Position:
        return self.at, self.id

    @property
    def is_friend(self) -> bool:
        return self.you_follow and self.follows_you


@dataclass(frozen=True, slots=True)
class Card:
    """A user's profile as one reader sees it."""

    user: User
    you_follow: bool
    follows_you: bool
    note: str
    met_at: float | None

    @property
    def is_friend(self) -> bool:
        return self.you_follow and self.follows_you


@dataclass(frozen=True, slots=True)
class Followed:
    """The result of a follow. `is_new`: they were not followed before."""

    is_new: bool
    are_friends: bool


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two people in one room. Each of the two remembers the other unless that one hides their profile."""

    one: str
    other: str
    at: float
    room_name: str
    hides_one: bool = False
    hides_other: bool = False


@dataclass(frozen=True, slots=True)
class Ties:
    """The users whom a user has blocked, and those who have blocked them."""

    blocked: frozenset[str] = frozenset()
    blockers: frozenset[str] = frozenset()

    @property
    def others(self) -> frozenset[str]:
        return self.blocked | self.blockers

    def changed(self, user_id: str, blocker: str, blocked: str, is_blocked: bool) -> Ties:
        """The user is one of the two."""
        if user_id == blocker:
            return Ties(_with(self.blocked, blocked, is_blocked), self.blockers)
        return Ties(self.blocked, _with(self.blockers, blocker, is_blocked))


def _with(ids: frozenset[str], one: str, is_in: bool) -> frozenset[str]:
    return ids | {one} if is_in else ids - {one}


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    items: Sequence[Item]
    next_cursor: str | None
