"""Keeps people who have blocked each other apart in open rooms: at a join, at a block, after lost messages.

A join reads the pairs of the room last of all, before its seat is taken, and reads again if somebody has
blocked somebody meanwhile. So a room that was restored, or that comes from another server, needs no pairs:
all of its people join again. Later changes come over the bus; after messages may have been lost, all rooms
read their pairs again.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from server.errors import ParlorError
from server.rooms.apart import Apart
from server.rooms.changes import AssignSlots
from server.rooms.effects import Effects
from server.rooms.hearing import set_apart
from server.rooms.ports import HELLO_TOPIC, BlockReader, Bus
from server.rooms.room import Room
from server.rooms.runtime import OpenRoom, OpenRooms

BLOCKS_TOPIC = "people.blocks"
"""Payload: `blocker` and `blocked`, user ids, and `on`."""
BLOCKS_OF_TOPIC = "people.blocks_of"
"""Payload: `user`, whose blocks have changed in a way that has to be read from the store."""
_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Read:
    """A read under way. `is_late`: one of its users has blocked or unblocked another meanwhile."""

    user_ids: frozenset[str]
    is_late: bool = False


class KeepApart:
    def __init__(self, rooms: OpenRooms, effects: Effects, blocks: BlockReader, bus: Bus) -> None:
        self._rooms = rooms
        self._effects = effects
        self._blocks = blocks
        self._reads: set[_Read] = set()
        self._reading: set[str] = set()
        self._unsubscribe = (
            bus.subscribe(BLOCKS_TOPIC, self._changed),
            bus.subscribe(BLOCKS_OF_TOPIC, self._changed_in_store),
            bus.subscribe(HELLO_TOPIC, self._missed),
        )

    async def among(self, user_ids: Collection[str]) -> Apart:
        """The pairs of these users at the time of the return. Raises Unavailable."""
        if len(user_ids) < 2:
            return Apart()
        read = _Read(frozenset(user_ids))
        self._reads.add(read)
        try:
            while True:
                read.is_late = False
                pairs = await self._blocks.blocks_among(read.user_ids)
                if not read.is_late:
                    return Apart(pairs)
        finally:
            self._reads.discard(read)

    async def with_arriving(self, room: Room, user_id: str) -> Apart:
        """The pairs of the room's people and of the user, who is about to enter or to knock. Raises
        Unavailable."""
        return await self.among({*room.user_ids, user_id})

    def close(self) -> None:
        for unsubscribe in self._unsubscribe:
            unsubscribe()

    def _changed(self, payload: Mapping[str, object]) -> None:
        blocker, blocked = str(payload.get("blocker", "")), str(payload.get("blocked", ""))
        is_blocked = payload.get("on") is True
        for read in self._reads:
            if blocker in read.user_ids and blocked in read.user_ids:
                read.is_late = True
        for opened in self._rooms.all():
            room = opened.room
            if {blocker, blocked} <= room.user_ids:
                self._apply(opened, room.apart.changed(blocker, blocked, is_blocked))
        for room in self._rooms.handed_over():
            # Their people still hear each other here; what they see is the new server's.
            changes = set_apart(room, room.apart.changed(blocker, blocked, is_blocked))
            self._effects.apply(room, [c for c in changes if isinstance(c, AssignSlots)])

    def _apply(self, opened: OpenRoom, apart: Apart) -> None:
        """A block does not wait for the mailbox: nobody is heard for as long as a store is slow."""
        self._effects.apply(opened.room, set_apart(opened.room, apart))

    def _changed_in_store(self, payload: Mapping[str, object]) -> None:
        user_id = str(payload.get("user", ""))
        for read in self._reads:
            read.is_late = read.is_late or user_id in read.user_ids
        self._read_rooms([opened for opened in self._rooms.all() if user_id in opened.room.user_ids])

    def _missed(self, _payload: Mapping[str, object]) -> None:
        self._read_rooms(self._rooms.all())

    def _read_rooms(self, rooms: Collection[OpenRoom]) -> None:
        for opened in rooms:
            if opened.room.id not in self._reading:
                self._reading.add(opened.room.id)
                opened.mailbox.post(self._read_again, opened)

    async def _read_again(self, opened: OpenRoom) -> None:
        """In the room's mailbox: nobody enters or knocks during the read."""
        self._reading.discard(opened.room.id)
        try:
            apart = await self.among(opened.room.user_ids)
        except ParlorError as error:
            _log.warning("blocks not read again: %s", error.code, extra={"room_id": opened.room.id})
            return
        if not opened.room.is_closed:
            self._apply(opened, apart)
