"""Who lets the tutor have their voice, and where it gets their words from."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from server.errors import Forbidden
from server.rooms.context import Context
from server.rooms.events import ParticipantUpdated
from server.rooms.open_rooms import OpenRoom
from server.rooms.room import Member, Room

_MAX_UNHEARD = 1_000


class TutorHearing:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def set_heard(self, connection_id: str, heard: bool) -> None:
        """For the life of the room, whatever happens to the seat, the tutor and the server.

        As with mute: keeping one's voice away acts at once and holds even if the caller gives up waiting;
        giving it is stored first, and not done if it was taken back meanwhile. Raises NotJoined, Forbidden,
        Unavailable.
        """
        opened, member = self._place_of_person(connection_id)
        if not heard:
            await self._keep_away(opened, member)
            return
        refusals = member.heard_refusals

        async def turn(opened: OpenRoom, member: Member) -> None:
            if not member.heard and member.heard_refusals == refusals:
                await self._give(opened.room, member, refusals)

        try:
            await self._context.in_turn(connection_id, turn)
        except asyncio.CancelledError:
            member.heard_refusals += 1  # its owner is told that it failed: it must not succeed later
            raise

    async def set_recognition(self, connection_id: str, browser: bool) -> None:
        """Whether one's words come from the browser. Raises NotJoined, Forbidden, Unavailable."""
        self._place_of_person(connection_id)

        async def turn(_opened: OpenRoom, member: Member) -> None:
            if member.seat.browser_recognition != browser:
                member.seat = replace(member.seat, browser_recognition=browser)
                await self._context.store_seat(member, member.seat)

        await self._context.in_turn(connection_id, turn)

    async def _keep_away(self, opened: OpenRoom, member: Member) -> None:
        member.heard_refusals += 1
        self._show(opened.room, member, heard=False)

        async def turn() -> None:
            room = opened.room
            room.info = replace(room.info, unheard=_with(room.info.unheard, member.user.id))
            await self._context.store_room(room)

        try:
            await opened.mailbox.run(turn)
        except asyncio.CancelledError:
            opened.mailbox.post(turn, member.id)
            raise

    async def _give(self, room: Room, member: Member, refusals: int) -> None:
        context = self._context
        info = replace(room.info, unheard=_without(room.info.unheard, member.user.id))
        await context.saved(context.store.save_room(info))
        if member.heard_refusals == refusals:
            room.info = info
            self._show(room, member, heard=True)
        # Otherwise the refusal's own turn comes next, and stores it.

    def _show(self, room: Room, member: Member, *, heard: bool) -> None:
        if member.heard != heard:
            member.heard = heard
            self._context.reassign_slots(room)
            self._context.tell(room, ParticipantUpdated(member.view()))

    def _place_of_person(self, connection_id: str) -> tuple[OpenRoom, Member]:
        opened, member = self._context.rooms.place_of(connection_id)
        if not member.is_person:
            raise Forbidden
        return opened, member


def _with(unheard: tuple[str, ...], user_id: str) -> tuple[str, ...]:
    """The newest last. The bound holds for a room that strangers come to by the thousand."""
    return (*_without(unheard, user_id)[1 - _MAX_UNHEARD :], user_id)


def _without(unheard: tuple[str, ...], user_id: str) -> tuple[str, ...]:
    return tuple(u for u in unheard if u != user_id)
