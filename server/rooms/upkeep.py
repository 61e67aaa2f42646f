"""Work on rooms at a restart and by time, and rooms that change the server."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from server.errors import ParlorError, Unavailable
from server.protocol.rooms import ClosedReason, HandLowered, LeftReason
from server.rooms.changes import ListingChanged
from server.rooms.effects import Effects
from server.rooms.membership import Membership
from server.rooms.model import RoomInfo, SeatRecord, User
from server.rooms.persistence import Persistence
from server.rooms.ports import Clock, RoomsSettings, WallClock
from server.rooms.room import Room
from server.rooms.runtime import OpenRoom, OpenRooms
from server.rooms.seat_states import SeatState

_HANDED_OVER_AT_ONCE = 16
_log = logging.getLogger(__name__)


class Upkeep:
    """Restores rooms, those of ended servers too; gives up rooms that another server has taken; ends expired
    seats, unanswered knocks and empty rooms, replaces hosts who do not come, forgets addresses of old bans,
    lowers hands of people who had their turn, retries writes."""

    def __init__(
        self,
        rooms: OpenRooms,
        effects: Effects,
        persistence: Persistence,
        membership: Membership,
        *,
        clock: Clock,
        wall_clock: WallClock,
        settings: RoomsSettings,
    ) -> None:
        self._rooms = rooms
        self._effects = effects
        self._persistence = persistence
        self._membership = membership
        self._clock = clock
        self._wall_clock = wall_clock
        self._settings = settings
        self._posted: set[str] = set()
        self._ticked_at: float | None = None

    async def restore(self) -> None:
        """Open the stored rooms that belong to no live server, each seat held for its owner. The tutor's seat
        is not restored: a tutor is requested again. Raises Unavailable."""
        claimed = await self._persistence.claim()
        ids = {info.id for info, _, _ in claimed}
        self._rooms.opening |= ids
        try:
            for info, seats, users in claimed:
                await self._open(info, seats, users)
        finally:
            self._rooms.opening -= ids

    async def adopt(self, room_id: str, epoch: int) -> None:
        """Take the room over from a server that has ended, if its epoch is still `epoch`. Raises
        Unavailable."""
        if self._rooms.is_draining:
            raise Unavailable
        opened = self._rooms.find(room_id)
        if opened is not None:
            await self._persistence.find_lost([opened.room])
            if not self._persistence.is_lost(opened.room):
                return
            await opened.mailbox.run_anyway(self._give_up, opened.room)
        self._rooms.opening.add(room_id)
        try:
            claimed = await self._persistence.claim_room(room_id, epoch)
            if claimed is not None:
                await self._open(*claimed)
                _log.info("room taken over", extra={"room_id": room_id, "epoch": epoch + 1})
        finally:
            self._rooms.opening.discard(room_id)

    async def hand_over(self, give: Callable[[str], Awaitable[None]]) -> None:
        """Let other servers take the rooms, a few at a time. `give` returns once one has a room, or raises
        Unavailable: then the room stays here."""
        limit = asyncio.Semaphore(_HANDED_OVER_AT_ONCE)

        async def hand_over(opened: OpenRoom) -> None:
            async with limit:
                try:
                    await opened.mailbox.run_anyway(self._hand_over, opened.room, give)
                except ParlorError as error:
                    _log.warning("room not handed over: %s", error.code, extra={"room_id": opened.room.id})

        await asyncio.gather(*(hand_over(opened) for opened in self._rooms.all()))

    async def find_lost(self) -> None:
        """Find rooms that another server has taken: the next tick closes them."""
        try:
            await self._persistence.find_lost([opened.room for opened in self._rooms.all()])
        except ParlorError as error:
            _log.warning("ownership of rooms not checked: %s", error.code)

    async def keep_ownership(self) -> None:
        """Find rooms that another server has taken, and take those of servers that have ended."""
        if self._rooms.is_draining:
            return
        await self.find_lost()
        try:
            await self.restore()
        except ParlorError as error:
            _log.warning("rooms of servers that have ended not taken: %s", error.code)

    async def _open(self, info: RoomInfo, seats: Sequence[SeatRecord], users: Sequence[User]) -> None:
        room, orphaned = Room.restored(info, seats, users, self._clock(), self._settings.seat_grace_s)
        self._persistence.mark_dirty(room, *orphaned)
        await self._persistence.flush(room, orphaned, required=False)
        self._rooms.open(room)
        self._effects.apply(room, [ListingChanged()])

    def tick(self, now: float) -> None:
        """Post the work to the rooms that have some due."""
        self._persistence.retry_deletions(now)
        elapsed = 0.0 if self._ticked_at is None else now - self._ticked_at
        self._ticked_at = now
        if self._rooms.is_draining:
            return
        for opened in self._rooms.all():
            opened.room.note_speech(elapsed)
            if self._is_due(opened.room, now):
                self._post(opened)

    def _is_due(self, room: Room, now: float) -> bool:
        return (
            self._persistence.is_lost(room)
            or room.is_abandoned(now, self._settings.empty_room_ttl_s)
            or self._persistence.is_due(room, now)
            or bool(room.expired(now))
            or room.needs_host(now)
            or bool(room.spoken_hands())
            or bool(room.knocks.expired(now))
            or room.has_old_addresses(self._wall_clock())
        )

    def _post(self, opened: OpenRoom) -> None:
        room = opened.room
        if room.id not in self._posted:  # a slow store must not let these pile up
            self._posted.add(room.id)
            opened.mailbox.post(self._do_what_is_due, room)

    async def _hand_over(self, room: Room, give: Callable[[str], Awaitable[None]]) -> None:
        """In the room's mailbox: nothing changes between the last write and the other server's claim."""
        if room.is_closed:
            return
        await self._persistence.flush(room, required=True)
        await give(room.id)
        await self._persistence.find_lost([room])
        if self._persistence.is_lost(room):
            await self._give_up(room)

    async def _give_up(self, room: Room) -> None:
        if not room.is_closed:
            await self._membership.close(room, ClosedReason.MOVED)

    async def _do_what_is_due(self, room: Room) -> None:
        """Checks again: the operations before this one may have settled it."""
        self._posted.discard(room.id)
        if self._persistence.is_lost(room):
            await self._give_up(room)
            return
        now = self._clock()
        for member in room.expired(now):
            reason = LeftReason.LEFT if member.state is SeatState.LEAVING else LeftReason.TIMED_OUT
            await self._membership.remove(room, member, reason)
        for member in room.spoken_hands():
            lowered = room.lower_hand(member, HandLowered.SPOKEN)
            await self._effects.commit(room, lowered, required=False)
        self._effects.apply(room, room.expire_knocks(now))
        changes = [*room.settle_host(now), *room.forget_old_addresses(self._wall_clock())]
        await self._effects.commit(room, changes, required=False)
        if self._persistence.is_due(room, now):
            await self._persistence.flush(room, required=False)
        if room.is_abandoned(now, self._settings.empty_room_ttl_s):
            await self._membership.close(room, ClosedReason.EMPTY)
