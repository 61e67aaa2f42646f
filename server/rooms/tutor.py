"""The tutor of a room: invited, set and removed by the host; input of everyone."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any

from server.errors import Forbidden, NoClass, TutorNotAllowed
from server.protocol import entities
from server.protocol.agents import InputKind, TutorInput
from server.protocol.classes import ClassAction, ControlClass
from server.protocol.rooms import Empty, LeftReason, Ok
from server.protocol.tutor import (
    Hold,
    InviteTutor,
    MendWords,
    Recognized,
    Say,
    SetLevel,
    SetTopic,
    SetTutorOptions,
)
from server.rooms.effects import Effects
from server.rooms.entrance import require_voice
from server.rooms.membership import Membership
from server.rooms.model import (
    UNKNOWN_ORIGIN,
    Claim,
    KnowledgeChoice,
    Origin,
    TaughtClass,
    TutorSettings,
    settings_for,
)
from server.rooms.persistence import Persistence
from server.rooms.ports import CleanText, WallClock, as_it_is
from server.rooms.room import Room
from server.rooms.runtime import OpenRooms, Place, as_host
from server.rooms.shares import TutorShares
from server.rooms.tutor_jobs import TutorReconciler
from server.rooms.tutor_state import mute_tutor, set_tutor

_log = logging.getLogger(__name__)
_WORDS = frozenset({InputKind.SAY, InputKind.RECOGNIZED, InputKind.MEND})
"""Inputs that the others in the room read."""
_CALLS = frozenset({InputKind.SAY, InputKind.ASK_TUTOR, InputKind.CONTROL_CLASS})
"""Inputs that call a tutor that rests."""


class TutorActions:
    def __init__(
        self,
        rooms: OpenRooms,
        effects: Effects,
        persistence: Persistence,
        membership: Membership,
        shares: TutorShares,
        *,
        reconciler: TutorReconciler,
        wall_clock: WallClock,
        clean_text: CleanText = as_it_is,
    ) -> None:
        self._rooms = rooms
        self._reconciler = reconciler
        self._wall_clock = wall_clock
        self._effects = effects
        self._persistence = persistence
        self._membership = membership
        self._shares = shares
        self._clean_text = clean_text

    # Actions of the host, by REST

    async def invite(
        self,
        user_id: str,
        room_id: str,
        wanted: InviteTutor,
        origin: Origin = UNKNOWN_ORIGIN,
        knowledge: KnowledgeChoice | None = None,
        teaches: TaughtClass | None = None,
    ) -> entities.Room:
        """A present tutor changes its language, voice, knowledge and class. `knowledge`, `teaches`: what
        `wanted` names. Raises RoomNotFound, NotHost, TutorNotAllowed, TooManyTutors,
        TooManyTutorsFromNetwork, Unavailable."""
        claim = Claim.of(user_id, origin)
        invite = partial(self._invite, wanted=wanted, claim=claim, knowledge=knowledge, teaches=teaches)
        return await self._by_host(user_id, room_id, invite)

    async def dismiss(self, user_id: str, room_id: str) -> entities.Room:
        """Raises RoomNotFound, NotHost, Unavailable."""
        return await self._by_host(user_id, room_id, self.remove)

    # Actions of the host: raise NotJoined, NotHost, NoTutor, Unavailable

    @as_host
    async def set_topic(self, place: Place, payload: SetTopic) -> Ok:
        """Raises InvalidRequest and MutedByModerator too. Alone with the tutor any topic is allowed."""
        is_alone = place.room.info.type is entities.RoomType.AI
        require_voice(place.member, self._wall_clock())
        topic = payload.topic if is_alone else self._clean_text(payload.topic, "topic")
        await self._change(place.room, topic=topic)
        return Ok()

    @as_host
    async def set_level(self, place: Place, payload: SetLevel) -> Ok:
        await self._change(place.room, level=payload.level.value)
        return Ok()

    @as_host
    async def set_tutor_options(self, place: Place, payload: SetTutorOptions) -> Ok:
        await self._change(place.room, **payload.model_dump(exclude_none=True))
        return Ok()

    @as_host
    async def control_class(self, place: Place, payload: ControlClass) -> Ok:
        """Raises NoClass."""
        room = place.room
        if room.require_tutor().teaches is None:
            raise NoClass
        if payload.action is ClassAction.STOP:
            await self._change(room, teaches=None)
        else:
            self._pass_on(place, InputKind.CONTROL_CLASS, payload.action.value)
        return Ok()

    # Actions of everyone: raise NotJoined, Forbidden, NoTutor, Unavailable; those with words also
    # MutedByModerator; `say` also TooManyTutors, TooManyTutorsFromNetwork, TooManyRequests

    async def say(self, connection_id: str, payload: Say) -> Ok:
        return self._input(connection_id, InputKind.SAY, payload.text)

    async def hold(self, connection_id: str, payload: Hold) -> Ok:
        return self._input(connection_id, InputKind.HOLD, flag=payload.speaking)

    async def recognized(self, connection_id: str, payload: Recognized) -> Ok:
        return self._input(connection_id, InputKind.RECOGNIZED, payload.text, payload.is_final)

    async def mend_words(self, connection_id: str, payload: MendWords) -> Ok:
        return self._input(connection_id, InputKind.MEND, payload.text, turn_id=payload.turn_id)

    async def ask_tutor(self, connection_id: str, _payload: Empty) -> Ok:
        return self._input(connection_id, InputKind.ASK_TUTOR)

    async def ask_feedback(self, connection_id: str, _payload: Empty) -> Ok:
        return self._input(connection_id, InputKind.ASK_FEEDBACK)

    # In the room's mailbox

    async def remove(self, room: Room) -> None:
        """The tutor is removed even if the store fails. Raises Unavailable."""
        member = room.tutor_member
        if member is not None:
            await self._membership.remove(room, member, LeftReason.LEFT)
        await self._set(room, None)

    async def mute(self, room: Room) -> None:
        """Raises NoTutor, Unavailable."""
        await self._change(room, muted=True)

    async def _invite(
        self,
        room: Room,
        wanted: InviteTutor,
        claim: Claim,
        knowledge: KnowledgeChoice | None,
        teaches: TaughtClass | None,
    ) -> None:
        if not room.info.options.tutor_allowed:
            raise TutorNotAllowed
        self._reconciler.wake(room)
        info = room.info
        if info.tutor is None:
            self._shares.check(claim)
            room.tutor_claim = claim
        settings = info.tutor or settings_for(info.language, info.level, info.topic)
        language = wanted.language or settings.language
        if "knowledge_base_id" in wanted.model_fields_set:
            settings = replace(settings, knowledge=knowledge)
        if "teaches" in wanted.model_fields_set:
            settings = replace(settings, teaches=teaches)
        if settings.teaches is not None and not _is_same_language(settings.teaches.language, language):
            language = settings.teaches.language
        await self._set(room, replace(settings, language=language, voice=wanted.voice or settings.voice))

    async def _change(self, room: Room, **changes: Any) -> None:
        """Muting acts before it is stored, unmuting after."""
        settings = replace(room.require_tutor(), **changes)
        if settings.muted:
            self._effects.apply(room, mute_tutor(room, True))
        await self._set(room, settings)
        self._effects.apply(room, mute_tutor(room, settings.muted))

    async def _set(self, room: Room, settings: TutorSettings | None) -> None:
        """A new tutor of the room is stored first, and shown to everyone before it joins. Raises
        Unavailable."""
        before = room.info.tutor
        if settings == before:
            return
        if before is None:
            await self._persistence.store_first(room, replace(room.info, tutor=settings))
        if before is None or settings is None:
            _log.info("tutor %s", "invited" if settings else "dismissed", extra={"room_id": room.id})
        await self._effects.commit(room, set_tutor(room, settings))

    def _input(
        self,
        connection_id: str,
        kind: InputKind,
        text: str | None = None,
        flag: bool | None = None,
        *,
        turn_id: str | None = None,
    ) -> Ok:
        place = self._rooms.place_of(connection_id)
        if not place.member.is_person:
            raise Forbidden
        place.room.require_tutor()
        if kind in _WORDS:
            require_voice(place.member, self._wall_clock())
        self._pass_on(place, kind, text, flag, turn_id=turn_id)
        return Ok()

    def _pass_on(
        self,
        place: Place,
        kind: InputKind,
        text: str | None = None,
        flag: bool | None = None,
        *,
        turn_id: str | None = None,
    ) -> None:
        self._rooms.require_staying(place.room.id)
        self._reconciler.heard(place.room)
        if kind in _CALLS:
            self._reconciler.wake(place.room)
        given = TutorInput(participant_id=place.member.id, kind=kind, text=text, flag=flag, turn_id=turn_id)
        self._reconciler.input(place.room, given)

    async def _by_host(
        self, user_id: str, room_id: str, operation: Callable[[Room], Awaitable[None]]
    ) -> entities.Room:
        opened = await self._rooms.look_up(room_id)
        return await opened.mailbox.run(self._if_host, opened.room, user_id, operation)

    async def _if_host(
        self, room: Room, user_id: str, operation: Callable[[Room], Awaitable[None]]
    ) -> entities.Room:
        room.require_host(user_id)
        await operation(room)
        return room.view_for(user_id)


def _is_same_language(one: str, other: str) -> bool:
    """Whether the primary tags are the same: "en-GB" and "en"."""
    return one.partition("-")[0] == other.partition("-")[0]
