"""What falls due by time: seats given up, hosts who do not come, empty rooms, writes that failed."""

from __future__ import annotations

import asyncio

from server.rooms.closing import Closing
from server.rooms.context import Context
from server.rooms.events import ClosedReason, LeftReason
from server.rooms.leaving import Leaving
from server.rooms.open_rooms import OpenRoom
from server.rooms.room import Room


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
                group.create_task(self._store_again(room, self._context.clock()))

    def _is_due(self, room: Room, now: float) -> bool:
        return (
            room.is_abandoned(now, self._context.settings.empty_room_ttl_s)
            or self._has_unstored(room, self._retried(now))
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
        await self._store_again(room, self._retried(now))
        await self._context.settle_host(room)
        if room.is_abandoned(now, self._context.settings.empty_room_ttl_s):
            await self._closing.close(room, ClosedReason.EMPTY)

    def _retried(self, now: float) -> float:
        """What was last tried by then is tried again."""
        return now - self._context.settings.store_retry_s

    def _has_unstored(self, room: Room, since: float) -> bool:
        own = room.unstored_since
        return (
            (own is not None and own <= since)
            or bool(room.unstored(since))
            or bool(room.left_behind_since(since))
        )

    async def _store_again(self, room: Room, since: float) -> None:
        """A mute above all, and a voice kept from the tutor: who asked was told of the failure, and may have
        left it at that."""
        context, members, left = self._context, room.unstored(since), room.left_behind_since(since)
        ok = True
        if room.unstored_since is not None and room.unstored_since <= since:
            ok = await context.saved_if_possible(context.store_room(room), room.id)
        for member in members:
            ok = ok and await context.saved_if_possible(
                context.store_seat(member, member.seat), room.id, member.id
            )
        for seat_id in left:
            ok = ok and await context.saved_if_possible(context.forget_seat(room, seat_id), room.id, seat_id)
        if not ok:  # the others would only have held the room up, one timeout after the other
            for member in members:
                if member.unstored_since is not None:
                    member.unstored_since = context.clock()
            for seat_id in left:
                if seat_id in room.left_behind:
                    room.left_behind[seat_id] = context.clock()
