"""What people say of themselves: mute, hand, profile."""

from __future__ import annotations

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

        Muting acts at once, before it waits for anything. Unmuting is stored first: what the store cannot
        keep does not open a microphone.
        """
        _, member = self._context.rooms.place_of(connection_id)
        if muted:
            self._context.media.set_muted(member.id, True, at_once=False)

        async def turn(opened: OpenRoom, member: Member) -> None:
            if muted:
                await self.mute(opened.room, member, at_once=False)
            elif member.seat.is_muted:
                await self._unmute(opened.room, member)

        await self._context.in_turn(connection_id, turn)

    async def set_hand(self, connection_id: str, raised: bool) -> None:
        """Raises NotJoined, Unavailable."""

        async def turn(opened: OpenRoom, member: Member) -> None:
            if member.seat.hand_raised == raised:
                return
            member.seat = replace(member.seat, hand_raised=raised)
            self._context.tell(opened.room, ParticipantUpdated(member.view()))
            await self._context.saved(self._context.store.save_seat(member.seat))

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
        """Within the room's mailbox. Raises Unavailable if it could not be stored; muted all the same."""
        context = self._context
        context.media.set_muted(member.id, True, at_once=at_once)
        if member.seat.is_muted:
            return
        member.seat = replace(member.seat, is_muted=True)
        member.is_speaking = False
        context.tell(room, ParticipantUpdated(member.view()), besides=member)
        context.tell_one(member, ParticipantUpdated(member.view(), muted_by_host=by_host))
        await context.saved(context.store.save_seat(member.seat))

    async def _unmute(self, room: Room, member: Member) -> None:
        context = self._context
        seat = replace(member.seat, is_muted=False)
        await context.saved(context.store.save_seat(seat))
        member.seat = seat
        context.media.set_muted(member.id, False, at_once=False)
        context.tell(room, ParticipantUpdated(member.view()))
