"""A seat's media connection: answers and reconnects from the client, states from the SFU."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from server.errors import ParlorError
from server.rooms.context import Context
from server.rooms.events import DominantSpeaker, MediaOffered, ParticipantUpdated, Speaking
from server.rooms.model import Slots
from server.rooms.ports import MediaOffer
from server.rooms.room import Member, Room
from server.rooms.runtime import OpenRoom
from server.rooms.seat_states import SeatEvent, SeatState

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Offered:
    offer: MediaOffer
    slots: Slots


class MediaLink:
    """Implements MediaEvents. `joined` is told the seconds from each join to its media connection."""

    def __init__(self, context: Context, joined: Callable[[float], None]) -> None:
        self._context = context
        self._joined = joined

    # From the client

    async def answer(self, connection_id: str, offer_id: str, sdp: str) -> None:
        """Raises NotJoined, OfferUnknown, SdpInvalid. Needs no turn: it changes nothing of the room."""
        _, member = self._context.rooms.place_of(connection_id)
        await self._context.media.answer(member.id, offer_id, sdp)

    async def reconnect(self, connection_id: str, mode: Literal["ice", "full"]) -> Offered:
        """Raises NotJoined, MediaError (nothing to restart: ask for `full`), Unavailable."""

        async def turn(opened: OpenRoom, member: Member) -> Offered:
            if mode == "ice":
                offer = await self._context.media.restart_ice(member.id)
            else:
                offer = await self._reopen(opened.room, member)
                self._happened(opened.room, member, SeatEvent.MEDIA_ASKED)
            return Offered(offer, member.slots)

        return await self._context.in_turn(connection_id, turn)

    # From the SFU (MediaEvents)

    def media_state(self, participant_id: str, state: Literal["connected", "disconnected"]) -> None:
        event = SeatEvent.MEDIA_UP if state == "connected" else SeatEvent.MEDIA_SILENT
        self._post(participant_id, self._apply(event))

    def media_lost(self, participant_id: str) -> None:
        self._post(participant_id, self._apply(SeatEvent.MEDIA_LOST))

    def media_failed(self, participant_id: str, *, is_carried: bool = False) -> None:
        event = SeatEvent.REPLACEMENT_FAILED if is_carried else SeatEvent.MEDIA_FAILED
        self._post(participant_id, self._offer_again(event))

    def speaking(self, participant_id: str, speaking: bool, level: int) -> None:
        """Waits for no turn: a ring half a second late is worse than none."""
        found = self._context.rooms.find_seat(participant_id)
        if found is None:
            return
        opened, member = found
        if speaking and member.seat.is_muted:
            return
        member.is_speaking = speaking
        self._context.broadcast(opened.room, Speaking(participant_id, speaking, level))

    def dominant_speaker(self, room_id: str, participant_id: str | None) -> None:
        found = self._context.rooms.find(room_id)
        if found is None:
            return
        room = found.room
        if participant_id is not None and participant_id not in room.members:
            return
        if room.dominant != participant_id:
            room.dominant = participant_id
            self._context.broadcast(room, DominantSpeaker(participant_id))

    def _post(self, participant_id: str, step: Callable[[Room, Member], Awaitable[None]]) -> None:
        found = self._context.rooms.find_seat(participant_id)
        if found is None:
            return
        opened, member = found

        async def turn() -> None:
            if opened.room.members.get(participant_id) is member:
                await step(opened.room, member)

        opened.mailbox.post(turn, participant_id)

    def _apply(self, event: SeatEvent) -> Callable[[Room, Member], Awaitable[None]]:
        async def step(room: Room, member: Member) -> None:
            self._happened(room, member, event)
            if member.state is SeatState.CONNECTED and member.asked_at is not None:
                self._joined(max(0.0, self._context.clock() - member.asked_at))
                member.asked_at = None

        return step

    def _offer_again(self, event: SeatEvent) -> Callable[[Room, Member], Awaitable[None]]:
        async def step(room: Room, member: Member) -> None:
            _log.info("media failed", extra={"room_id": room.id, "participant_id": member.id})
            self._happened(room, member, event)
            if member.state not in (SeatState.CONNECTING, SeatState.CONNECTED):
                return
            try:
                offer = await self._reopen(room, member)
            except ParlorError:
                if member.state is SeatState.CONNECTING:
                    self._happened(room, member, SeatEvent.MEDIA_LOST)
                return
            self._context.send_to(member, MediaOffered(member.user.id, offer, member.slots))

        return step

    async def _reopen(self, room: Room, member: Member) -> MediaOffer:
        offer = await self._context.open_media(room, member)
        self._context.media.assign(member.id, member.slots)
        return offer

    def _happened(self, room: Room, member: Member, event: SeatEvent) -> None:
        context = self._context
        if room.happened(member, event, context.clock(), context.settings.seat_grace_s):
            context.broadcast(room, ParticipantUpdated(member.view()))
