"""What people say of themselves: mute, hand, profile."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from server.rooms.context import Context
from server.rooms.events import ParticipantUpdated
from server.rooms.model import User
from server.rooms.open_rooms import OpenRoom
from server.rooms.room import Member, Room


class OwnState:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def set_muted(self, connection_id: str, muted: bool) -> None:
        """The one way to unmute: the owner's own call. Raises NotJoined, Unavailable.

        Muting acts at once, before it waits for anything, and holds for the seat even if another connection
        takes it meanwhile or the caller gives up waiting. Unmuting is stored first: what the store cannot
        keep does not open a microphone; nor does an unmute that was given up, or followed by a mute.
        """
        opened, member = self._context.rooms.place_of(connection_id)
        if muted:
            await self._mute_own(opened, member)
            return
        if _is_muted_by_host(opened.room, member):
            return
        requests = member.mute_requests

        async def turn(opened: OpenRoom, member: Member) -> None:
            if member.seat.is_muted and member.mute_requests == requests:
                await self._unmute(opened.room, member, requests)

        try:
            await self._context.in_turn(connection_id, turn)
        except asyncio.CancelledError:
            member.mute_requests += 1  # its owner is told that it failed: it must not succeed later
            raise

    async def set_hand(self, connection_id: str, raised: bool) -> None:
        """Raises NotJoined, Unavailable."""

        async def turn(opened: OpenRoom, member: Member) -> None:
            if member.seat.hand_raised == raised:
                return
            member.seat = replace(member.seat, hand_raised=raised)
            self._context.tell(opened.room, ParticipantUpdated(member.view()))
            await self._context.store_seat(member, member.seat)

        await self._context.in_turn(connection_id, turn)

    def user_changed(self, user: User) -> None:
        """A profile was edited: its owner is shown anew wherever they sit."""
        for opened in self._context.rooms.all():
            member = opened.room.seat_of(user.id)
            if member is not None:
                member.user = user
                self._context.tell(opened.room, ParticipantUpdated(member.view()))
                self._context.lobby.changed(opened.room, self._context.clock())

    async def mute(self, room: Room, member: Member, *, at_once: bool, by_host: bool = False) -> None:
        """Within the room's mailbox. Raises Unavailable if it could not be stored: muted all the same, and
        the sweep stores it as soon as it can."""
        context = self._context
        context.media.set_muted(member.id, True, at_once=at_once)
        if member.seat.is_muted and member.unstored_since is None:
            return
        if not member.seat.is_muted:
            member.seat = replace(member.seat, is_muted=True)
            member.is_speaking = False
            context.tell(room, ParticipantUpdated(member.view()), besides=member)
            context.tell_one(member, ParticipantUpdated(member.view(), muted_by_host=by_host))
        await context.store_seat(member, member.seat)

    async def _mute_own(self, opened: OpenRoom, member: Member) -> None:
        member.mute_requests += 1
        self._context.media.set_muted(member.id, True, at_once=False)

        async def turn() -> None:
            if opened.room.members.get(member.id) is member:
                await self.mute(opened.room, member, at_once=False)

        try:
            await opened.mailbox.run(turn)
        except asyncio.CancelledError:
            opened.mailbox.post(turn, member.id)
            raise

    async def _unmute(self, room: Room, member: Member, requests: int) -> None:
        context = self._context
        seat = replace(member.seat, is_muted=False)
        await context.store_seat(member, seat)
        if member.mute_requests != requests:
            await context.store_seat(member, member.seat)
            return
        member.seat = seat
        context.media.set_muted(member.id, False, at_once=False)
        context.tell(room, ParticipantUpdated(member.view()))


def _is_muted_by_host(room: Room, member: Member) -> bool:
    """The tutor alone: whether it is heard is for the host to say, and no worker's."""
    tutor = room.info.tutor
    return not member.is_person and tutor is not None and tutor.muted
