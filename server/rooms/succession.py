"""Hosts and co-hosts: who is named, and who succeeds a host who is gone. No I/O; changes as in `room`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from server.protocol.rooms import RoomUpdated
from server.rooms.changes import ROOM, Changes, Dirty
from server.rooms.knocking import note_admitted, show_knocks
from server.rooms.members import Member
from server.rooms.room import Room

_MAX_COHOSTS = 20


def next_host(
    host_id: str, seated: Collection[str], connected: Sequence[str], host_expected: bool
) -> str | None:
    """The user who becomes host, or None if nothing changes.

    `seated` are the people with a seat, held ones included: a host who lost the connection stays host until
    the seat is given up. `connected` are those with a socket, longest-present first: only they can act as
    host. `host_expected`: the host may be about to join.
    """
    if not connected or host_id in seated or host_expected:
        return None
    return connected[0]


def needs_host(room: Room, now: float) -> bool:
    """Whether `settle_host` would change the host."""
    return _successor(room, now) is not None


def settle_host(room: Room, now: float, *, arriving: Member | None = None) -> Changes:
    """Give the room a new host if it has lost its own. `arriving` counts as connected."""
    host_id = _successor(room, now, arriving)
    if host_id is None:
        return []
    hand_over(room, host_id)
    return [room.broadcast(RoomUpdated(room=room.view())), *show_knocks(room), Dirty(ROOM)]


def set_host(room: Room, member: Member) -> Changes:
    before = room.info
    hand_over(room, member.user.id)
    return [] if room.info == before else [*room.changed(), *show_knocks(room)]


def set_cohost(room: Room, member: Member, cohost: bool) -> Changes:
    """Does nothing for the host. The first ones of very many lose it."""
    user_id = member.user.id
    if user_id == room.info.host_id or (user_id in room.info.cohosts) is cohost:
        return []
    others = tuple(u for u in room.info.cohosts if u != user_id)
    cohosts = (*others, user_id)[-_MAX_COHOSTS:] if cohost else others
    return [*room.change(replace(room.info, cohosts=cohosts)), *show_knocks(room)]


def end_cohost(room: Room, user_id: str) -> Changes:
    """Also of somebody who is not in the room."""
    if user_id not in room.info.cohosts:
        return []
    others = tuple(u for u in room.info.cohosts if u != user_id)
    return room.change(replace(room.info, cohosts=others))


def hand_over(room: Room, host_id: str) -> None:
    """Make the user the host. The former host need not knock."""
    before = room.info.host_id
    others = tuple(u for u in room.info.cohosts if u != host_id)
    room.info = replace(room.info, host_id=host_id, cohosts=others)
    if before != host_id and not room.host_is_gone:
        note_admitted(room, before)
    room.host_is_gone = False


def _successor(room: Room, now: float, arriving: Member | None = None) -> str | None:
    """Co-hosts come first: the host chose them."""
    seated = {m.user.id for m in room.people}
    connected = [m.user.id for m in room.people if m.connection_id is not None or m is arriving]
    connected.sort(key=lambda user_id: user_id not in room.info.cohosts)
    is_expected = now < room.host_expected_until and not room.host_is_gone
    return next_host(room.info.host_id, seated, connected, is_expected)
