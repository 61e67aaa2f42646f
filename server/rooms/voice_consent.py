"""Consent of each person to be heard by the tutor."""

from __future__ import annotations

import asyncio

from server.errors import Forbidden
from server.protocol.rooms import Ok
from server.protocol.tutor import SetHeard, SetLaterFeedback, SetPatience, SetRecognition
from server.rooms.changes import ROOM
from server.rooms.effects import Effects
from server.rooms.hearing import opt_in, opt_out, set_heard, set_recognition, without_opt_out
from server.rooms.persistence import Persistence
from server.rooms.runtime import OpenRooms, Place


class VoiceConsent:
    """Whether the tutor gets a person's voice, and whether their words come from their browser."""

    def __init__(self, rooms: OpenRooms, effects: Effects, persistence: Persistence) -> None:
        self._rooms = rooms
        self._effects = effects
        self._persistence = persistence

    async def set_heard(self, connection_id: str, payload: SetHeard) -> Ok:
        """For the life of the room, whatever happens to the seat, the tutor and the server.

        As with mute: opting out acts at once and holds even if the caller stops waiting. Opting in is stored
        first; it is void if the person opted out meanwhile, or the caller stopped waiting.

        Raises NotJoined, Forbidden, Unavailable.
        """
        place = self._place_of_person(connection_id)
        member = place.member
        if payload.heard:
            try:
                await self._rooms.run(connection_id, self._opt_in, member.opt_outs)
            except asyncio.CancelledError:
                member.opt_outs += 1  # the caller gets an error, so it must not succeed later
                raise
        else:
            member.opt_outs += 1
            room = place.room
            self._effects.apply(room, [*set_heard(room, member, False), *opt_out(room, member.user.id)])
            await place.mailbox.run_anyway(self._opt_out, place)
        return Ok()

    async def set_recognition(self, connection_id: str, payload: SetRecognition) -> Ok:
        """Raises NotJoined, Forbidden, Unavailable."""
        self._place_of_person(connection_id)
        await self._rooms.run(connection_id, self._set_recognition, payload.browser)
        return Ok()

    async def set_patience(self, connection_id: str, payload: SetPatience) -> Ok:
        """Raises NotJoined, Forbidden."""
        self._place_of_person(connection_id).member.patience = payload.patience
        return Ok()

    async def set_later_feedback(self, connection_id: str, payload: SetLaterFeedback) -> Ok:
        """Raises NotJoined, Forbidden."""
        self._place_of_person(connection_id).member.wants_feedback = payload.wanted
        return Ok()

    async def _set_recognition(self, place: Place, browser: bool) -> None:
        await self._effects.commit(place.room, set_recognition(place.member, browser))

    async def _opt_out(self, place: Place) -> None:
        await self._effects.commit(place.room, opt_out(place.room, place.member.user.id))

    async def _opt_in(self, place: Place, opt_outs: int) -> None:
        """`opt_outs`: how often the person had opted out when they asked to be heard. A newer one wins."""
        room, member = place.room, place.member
        if member.heard or member.opt_outs != opt_outs:
            return
        await self._persistence.store_first(room, without_opt_out(room, member.user.id))
        if member.opt_outs == opt_outs:
            self._effects.apply(room, opt_in(room, member))
        else:
            self._persistence.mark_dirty(room, ROOM)  # the newer one comes next, and stores it

    def _place_of_person(self, connection_id: str) -> Place:
        place = self._rooms.place_of(connection_id)
        if not place.member.is_person:
            raise Forbidden
        return place
