"""Knows whom each person who watches the lobby on this server must not see, and who must not see them.

The store is asked once, when a person's first connection opens. Changes come over the bus; after messages may
have been lost, everybody's are read again.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Collection, Mapping

from server.common.tasks import TaskSet
from server.errors import ParlorError
from server.people.model import Ties
from server.people.ports import BlockStore
from server.rooms.keep_apart import BLOCKS_OF_TOPIC, BLOCKS_TOPIC
from server.rooms.ports import HELLO_TOPIC, Bus

_log = logging.getLogger(__name__)


class HiddenPeople:
    """`changed` is called with two users whose relation has changed, of whom one at least is here. The
    composition root sets it."""

    def __init__(self, store: BlockStore, bus: Bus) -> None:
        self.changed: Callable[[str, str], None] = lambda _one, _other: None
        self._store = store
        self._here: Counter[str] = Counter()
        self._ties: dict[str, Ties] = {}
        self._hidden: dict[str, frozenset[str]] = {}
        self._version = 0
        self._tasks = TaskSet()
        self._unsubscribe = (
            bus.subscribe(BLOCKS_TOPIC, self._receive),
            bus.subscribe(BLOCKS_OF_TOPIC, self._changed_in_store),
            bus.subscribe(HELLO_TOPIC, self._missed),
        )

    def all(self) -> Mapping[str, frozenset[str]]:
        """For each user here who is kept apart from anybody: from whom."""
        return self._hidden

    async def of(self, user_id: str) -> frozenset[str]:
        """Also of a user who is not here. Raises Unavailable."""
        if user_id in self._ties:
            return self._hidden.get(user_id, frozenset())
        return (await self._store.ties({user_id})).get(user_id, Ties()).others

    async def enter(self, user_id: str) -> None:
        """A connection of the user opens. Raises Unavailable; then there is nothing to leave."""
        self._here[user_id] += 1
        if user_id in self._ties:
            return
        try:
            await self._read({user_id})
        except BaseException:
            self.leave(user_id)
            raise

    def leave(self, user_id: str) -> None:
        """One of the user's connections has closed."""
        self._here[user_id] -= 1
        if self._here[user_id] <= 0:
            del self._here[user_id]
            self._ties.pop(user_id, None)
            self._hidden.pop(user_id, None)

    async def settled(self) -> None:
        """Wait until what is read again has been read."""
        await self._tasks.wait()

    async def aclose(self) -> None:
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        await self._tasks.aclose()

    async def _read(self, user_ids: Collection[str]) -> None:
        """Reads again if a message came meanwhile: the answer may be from before it."""
        while True:
            version = self._version
            found = await self._store.ties(user_ids)
            if version == self._version:
                break
        for user_id in user_ids:
            if user_id in self._here:
                self._set(user_id, found.get(user_id, Ties()))

    def _set(self, user_id: str, ties: Ties) -> None:
        self._ties[user_id] = ties
        if others := ties.others:
            self._hidden[user_id] = others
        else:
            self._hidden.pop(user_id, None)

    def _receive(self, payload: Mapping[str, object]) -> None:
        self._version += 1
        pair = str(payload.get("blocker", "")), str(payload.get("blocked", ""))
        is_known = False
        for user_id in pair:
            before = self._ties.get(user_id)
            if before is not None:
                is_known = True
                self._set(user_id, before.changed(user_id, *pair, payload.get("on") is True))
        if is_known:
            self.changed(*pair)

    def _changed_in_store(self, payload: Mapping[str, object]) -> None:
        user_id = str(payload.get("user", ""))
        self._version += 1
        if user_id in self._ties:
            self._tasks.spawn(self._read_again([user_id]), "blocks of a person online")

    def _missed(self, _payload: Mapping[str, object]) -> None:
        self._version += 1
        if self._ties and not self._tasks:
            self._tasks.spawn(self._read_again(list(self._ties)), "blocks of people online")

    async def _read_again(self, user_ids: Collection[str]) -> None:
        try:
            await self._read(user_ids)
        except ParlorError as error:
            _log.warning("blocks of people online not read again: %s", error.code)
