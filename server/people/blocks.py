"""The pairs of people of whom one blocked the other. What a block does in a room: `server/rooms/apart.py`."""

from __future__ import annotations

from collections.abc import Callable, Collection

from server.errors import Conflict
from server.people.model import MAX_BLOCKED
from server.people.ports import BlockStore
from server.rooms.keep_apart import BLOCKS_OF_TOPIC, BLOCKS_TOPIC
from server.rooms.ports import Bus


class Blocks:
    """`clock` is seconds since the epoch. `changed` is called with the two whose lists have changed. All
    methods raise Unavailable."""

    def __init__(
        self,
        store: BlockStore,
        bus: Bus,
        clock: Callable[[], float],
        changed: Callable[[Collection[str]], None] = lambda _user_ids: None,
    ) -> None:
        self._changed = changed
        self._store = store
        self._bus = bus
        self._clock = clock

    async def block(self, user_id: str, other_id: str) -> None:
        """From now on neither hears, sees or messages the other. Raises UserNotFound, TooManyBlocked,
        Conflict for oneself."""
        if user_id == other_id:
            raise Conflict("You cannot block yourself.")
        await self._store.block(user_id, other_id, self._clock(), MAX_BLOCKED)
        self._publish(user_id, other_id, True)

    async def unblock(self, user_id: str, other_id: str) -> None:
        """Does nothing for somebody who is not blocked."""
        await self._store.unblock(user_id, other_id)
        self._publish(user_id, other_id, False)

    def changed_in_store(self, user_id: str) -> None:
        """The user's blocks were changed by other means, as by a merger."""
        self._bus.publish(BLOCKS_OF_TOPIC, {"user": user_id})

    async def are_apart(self, user_id: str, other_id: str) -> bool:
        """Whether one of the two has blocked the other."""
        return bool(await self._store.blocks_among({user_id, other_id}))

    async def blocks_among(self, user_ids: Collection[str]) -> frozenset[tuple[str, str]]:
        """As in the store, for the rooms."""
        return await self._store.blocks_among(user_ids)

    def _publish(self, user_id: str, other_id: str, is_blocked: bool) -> None:
        self._bus.publish(BLOCKS_TOPIC, {"blocker": user_id, "blocked": other_id, "on": is_blocked})
        self._changed({user_id, other_id})
