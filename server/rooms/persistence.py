"""The only part of the rooms that uses the store.

Changed records are marked dirty and written as the room holds them at the time of the write: a seat that was
given up is deleted, a closed room is deleted with its seats. What could not be written stays dirty and is
tried again until it is stored. After a failed write, a time-out above all, the store may hold the old value
or the new one; that counts as dirty, too.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from server.common.tasks import TaskSet
from server.errors import ParlorError, RoomElsewhere, Unavailable
from server.rooms.changes import CHAT, ROOM
from server.rooms.chat import ChatLine
from server.rooms.model import RoomInfo, SeatRecord, StoredRoom
from server.rooms.ports import Clock, RoomsSettings, RoomStore
from server.rooms.room import Room

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Unstored:
    """`records` in the order in which they are written. `tried_at`: when a write last failed; a write that
    succeeds must not delay the others, which a busy room would then never retry."""

    room: Room
    tried_at: float
    records: dict[str, None] = field(default_factory=dict)


class Persistence:
    """Records are named by a seat's id, `ROOM` or `CHAT`. Writes of one room follow each other: all but those
    of closed rooms run in the room's mailbox."""

    def __init__(self, store: RoomStore, clock: Clock, settings: RoomsSettings) -> None:
        self._store = store
        self._clock = clock
        self._timeout_s = settings.store_timeout_s
        self._retry_s = settings.store_retry_s
        self._unstored: dict[str, _Unstored] = {}
        self._deletions = TaskSet()
        self._lost: set[str] = set()

    async def claim(self) -> Sequence[StoredRoom]:
        """Rooms that belonged to no live server and are this one's from now on. Raises Unavailable."""
        return await self._store.claim_rooms()

    async def claim_room(self, room_id: str, epoch: int) -> StoredRoom | None:
        """The room, if it is this server's from now on. Raises Unavailable."""
        claimed = await self._store.claim_room(room_id, epoch)
        if claimed is not None:
            self._lost.discard(room_id)
        return claimed

    async def load_chat(self, room_id: str) -> Sequence[ChatLine]:
        """As in the store. Raises Unavailable."""
        return await self._store.load_chat(room_id)

    async def count_hosted_elsewhere(self, user_id: str) -> int:
        """As in the store. Raises Unavailable."""
        return await self._store.count_hosted_elsewhere(user_id)

    async def find_lost(self, rooms: Collection[Room]) -> None:
        """Note which of these open rooms another server has claimed. Raises Unavailable."""
        owned = await self._store.owned_rooms()
        self._lost |= {room.id for room in rooms if room.id not in owned and not room.is_closed}

    def lose(self, room: Room) -> None:
        """Another server has claimed the room."""
        self._lost.add(room.id)
        self._unstored.pop(room.id, None)

    def is_lost(self, room: Room) -> bool:
        """Whether another server has claimed the room: nothing of it can be stored any more."""
        return room.id in self._lost

    def mark_dirty(self, room: Room, *records: str) -> None:
        if not records or (self.is_lost(room) and not room.is_closed):
            return
        unstored = self._unstored_of(room)
        if room.is_closed:
            unstored.records = {ROOM: None}
        else:
            unstored.records |= dict.fromkeys(records)

    def is_dirty(self, room: Room, record: str) -> bool:
        unstored = self._unstored.get(room.id)
        return unstored is not None and record in unstored.records

    async def flush(self, room: Room, records: Iterable[str] | None = None, *, required: bool) -> None:
        """Write those of `records` that are dirty, or all that is dirty, until one write fails.

        Raises Unavailable if `required`; otherwise a failure is logged, for changes that have happened and
        cannot be refused any more. What was not written is tried again later in either case.
        """
        unstored = self._unstored.get(room.id)
        if unstored is None:
            return
        wanted = list(unstored.records if records is None else records)
        try:
            for record in wanted:
                if record in unstored.records:
                    await self._write(unstored, record, self._as_it_is(room, record))
        except ParlorError as error:
            if required:
                raise
            _log.error("a change was not stored: %s", error.code, extra={"room_id": room.id})

    async def store_first(self, room: Room, value: RoomInfo | SeatRecord) -> None:
        """Store a value that the room takes on only if this succeeds. Raises Unavailable."""
        if isinstance(value, RoomInfo):
            record, write = ROOM, self._store.save_room(value)
        else:
            record, write = value.id, self._store.save_seat(value)
        await self._write(self._unstored_of(room), record, write)

    def is_due(self, room: Room, now: float) -> bool:
        """Whether the room has records to be tried again."""
        unstored = self._unstored.get(room.id)
        return unstored is not None and bool(unstored.records) and now >= unstored.tried_at + self._retry_s

    async def delete(self, room: Room) -> None:
        """As `flush` without `required`, for a room that was closed. `aclose` ends this write and repeats it:
        nothing else would wait for it, since the room's mailbox is not among the open ones any more."""
        await asyncio.wait([self._spawn_deletion(room)])

    def retry_deletions(self, now: float) -> None:
        """Delete closed rooms that the store still holds: they have no mailbox any more."""
        for unstored in list(self._unstored.values()):
            room = unstored.room
            if room.is_closed and self.is_due(room, now):
                unstored.tried_at = now
                self._spawn_deletion(room)

    async def aclose(self) -> None:
        """Last try before the process ends: write all that is dirty, all rooms concurrently."""
        await self._deletions.aclose()
        async with asyncio.TaskGroup() as group:
            for unstored in list(self._unstored.values()):
                group.create_task(self.flush(unstored.room, required=False))

    def _spawn_deletion(self, room: Room) -> asyncio.Task[None]:
        return self._deletions.spawn(self.flush(room, required=False), f"delete room {room.id}")

    def _unstored_of(self, room: Room) -> _Unstored:
        return self._unstored.setdefault(room.id, _Unstored(room, self._clock()))

    def _as_it_is(self, room: Room, record: str) -> Awaitable[None]:
        if room.is_closed:
            return self._store.delete_room(room.id)
        if record == ROOM:
            return self._store.save_room(room.info)
        if record == CHAT:
            return self._save_chat(room)
        member = room.members.get(record)
        if member is None:
            return self._store.delete_seat(room.id, record)
        return self._store.save_seat(member.record)

    async def _save_chat(self, room: Room) -> None:
        lines, dropped = room.chat.take_unsaved()
        if not lines and not dropped:
            return
        try:
            await self._store.save_chat(room.id, lines, dropped)
        except BaseException:
            room.chat.not_saved(lines, dropped, self._clock())
            raise

    async def _write(self, unstored: _Unstored, record: str, write: Awaitable[None]) -> None:
        """Raises Unavailable; then the record is dirty, and last among those that are. Raises RoomElsewhere:
        then the room is lost."""
        tried_at = self._clock()
        unstored.records.pop(record, None)
        try:
            async with asyncio.timeout(self._timeout_s):
                await write
        except TimeoutError:
            self._not_stored(unstored.room, record, tried_at)
            raise Unavailable from None
        except RoomElsewhere:
            self.lose(unstored.room)
            raise
        except BaseException:
            self._not_stored(unstored.room, record, tried_at)
            raise
        if not unstored.records:
            self._unstored.pop(unstored.room.id, None)
        if unstored.room.is_closed:
            self._lost.discard(unstored.room.id)

    def _not_stored(self, room: Room, record: str, tried_at: float) -> None:
        self.mark_dirty(room, record)
        self._unstored[room.id].tried_at = tried_at
