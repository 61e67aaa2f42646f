"""Interfaces of the stores. All methods raise Unavailable."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from server.people.model import Card, Followed, Meeting, PeopleList, Person, Position, Ties


class BlockStore(Protocol):
    async def block(self, user_id: str, other_id: str, now: float, limit: int) -> None:
        """Neither follows the other any more, and what each was told of the other is deleted. Does nothing
        to a block that exists. Raises UserNotFound, and TooManyBlocked for a user who has blocked `limit`
        people."""
        ...

    async def unblock(self, user_id: str, other_id: str) -> None: ...

    async def blocks_among(self, user_ids: Collection[str]) -> frozenset[tuple[str, str]]:
        """Pairs of these users, the first of whom has blocked the second."""
        ...

    async def ties(self, user_ids: Collection[str]) -> Mapping[str, Ties]:
        """Of those of these users who have blocked anybody, or whom anybody has blocked."""
        ...


class FollowStore(Protocol):
    async def follow(self, user_id: str, other_id: str, now: float, limit: int) -> Followed:
        """Raises UserNotFound: also if one has blocked the other, and for a hidden profile whose owner does
        not follow the user. Raises TooManyFollowed for a user who follows `limit` people."""
        ...

    async def unfollow(self, user_id: str, other_id: str) -> bool:
        """Whether the user followed them."""
        ...

    async def are_friends(self, user_id: str, other_id: str) -> bool: ...

    async def friends_of(self, user_ids: Collection[str]) -> frozenset[str]:
        """The friends of any of these users."""
        ...

    async def friend_positions(self, user_id: str, after: Position | None, limit: int) -> Sequence[Position]:
        """The places of the user's friends in their list, newest first."""
        ...


class PeopleStore(Protocol):
    async def page(
        self, which: PeopleList, user_id: str, after: Position | None, limit: int
    ) -> Sequence[Person]:
        """Newest first; without people who are kept apart from the user, but for those whom the user has
        blocked, and without hidden profiles of people who do not follow the user."""
        ...

    async def friends_among(
        self, user_id: str, other_ids: Collection[str], after: Position | None, limit: int
    ) -> Sequence[Person]:
        """The user's friends among these people who let friends see that they are online, newest first. Who
        has just changed the setting is in memory for a moment longer: the store decides."""
        ...

    async def card(self, user_id: str, other_id: str) -> Card | None:
        """None for a person who must not be shown to the user: see `page`."""
        ...

    async def set_note(self, user_id: str, other_id: str, text: str, now: float, limit: int) -> None:
        """An empty text deletes the note. Raises UserNotFound, and TooManyNotes beyond `limit`."""
        ...


class MeetingStore(Protocol):
    async def record(self, meetings: Sequence[Meeting], limit: int) -> None:
        """Each person keeps the last `limit` people. Those who do not exist any more are left out. Who is new
        to a person counts for the person's day."""
        ...

    async def forget(self, user_id: str, other_id: str | None = None) -> None:
        """Delete one person from those whom the user has met; None: all of them."""
        ...

    async def delete_old(self, before: float) -> int: ...


Online = Mapping[str, str | None]
"""People who are online, each with the id of the room in which they are, or None."""
