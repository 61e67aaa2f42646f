"""The end of a room."""

from __future__ import annotations

import logging

from server.rooms.context import Context
from server.rooms.events import ClosedReason, RoomClosed
from server.rooms.room import Room

_log = logging.getLogger(__name__)


class Closing:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def close(self, room: Room, reason: ClosedReason) -> None:
        """Within the room's mailbox, which ends with it."""
        context = self._context
        context.tell(room, RoomClosed(reason))
        for member in room.members.values():
            context.media.close(member.id)
        context.rooms.close(room)
        context.lobby.gone(room.id)
        _log.info("room closed: %s", reason, extra={"room_id": room.id})
        await context.saved_if_possible(context.store.delete_room(room.id), room.id)
