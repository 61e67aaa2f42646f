"""Domain events as wire events. `seq` is 0 here: each connection puts its own number in."""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch
from typing import Any

from server.protocol import rooms as wire
from server.rooms import events
from server.rooms.model import Slots
from server.rooms.ports import MediaOffer
from server.rooms.room import mids
from server.wire import participant_to_wire, room_to_wire

IceServersFor = Callable[[str], list[wire.IceServer]]


def slots_to_wire(slots: Slots) -> list[wire.SlotState]:
    return [wire.SlotState(mid=mid, participant_id=held) for mid, held in mids(slots)]


def offer_to_wire(offer: MediaOffer) -> wire.Offer:
    return wire.Offer(id=offer.id, sdp=offer.sdp)


def encode(event: events.RoomEvent, ice_servers: IceServersFor) -> tuple[str, dict[str, Any]]:
    """The event's wire name and its members, camelCase."""
    if isinstance(event, events.MediaOffered):
        message: wire.SeqEvent = wire.MediaOffer(
            seq=0,
            offer=offer_to_wire(event.offer),
            slots=slots_to_wire(event.slots),
            ice_servers=ice_servers(event.user_id),
        )
    else:
        message = _message(event)
    return _NAMES[type(message)], message.wire()


_NAMES = {cls: name for name, cls in wire.SERVER_EVENTS.items()}


@singledispatch
def _message(event: object) -> wire.SeqEvent:
    raise TypeError(f"{type(event).__name__} has no wire form")


@_message.register
def _(event: wire.SeqEvent) -> wire.SeqEvent:
    return event


@_message.register
def _(event: events.ParticipantJoined) -> wire.SeqEvent:
    return wire.ParticipantJoined(seq=0, participant=participant_to_wire(event.participant))


@_message.register
def _(event: events.ParticipantLeft) -> wire.SeqEvent:
    return wire.ParticipantLeft(seq=0, participant_id=event.participant_id, reason=event.reason.value)


@_message.register
def _(event: events.ParticipantUpdated) -> wire.SeqEvent:
    participant = participant_to_wire(event.participant)
    return wire.ParticipantUpdated(seq=0, participant=participant, muted_by_host=event.muted_by_host)


@_message.register
def _(event: events.Speaking) -> wire.SeqEvent:
    level = max(-127, min(0, event.level))
    return wire.Speaking(seq=0, participant_id=event.participant_id, speaking=event.speaking, level=level)


@_message.register
def _(event: events.DominantSpeaker) -> wire.SeqEvent:
    return wire.DominantSpeaker(seq=0, participant_id=event.participant_id)


@_message.register
def _(event: events.SlotsChanged) -> wire.SeqEvent:
    return wire.Slots(seq=0, slots=slots_to_wire(event.slots))


@_message.register
def _(event: events.RoomUpdated) -> wire.SeqEvent:
    return wire.RoomUpdated(seq=0, room=room_to_wire(event.room))


@_message.register
def _(event: events.Removed) -> wire.SeqEvent:
    return wire.Removed(seq=0, reason=event.reason.value)


@_message.register
def _(event: events.RoomClosed) -> wire.SeqEvent:
    return wire.RoomClosed(seq=0, reason=event.reason.value)


@_message.register
def _(_event: events.ServerDraining) -> wire.SeqEvent:
    return wire.ServerDraining(seq=0)
