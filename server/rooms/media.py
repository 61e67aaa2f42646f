"""A seat's media connection: answers and reconnects from the client, states from the SFU."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Literal

from server.errors import ParlorError
from server.protocol.rooms import (
    Answer,
    DominantSpeaker,
    IceCandidate,
    MediaOffer,
    Offer,
    Offered,
    Ok,
    ParticipantUpdated,
    ReconnectMedia,
    Speaking,
)
from server.rooms.context import Context
from server.rooms.room import Member, Room
from server.rooms.runtime import Place, in_room
from server.rooms.seat_states import SeatEvent, SeatState
from server.rooms.views import slot_states

_log = logging.getLogger(__name__)


class MediaActions:
    """Implements MediaEvents. `joined` is told the seconds from each join to its media connection."""

    def __init__(self, context: Context, joined: Callable[[float], None]) -> None:
        self._context = context
        self._rooms = context.rooms
        self._joined = joined

    # From the client

    async def answer(self, connection_id: str, payload: Answer) -> Ok:
        """Raises NotJoined, OfferUnknown, SdpInvalid. Needs no turn: it changes nothing of the room."""
        member = self._rooms.place_of(connection_id).member
        await self._context.media.answer(member.id, payload.offer_id, payload.sdp)
        return Ok()

    async def ice_candidate(self, _connection_id: str, _payload: IceCandidate) -> Ok:
        """A lite agent needs none (RFC 8445 section 2.5)."""
        return Ok()

    @in_room
    async def reconnect_media(self, place: Place, payload: ReconnectMedia) -> Offered:
        """Raises NotJoined, MediaError (nothing to restart: ask for `full`), Unavailable."""
        member = place.member
        if payload.mode == "ice":
            offer = await self._context.media.restart_ice(member.id)
        else:
            offer = await self._reopen(place.room, member)
            self._happened(place.room, member, SeatEvent.MEDIA_ASKED)
        return Offered(
            offer=offer,
            slots=slot_states(member.slots),
            ice_servers=self._context.ice_servers(member.user.id),
        )

    # From the SFU (MediaEvents)

    def media_state(self, participant_id: str, state: Literal["connected", "disconnected"]) -> None:
        event = SeatEvent.MEDIA_UP if state == "connected" else SeatEvent.MEDIA_SILENT
        self._post(participant_id, self._apply, event)

    def media_lost(self, participant_id: str) -> None:
        self._post(participant_id, self._apply, SeatEvent.MEDIA_LOST)

    def media_failed(self, participant_id: str, *, is_carried: bool = False) -> None:
        event = SeatEvent.REPLACEMENT_FAILED if is_carried else SeatEvent.MEDIA_FAILED
        self._post(participant_id, self._offer_again, event)

    def speaking(self, participant_id: str, speaking: bool, level: int) -> None:
        """Waits for no turn: a ring half a second late is worse than none."""
        found = self._rooms.find_seat(participant_id)
        if found is None:
            return
        opened, member = found
        if speaking and member.record.is_muted:
            return
        member.is_speaking = speaking
        level = max(-127, min(0, level))
        event = Speaking(participant_id=participant_id, speaking=speaking, level=level)
        self._context.broadcast(opened.room, event)

    def dominant_speaker(self, room_id: str, participant_id: str | None) -> None:
        found = self._rooms.find(room_id)
        if found is None:
            return
        room = found.room
        if participant_id is not None and participant_id not in room.members:
            return
        if room.dominant != participant_id:
            room.dominant = participant_id
            self._context.broadcast(room, DominantSpeaker(participant_id=participant_id))

    def _post(
        self, participant_id: str, step: Callable[[Place, SeatEvent], Awaitable[None]], event: SeatEvent
    ) -> None:
        place = self._rooms.find_seat(participant_id)
        if place is not None:
            place.mailbox.post(self._if_seated, place, step, event, subject=participant_id)

    async def _if_seated(
        self, place: Place, step: Callable[[Place, SeatEvent], Awaitable[None]], event: SeatEvent
    ) -> None:
        if place.room.members.get(place.member.id) is place.member:
            await step(place, event)

    async def _apply(self, place: Place, event: SeatEvent) -> None:
        member = place.member
        self._happened(place.room, member, event)
        if member.state is SeatState.CONNECTED and member.asked_at is not None:
            self._joined(max(0.0, self._context.clock() - member.asked_at))
            member.asked_at = None

    async def _offer_again(self, place: Place, event: SeatEvent) -> None:
        room, member = place.room, place.member
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
        pushed = MediaOffer(
            offer=offer,
            slots=slot_states(member.slots),
            ice_servers=self._context.ice_servers(member.user.id),
        )
        self._context.send_to(member, pushed)

    async def _reopen(self, room: Room, member: Member) -> Offer:
        offer = await self._context.open_media(room, member)
        self._context.media.assign(member.id, member.slots)
        return offer

    def _happened(self, room: Room, member: Member, event: SeatEvent) -> None:
        context = self._context
        if room.happened(member, event, context.clock(), context.settings.seat_grace_s):
            context.broadcast(room, ParticipantUpdated(participant=member.view()))
