"""The tutor of a room: asked for, set and dismissed by the host, spoken to by all; who lets it hear them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any

from server.errors import Forbidden, NoTutor
from server.protocol import entities
from server.protocol.agents import InputKind, TutorInput
from server.protocol.rooms import Empty, LeftReason, Ok, ParticipantUpdated, RoomUpdated
from server.protocol.tutor import (
    Hold,
    InviteTutor,
    Recognized,
    Say,
    SetHeard,
    SetLevel,
    SetRecognition,
    SetTopic,
    SetTutorOptions,
    TutorState,
)
from server.rooms.context import Context
from server.rooms.membership import Membership
from server.rooms.persistence import ROOM
from server.rooms.room import Member, Room, require_host
from server.rooms.runtime import Place, as_host
from server.rooms.tutor_model import TutorReport, TutorSettings, settings_for

_log = logging.getLogger(__name__)


class TutorActions:
    def __init__(self, context: Context, membership: Membership) -> None:
        self._context = context
        self._rooms = context.rooms
        self._membership = membership

    # Of the host, by REST

    async def invite(self, user_id: str, room_id: str, wanted: InviteTutor) -> entities.Room:
        """Raises RoomNotFound, NotHost, Unavailable. A tutor that is there changes its language and voice."""
        return await self._by_host(user_id, room_id, partial(self._invite, wanted=wanted))

    async def dismiss(self, user_id: str, room_id: str) -> entities.Room:
        """Raises RoomNotFound, NotHost, Unavailable."""
        return await self._by_host(user_id, room_id, self.dismiss_from)

    # Of the host: raise NotJoined, NotHost, NoTutor, Unavailable

    @as_host
    async def set_topic(self, place: Place, payload: SetTopic) -> Ok:
        await self._change(place.room, {"topic": payload.topic})
        return Ok()

    @as_host
    async def set_level(self, place: Place, payload: SetLevel) -> Ok:
        await self._change(place.room, {"level": payload.level.value})
        return Ok()

    @as_host
    async def set_tutor_options(self, place: Place, payload: SetTutorOptions) -> Ok:
        await self._change(place.room, payload.model_dump(exclude_none=True))
        return Ok()

    # Of everyone: raise NotJoined, Forbidden, NoTutor

    async def say(self, connection_id: str, payload: Say) -> Ok:
        return self._input(connection_id, InputKind.SAY, payload.text)

    async def hold(self, connection_id: str, payload: Hold) -> Ok:
        return self._input(connection_id, InputKind.HOLD, flag=payload.speaking)

    async def recognized(self, connection_id: str, payload: Recognized) -> Ok:
        return self._input(connection_id, InputKind.RECOGNIZED, payload.text, payload.is_final)

    async def ask_tutor(self, connection_id: str, _payload: Empty) -> Ok:
        return self._input(connection_id, InputKind.ASK_TUTOR)

    async def ask_feedback(self, connection_id: str, _payload: Empty) -> Ok:
        return self._input(connection_id, InputKind.ASK_FEEDBACK)

    # In the room's mailbox

    async def dismiss_from(self, room: Room) -> None:
        """It is gone whatever the store says. Raises Unavailable."""
        member = room.tutor_member
        if member is not None:
            await self._membership.dismiss(room, member, LeftReason.LEFT)
        await self._set(room, None)

    async def mute(self, room: Room) -> None:
        """Raises NoTutor, Unavailable."""
        await self._change(room, {"muted": True})

    async def _invite(self, room: Room, wanted: InviteTutor) -> None:
        info = room.info
        settings = info.tutor or settings_for(info.language, info.level, info.topic)
        language = wanted.language or settings.language
        await self._set(room, replace(settings, language=language, voice=wanted.voice or settings.voice))

    def _input(
        self, connection_id: str, kind: InputKind, text: str | None = None, flag: bool | None = None
    ) -> Ok:
        place = self._rooms.place_of(connection_id)
        if not place.member.is_person:
            raise Forbidden
        _settings(place.room)
        given = TutorInput(participant_id=place.member.id, kind=kind, text=text, flag=flag)
        self._context.tutors.input(place.room.id, given)
        return Ok()

    async def _change(self, room: Room, changes: dict[str, Any]) -> None:
        settings = replace(_settings(room), **changes)
        if settings.muted:
            self._mute_seat(room, settings.muted)
        await self._set(room, settings)
        self._mute_seat(room, settings.muted)

    def _mute_seat(self, room: Room, muted: bool) -> None:
        """What the seat shows and media does; the settings are what lasts."""
        member = room.tutor_member
        if member is None or member.record.is_muted == muted:
            return
        self._context.media.set_muted(member.id, muted, at_once=True)
        member.record = replace(member.record, is_muted=muted)
        member.is_speaking = False
        self._context.broadcast(room, ParticipantUpdated(participant=member.view()))

    async def _by_host(
        self, user_id: str, room_id: str, operation: Callable[[Room], Awaitable[None]]
    ) -> entities.Room:
        opened = self._rooms.get(room_id)
        return await opened.mailbox.run(self._if_host, opened.room, user_id, operation)

    async def _if_host(
        self, room: Room, user_id: str, operation: Callable[[Room], Awaitable[None]]
    ) -> entities.Room:
        require_host(room.info, user_id)
        await operation(room)
        return room.view()

    async def _set(self, room: Room, settings: TutorSettings | None) -> None:
        """Asking for a tutor is stored first, and shown to everyone before it comes. Raises Unavailable."""
        context, before = self._context, room.info.tutor
        if settings == before:
            return
        if before is None:
            await context.persistence.store_first(room, replace(room.info, tutor=settings))
        room.info = replace(room.info, tutor=settings)
        if before is None or settings is None:
            room.tutor_report, room.tutor_state = TutorReport(), TutorState.IDLE
            _log.info("a tutor was %s", "asked for" if settings else "dismissed", extra={"room_id": room.id})
        context.broadcast(room, RoomUpdated(room=room.view()))
        context.lobby.changed(room, context.clock())
        if before is not None:
            await context.store(room, ROOM)


def _settings(room: Room) -> TutorSettings:
    if room.info.tutor is None:
        raise NoTutor
    return room.info.tutor


_MAX_UNHEARD = 1_000


class VoiceConsent:
    """Whether the tutor gets a person's voice, and whether their words come from their browser."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._rooms = context.rooms

    async def set_heard(self, connection_id: str, payload: SetHeard) -> Ok:
        """For the life of the room, whatever happens to the seat, the tutor and the server.

        As with mute: opting out acts at once and holds even if the caller gives up waiting; opting in is
        stored first, and not done if the person opted out meanwhile.

        Raises NotJoined, Forbidden, Unavailable.
        """
        place = self._place_of_person(connection_id)
        member = place.member
        if payload.heard:
            try:
                await self._rooms.run(connection_id, self._opt_in, member.heard_refusals)
            except asyncio.CancelledError:
                member.heard_refusals += 1  # the caller is told that it failed: it must not succeed later
                raise
        else:
            member.heard_refusals += 1
            self._show(place.room, member, heard=False)
            await place.mailbox.run_anyway(self._opt_out, place)
        return Ok()

    async def set_recognition(self, connection_id: str, payload: SetRecognition) -> Ok:
        """Raises NotJoined, Forbidden, Unavailable."""
        self._place_of_person(connection_id)
        await self._rooms.run(connection_id, self._set_recognition, payload.browser)
        return Ok()

    async def _set_recognition(self, place: Place, browser: bool) -> None:
        member = place.member
        if member.record.browser_recognition != browser:
            member.record = replace(member.record, browser_recognition=browser)
            await self._context.store(place.room, member.id)

    async def _opt_out(self, place: Place) -> None:
        room = place.room
        room.info = replace(room.info, unheard=_with(room.info.unheard, place.member.user.id))
        await self._context.store(room, ROOM)

    async def _opt_in(self, place: Place, refusals: int) -> None:
        if not place.member.heard and place.member.heard_refusals == refusals:
            await self._give(place.room, place.member, refusals)

    async def _give(self, room: Room, member: Member, refusals: int) -> None:
        context = self._context
        info = replace(room.info, unheard=_without(room.info.unheard, member.user.id))
        await context.persistence.store_first(room, info)
        if member.heard_refusals == refusals:
            room.info = info
            self._show(room, member, heard=True)
        else:  # the refusal's own turn comes next, and stores it
            context.persistence.mark_dirty(room, ROOM)

    def _show(self, room: Room, member: Member, *, heard: bool) -> None:
        if member.heard != heard:
            member.heard = heard
            self._context.reassign_slots(room)
            self._context.broadcast(room, ParticipantUpdated(participant=member.view()))

    def _place_of_person(self, connection_id: str) -> Place:
        place = self._rooms.place_of(connection_id)
        if not place.member.is_person:
            raise Forbidden
        return place


def _with(unheard: tuple[str, ...], user_id: str) -> tuple[str, ...]:
    """The newest last. The bound holds for a room that strangers come to by the thousand."""
    return (*_without(unheard, user_id)[1 - _MAX_UNHEARD :], user_id)


def _without(unheard: tuple[str, ...], user_id: str) -> tuple[str, ...]:
    return tuple(u for u in unheard if u != user_id)
