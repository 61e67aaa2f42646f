"""Invitations of friends into a room, as notices in their pages."""

from __future__ import annotations

from collections.abc import Callable

from server.errors import NotFriends, NotJoined
from server.notices.model import invitation_key
from server.people.follows import Notify
from server.people.ports import FollowStore
from server.protocol.notices import RoomInvitation
from server.rooms.inviting import Inviting
from server.rooms.ports import UserStore

AGAIN_AFTER_S = 600
"""Within this time a friend is told once of an invitation into one room, however often they are invited."""
USEFUL_S = 7_200.0


class Invitations:
    """`clock` is seconds since the epoch."""

    def __init__(
        self,
        store: FollowStore,
        users: UserStore,
        rooms: Inviting,
        notify: Notify,
        clock: Callable[[], float],
    ) -> None:
        self._store = store
        self._users = users
        self._rooms = rooms
        self._notify = notify
        self._clock = clock

    async def invite(self, room_id: str, user_id: str, friend_id: str) -> None:
        """Into a room in which the user has a seat. Raises NotFriends, NotJoined, NotHost in a private room,
        NotInvitable, RoomFull, RoomLocked, RoomNotFound, RoomElsewhere, Unavailable."""
        if not await self._store.are_friends(user_id, friend_id):
            raise NotFriends
        invitation = await self._rooms.invite(room_id, user_id, friend_id)
        user = await self._users.get_user(user_id)
        if user is None:
            raise NotJoined
        body = RoomInvitation(
            user_id=user_id,
            name=user.name,
            room_id=room_id,
            room_name=invitation.room_name,
            invite=invitation.invite or None,
        )
        key = invitation_key(user_id, f"{room_id}:{int(self._clock() // AGAIN_AFTER_S)}")
        await self._notify(friend_id, body, key=key, useful_s=USEFUL_S)
