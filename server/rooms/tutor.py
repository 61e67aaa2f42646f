"""The tutor of a room: asked for, set and dismissed by the host, spoken to by all; who lets it hear them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from server.errors import Forbidden, NoTutor
from server.protocol.tutor import TutorState
from server.rooms.context import Context
from server.rooms.events import LeftReason, ParticipantUpdated, RoomUpdated
from server.rooms.membership import Leaving
from server.rooms.room import Member, Room, require_host
from server.rooms.runtime import OpenRoom
from server.rooms.tutor_model import TutorReport, TutorSettings, settings_for
from server.rooms.tutor_port import InputKind, TutorInput
from server.rooms.views import RoomView

_log = logging.getLogger(__name__)


class Tutoring:
    def __init__(self, context: Context, leaving: Leaving) -> None:
        self._context = context
        self._leaving = leaving

    async def invite(self, user_id: str, room_id: str, language: str | None, voice: str | None) -> RoomView:
        """Raises RoomNotFound, NotHost, Unavailable. One that is there takes the language and the voice."""

        async def turn(room: Room) -> None:
            info = room.info
            settings = info.tutor or settings_for(info.language, info.level, info.topic)
            language_ = language or settings.language
            await self._set(room, replace(settings, language=language_, voice=voice or settings.voice))

        return await self._by_host(user_id, room_id, turn)

    async def dismiss(self, user_id: str, room_id: str) -> RoomView:
        """Raises RoomNotFound, NotHost, Unavailable."""
        return await self._by_host(user_id, room_id, self.dismiss_from)

    async def dismiss_from(self, room: Room) -> None:
        """Within the room's mailbox. It is gone whatever the store says. Raises Unavailable."""
        member = room.tutor_member
        if member is not None:
            await self._leaving.dismiss(room, member, LeftReason.LEFT)
        await self._set(room, None)

    async def change(self, connection_id: str, **changes: Any) -> None:
        """Members of TutorSettings. Raises NotJoined, NotHost, NoTutor, Unavailable."""

        async def turn(opened: OpenRoom, member: Member) -> None:
            room = opened.room
            require_host(room.info, member.user.id)
            await self._change(room, changes)

        await self._context.in_turn(connection_id, turn)

    async def mute(self, room: Room) -> None:
        """Within the room's mailbox. Raises NoTutor, Unavailable."""
        await self._change(room, {"muted": True})

    def give(
        self, connection_id: str, kind: InputKind, text: str | None = None, flag: bool | None = None
    ) -> None:
        """What a person types, holds or asks for. Raises NotJoined, Forbidden, NoTutor."""
        opened, member = self._context.rooms.place_of(connection_id)
        if not member.is_person:
            raise Forbidden
        _settings(opened.room)
        self._context.tutors.given(TutorInput(kind, opened.room.id, member.id, text, flag))

    async def _change(self, room: Room, changes: dict[str, Any]) -> None:
        settings = replace(_settings(room), **changes)
        if settings.muted:
            self._mute_seat(room, settings.muted)
        await self._set(room, settings)
        self._mute_seat(room, settings.muted)

    def _mute_seat(self, room: Room, muted: bool) -> None:
        """What the seat shows and media does; the settings are what lasts."""
        member = room.tutor_member
        if member is None or member.seat.is_muted == muted:
            return
        self._context.media.set_muted(member.id, muted, at_once=True)
        member.seat = replace(member.seat, is_muted=muted)
        member.is_speaking = False
        self._context.broadcast(room, ParticipantUpdated(member.view()))

    async def _by_host(
        self, user_id: str, room_id: str, operation: Callable[[Room], Awaitable[None]]
    ) -> RoomView:
        opened = self._context.rooms.get(room_id)

        async def turn() -> RoomView:
            require_host(opened.room.info, user_id)
            await operation(opened.room)
            return opened.room.view()

        return await opened.mailbox.run(turn)

    async def _set(self, room: Room, settings: TutorSettings | None) -> None:
        """Asking for a tutor is stored first, and shown to everyone before it comes. Raises Unavailable."""
        context, before = self._context, room.info.tutor
        if settings == before:
            return
        if before is None:
            await context.saved(context.store.save_room(replace(room.info, tutor=settings)))
        room.info = replace(room.info, tutor=settings)
        if before is None or settings is None:
            room.tutor_report, room.tutor_state = TutorReport(), TutorState.IDLE
            _log.info("a tutor was %s", "asked for" if settings else "dismissed", extra={"room_id": room.id})
        context.broadcast(room, RoomUpdated(room.view()))
        context.lobby.changed(room, context.clock())
        if before is not None:
            await context.store_room(room)


def _settings(room: Room) -> TutorSettings:
    if room.info.tutor is None:
        raise NoTutor
    return room.info.tutor


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
            self._context.broadcast(room, ParticipantUpdated(member.view()))

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
