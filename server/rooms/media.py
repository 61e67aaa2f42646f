"""A seat's media connection: answers and reconnects from the client, states from the SFU."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Literal

from server.errors import ParlorError
from server.protocol.rooms import Answer, IceCandidate, MediaOffer, Offer, Offered, Ok, ReconnectMedia
from server.rooms.effects import Effects
from server.rooms.hearing import grow_slots
from server.rooms.members import Member
from server.rooms.ports import Clock, IceServers, Media
from server.rooms.room import Room
from server.rooms.runtime import OpenRoom, OpenRooms, Place, in_room
from server.rooms.seat_states import SeatEvent, SeatState
from server.rooms.seating import apply_seat_event
from server.rooms.speaking import set_dominant, set_speaking
from server.rooms.views import slot_states

_log = logging.getLogger(__name__)


class MediaActions:
    """Implements MediaEvents. `observe_join` gets each joined room's id, and the seconds from the join to its
    media connection."""

    def __init__(
        self,
        rooms: OpenRooms,
        effects: Effects,
        *,
        media: Media,
        ice_servers: IceServers,
        clock: Clock,
        observe_join: Callable[[str, float], None],
    ) -> None:
        self._rooms = rooms
        self._effects = effects
        self._media = media
        self._ice_servers = ice_servers
        self._clock = clock
        self._observe_join = observe_join

    # From the client

    async def answer(self, connection_id: str, payload: Answer) -> Ok:
        """Does not wait for the mailbox: it changes nothing of the room. Raises NotJoined, OfferUnknown,
        SdpInvalid."""
        member = self._rooms.place_of(connection_id).member
        await self._media.answer(member.id, payload.offer_id, payload.sdp)
        return Ok()

    async def ice_candidate(self, _connection_id: str, _payload: IceCandidate) -> Ok:
        """A lite agent needs none (RFC 8445 section 2.5)."""
        return Ok()

    @in_room
    async def reconnect_media(self, place: Place, payload: ReconnectMedia) -> Offered:
        """Raises NotJoined, MediaError (nothing to restart: ask for `full`), Unavailable."""
        room, member = place.room, place.member
        if payload.mode == "ice":
            offer = await self._media.restart_ice(member.id, member.origin.reached)
        else:
            offer = await self._reopen(room, member)
            self._apply(place, SeatEvent.MEDIA_ASKED)
        slots, ice_servers = slot_states(member.slots), self._ice_servers(member.user.id)
        return Offered(offer=offer, slots=slots, ice_servers=ice_servers)

    # From the room

    def offer_more_slots(self, opened: OpenRoom) -> None:
        """The room may have more chairs now: those whose connection has fewer slots than it needs are offered
        a new one, which replaces theirs once it is connected."""
        room = opened.room
        for member in grow_slots(room):
            opened.mailbox.post(self._offer_slots, Place(opened, member), subject=member.id)

    # From the SFU (MediaEvents)

    def media_state(self, participant_id: str, state: Literal["connected", "disconnected"]) -> None:
        event = SeatEvent.MEDIA_UP if state == "connected" else SeatEvent.MEDIA_SILENT
        self._post(participant_id, self._media_changed, event)

    def media_lost(self, participant_id: str) -> None:
        self._post(participant_id, self._media_changed, SeatEvent.MEDIA_LOST)

    def media_failed(self, participant_id: str, *, is_carried: bool = False) -> None:
        event = SeatEvent.REPLACEMENT_FAILED if is_carried else SeatEvent.MEDIA_FAILED
        self._post(participant_id, self._offer_again, event)

    def speaking(self, participant_id: str, speaking: bool, level: int) -> None:
        """Does not wait for the mailbox: a sign of speech half a second late is worse than none."""
        place = self._rooms.find_seat(participant_id)
        if place is not None:
            self._effects.apply(place.room, set_speaking(place.room, place.member, speaking, level))

    def dominant_speaker(self, room_id: str, participant_id: str | None) -> None:
        opened = self._rooms.find(room_id)
        if opened is not None:
            self._effects.apply(opened.room, set_dominant(opened.room, participant_id))

    # In the room's mailbox

    def _post(
        self, participant_id: str, step: Callable[[Place, SeatEvent], Awaitable[None]], event: SeatEvent
    ) -> None:
        place = self._rooms.find_seat(participant_id)
        if place is not None:
            place.mailbox.post(self._if_seated, place, step, event, subject=participant_id)

    async def _if_seated(
        self, place: Place, step: Callable[[Place, SeatEvent], Awaitable[None]], event: SeatEvent
    ) -> None:
        if place.room.has(place.member):
            await step(place, event)

    async def _media_changed(self, place: Place, event: SeatEvent) -> None:
        member, now = place.member, self._clock()
        self._apply(place, event)
        if member.state is SeatState.CONNECTED and member.media_requested_at is not None:
            self._observe_join(place.room.id, max(0.0, now - member.media_requested_at))
            member.media_requested_at = None

    async def _offer_again(self, place: Place, event: SeatEvent) -> None:
        """Offer a connection in place of the failed one, unless the seat is held or its media is lost."""
        room, member = place.room, place.member
        _log.info("media failed", extra={"room_id": room.id, "participant_id": member.id})
        self._apply(place, event)
        if member.state not in (SeatState.CONNECTING, SeatState.CONNECTED):
            return
        try:
            await self._push_offer(place)
        except ParlorError:
            if member.state is SeatState.CONNECTING:
                self._apply(place, SeatEvent.MEDIA_LOST)

    async def _offer_slots(self, place: Place) -> None:
        """Somebody without a socket gets the slots when they join again."""
        if not place.room.has(place.member) or place.member.connection_id is None:
            return
        try:
            await self._push_offer(place)
        except ParlorError as error:  # the old connection carries the first of them
            _log.warning("no new slots: %s", error.code, extra={"participant_id": place.member.id})

    async def _push_offer(self, place: Place) -> None:
        """Raises Unavailable."""
        room, member = place.room, place.member
        offer = await self._reopen(room, member)
        slots, ice_servers = slot_states(member.slots), self._ice_servers(member.user.id)
        self._effects.apply(
            room, room.send(member, MediaOffer(offer=offer, slots=slots, ice_servers=ice_servers))
        )

    def _apply(self, place: Place, event: SeatEvent) -> None:
        self._effects.apply(place.room, apply_seat_event(place.room, place.member, event, self._clock()))

    async def _reopen(self, room: Room, member: Member) -> Offer:
        offer = await self._media.open(room.peer_spec(member, member.origin))
        self._media.assign(member.id, member.slots)
        return offer
