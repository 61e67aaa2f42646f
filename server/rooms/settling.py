"""A room that changes the server: its people are told, and awaited at the new one. No I/O; changes as in
`room`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from server.protocol.entities import RoomNode
from server.protocol.rooms import RoomMoving, RoomSettled
from server.rooms.changes import Changes
from server.rooms.room import Room
from server.rooms.seat_states import SeatState

SETTLE_WITHIN_S = 3.0
"""Time for the people of a room that comes from another server to connect to this one. They hear each other
there meanwhile: a shorter time would be heard, where many join at the same time."""
_MIX_S = 0.15
"""From the last connection until all switch: a jitter buffer fills in this time."""


def moving(room: Room, node: RoomNode | None) -> Changes:
    """Let all follow the room to its new server; None: to the one that others name, if there is one."""
    told = room.broadcast(RoomMoving(node=node))
    return [replace(told, connection_ids=(*told.connection_ids, *room.knocks.connection_ids))]


def expect(room: Room, participant_ids: Collection[str], now: float) -> None:
    """These come from the room's former server. They hear each other there until `settle`."""
    room.awaited, room.settles_at = frozenset(participant_ids), now + SETTLE_WITHIN_S


def settle(room: Room, now: float) -> Changes:
    """Call it often while `settles_at` is set."""
    if room.settles_at is None:
        return []
    if room.awaited and all(_has_come(room, participant_id) for participant_id in room.awaited):
        room.awaited, room.settles_at = frozenset(), min(room.settles_at, now + _MIX_S)
    if now < room.settles_at:
        return []
    room.awaited, room.settles_at = frozenset(), None
    return [room.broadcast(RoomSettled())]


def _has_come(room: Room, participant_id: str) -> bool:
    """Also somebody who has left meanwhile: nobody needs to wait for them."""
    member = room.members.get(participant_id)
    return member is None or member.state is SeatState.CONNECTED
