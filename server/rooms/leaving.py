"""Giving a seat up: by its owner, by the host, or by time."""

from __future__ import annotations

import asyncio
import logging

from server.rooms.context import Context
from server.rooms.events import LeftReason, ParticipantLeft, ParticipantUpdated, Removed, RemovedReason
from server.rooms.open_rooms import OpenRoom
from server.rooms.room import Member, Room
from server.rooms.seat_states import SeatEvent

_TOLD_TO_THE_ONE_REMOVED = {
    LeftReason.REMOVED: RemovedReason.REMOVED_BY_HOST,
    LeftReason.TIMED_OUT: RemovedReason.TIMED_OUT,
}


_log = logging.getLogger(__name__)


class Leaving:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def leave(self, connection_id: str) -> None:
        """Raises NotJoined. Who gave up waiting for it leaves all the same."""
        opened, member = self._context.rooms.place_of(connection_id)

        async def turn(opened: OpenRoom, member: Member) -> None:
            await self.dismiss(opened.room, member, LeftReason.LEFT)

        async def late() -> None:
            if member.connection_id == connection_id:
                await self.dismiss(opened.room, member, LeftReason.LEFT)

        try:
            await self._context.in_turn(connection_id, turn)
        except asyncio.CancelledError:
            opened.mailbox.post(late, member.id)
            raise

    def connection_lost(self, connection_id: str) -> None:
        """The socket is gone without `leave`: the seat is held. Does nothing for one without a seat."""
        place = self._context.rooms.find_connection(connection_id)
        if place is None:
            return
        opened, member = place
        now = self._context.clock()

        async def turn() -> None:
            if member.connection_id == connection_id:
                self._hold(opened.room, member, now)

        opened.mailbox.post(turn, member.id)

    async def dismiss(self, room: Room, member: Member, reason: LeftReason) -> None:
        """Within the room's mailbox. The seat is gone whatever the store says: one left behind there is
        forgotten by the sweep, or comes back as a held one after a restart, and times out."""
        context = self._context
        now = context.clock()
        if reason in _TOLD_TO_THE_ONE_REMOVED:
            context.tell_one(member, Removed(_TOLD_TO_THE_ONE_REMOVED[reason]))
        context.rooms.unseat(member)
        room.dismiss(member, now)
        context.media.close(member.id)
        context.tell(room, ParticipantLeft(member.id, reason))
        context.reassign_slots(room)
        context.lobby.changed(room, now)
        _log.info("left: %s", reason, extra={"room_id": room.id, "participant_id": member.id})
        await context.settle_host(room)
        await context.saved_if_possible(context.forget_seat(room, member.id), room.id, member.id)

    def _hold(self, room: Room, member: Member, now: float) -> None:
        context = self._context
        context.rooms.unbind(member)
        if room.happened(member, SeatEvent.SOCKET_LOST, now, context.settings.seat_grace_s):
            context.tell(room, ParticipantUpdated(member.view()))
        _log.info("seat held", extra={"room_id": room.id, "participant_id": member.id})
