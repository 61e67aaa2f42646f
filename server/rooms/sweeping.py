"""What falls due by time: seats given up, hosts who do not come, empty rooms, writes that failed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from server.rooms.closing import Closing
from server.rooms.context import Context
from server.rooms.events import ClosedReason, LeftReason
from server.rooms.leaving import Leaving
from server.rooms.open_rooms import OpenRoom
from server.rooms.room import Member, Room


class Sweeping:
    def __init__(self, context: Context, leaving: Leaving, closing: Closing) -> None:
        self._context = context
        self._leaving = leaving
        self._closing = closing
        self._posted: set[str] = set()

    def sweep(self, now: float) -> None:
        """Ask every room; those with something due do it in their turn."""
        if self._context.is_draining:
            return
        for opened in self._context.rooms.all():
            if self._is_due(opened.room, now):
                self._post(opened)

    async def store_all(self) -> None:
        """Before the process ends: what the store does not hold, once more, all rooms at once."""
        async with asyncio.TaskGroup() as group:
            for opened in self._context.rooms.all():
                room = opened.room
                group.create_task(self._store_again(room, room.unstored(self._context.clock())))

    def _is_due(self, room: Room, now: float) -> bool:
        return (
            room.is_abandoned(now, self._context.settings.empty_room_ttl_s)
            or bool(self._unstored(room, now))
            or bool(room.expired(now))
            or room.needs_host(now)
        )

    def _post(self, opened: OpenRoom) -> None:
        room = opened.room
        if room.id in self._posted:
            return  # a slow store must not let these pile up

        async def turn() -> None:
            self._posted.discard(room.id)
            await self._do_what_is_due(room)

        self._posted.add(room.id)
        opened.mailbox.post(turn)

    async def _do_what_is_due(self, room: Room) -> None:
        """Asks again: what was due may have been settled by the operations before this one."""
        now = self._context.clock()
        for member in room.expired(now):
            await self._leaving.dismiss(room, member, LeftReason.TIMED_OUT)
        await self._store_again(room, self._unstored(room, now))
        await self._context.settle_host(room)
        if room.is_abandoned(now, self._context.settings.empty_room_ttl_s):
            await self._closing.close(room, ClosedReason.EMPTY)

    def _unstored(self, room: Room, now: float) -> Sequence[Member]:
        return room.unstored(now - self._context.settings.store_retry_s)

    async def _store_again(self, room: Room, members: Sequence[Member]) -> None:
        """A mute above all: its owner was told of the failure, and may have left it at that."""
        context = self._context
        for member in members:
            if not await context.saved_if_possible(
                context.store_seat(member, member.seat), room.id, member.id
            ):
                for waiting in members:
                    waiting.unstored_since = context.clock()
                return  # the others would only hold the room up, one timeout after the other
