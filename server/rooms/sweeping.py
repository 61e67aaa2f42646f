"""What falls due by time: seats given up, hosts who do not come, empty rooms."""

from __future__ import annotations

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

    def _is_due(self, room: Room, now: float) -> bool:
        return (
            room.is_abandoned(now, self._context.settings.empty_room_ttl_s)
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
        await self._context.settle_host(room)
        if room.is_abandoned(now, self._context.settings.empty_room_ttl_s):
            await self._closing.close(room, ClosedReason.EMPTY)
