"""Following people. Who follows each other are friends; a follow alone shows nothing that others do not
see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from server.errors import Conflict
from server.notices.model import follow_key
from server.people.changes import PeopleChanges
from server.people.model import MAX_FOLLOWED
from server.people.ports import FollowStore
from server.protocol.notices import NewFollower, NoticeBody
from server.rooms.ports import UserStore


class Notify(Protocol):
    async def __call__(
        self, user_id: str, body: NoticeBody, *, key: str | None = None, useful_s: float = ...
    ) -> bool:
        """As `Notices.notify`."""
        ...


class Follows:
    """`clock` is seconds since the epoch. All methods raise Unavailable."""

    def __init__(
        self,
        store: FollowStore,
        users: UserStore,
        notify: Notify,
        changes: PeopleChanges,
        clock: Callable[[], float],
    ) -> None:
        self._store = store
        self._users = users
        self._notify = notify
        self._changes = changes
        self._clock = clock

    async def follow(self, user_id: str, other_id: str) -> None:
        """Raises UserNotFound, also for people who must not be shown to the user; TooManyFollowed; Conflict
        for oneself."""
        if user_id == other_id:
            raise Conflict("You cannot follow yourself.")
        followed = await self._store.follow(user_id, other_id, self._clock(), MAX_FOLLOWED)
        if not followed.is_new:
            return
        self._changes.publish({user_id, other_id})
        user = await self._users.get_user(user_id)
        if user is not None:
            body = NewFollower(user_id=user_id, name=user.name, are_friends=followed.are_friends)
            await self._notify(other_id, body, key=follow_key(user_id))

    async def unfollow(self, user_id: str, other_id: str) -> None:
        """The other one is not told. Does nothing for somebody who is not followed."""
        if await self._store.unfollow(user_id, other_id):
            self._changes.publish({user_id, other_id})

    async def remove_follower(self, user_id: str, follower_id: str) -> None:
        """The follower is not told, and may follow again."""
        await self.unfollow(follower_id, user_id)
