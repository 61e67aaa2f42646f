"""Decides who may come into a room: access, lock, chairs, who has to knock. No I/O; changes as in `room`."""

from __future__ import annotations

import hmac
import math
from dataclasses import replace

from server.errors import InviteInvalid, RemovedFromRoom, RoomFull, RoomLocked
from server.protocol.entities import RoomType
from server.protocol.rest import Admission
from server.rooms.bans import is_banned, is_banned_device, is_from_banned_address
from server.rooms.changes import ROOM, Changes, Dirty
from server.rooms.model import UNKNOWN_ORIGIN, Origin, User
from server.rooms.room import Room

_RETURN_S = 600.0
"""For how long somebody who left a locked room may come back. The lock is for new people."""


def require_access(room: Room, user_id: str, invite: str | None, origin: Origin = UNKNOWN_ORIGIN) -> None:
    """May the user see the room and ask for a seat? Raises RemovedFromRoom, InviteInvalid."""
    info = room.info
    if is_banned(info.bans, user_id):
        raise RemovedFromRoom
    if room.seat_of(user_id) is not None or room.is_leading(user_id):
        return
    if is_banned_device(info.bans, origin):
        raise RemovedFromRoom
    if info.type is not RoomType.PRIVATE:
        return
    if invite is None or not hmac.compare_digest(invite.encode(), info.invite.encode()):
        raise InviteInvalid


def admission(room: Room, user_id: str, now: float) -> Admission:
    """Return the result of the user's request for a seat, access apart."""
    if room.seat_of(user_id) is not None:
        return Admission.OPEN
    may_pass = room.is_leading(user_id) or now < room.may_return.get(user_id, -math.inf)
    if room.info.is_locked and not may_pass:
        return Admission.LOCKED
    if is_full_for(room, user_id):
        return Admission.FULL
    asks = room.info.knock_to_enter or _is_waited_for(room)
    return Admission.KNOCK if asks and not _is_known(room, user_id) else Admission.OPEN


def require_chair(room: Room, user_id: str, now: float) -> None:
    """Raises RoomLocked, RoomFull."""
    match admission(room, user_id, now):
        case Admission.LOCKED:
            raise RoomLocked
        case Admission.FULL:
            raise RoomFull


def is_full_for(room: Room, user_id: str) -> bool:
    """Seats that are held for others count."""
    here = {m.user.id for m in room.people}
    taken = len(room.people) + len(room.held - here - {user_id})
    return taken >= room.info.max_participants


def must_knock(room: Room, user: User, origin: Origin) -> bool:
    """Whether the user needs an answer from the host before a seat."""
    if _is_known(room, user.id):
        return False
    asks = room.info.knock_to_enter or _is_waited_for(room)
    return asks or is_from_banned_address(room.info.bans, user, origin)


def set_locked(room: Room, locked: bool) -> Changes:
    if not locked:
        room.may_return.clear()
    return room.change(replace(room.info, is_locked=locked))


def let_return(room: Room, user_id: str, now: float) -> None:
    """The user has left and may take another seat, although the room is locked."""
    room.may_return = {u: until for u, until in room.may_return.items() if now < until}
    room.may_return[user_id] = now + _RETURN_S


def renew_invite(room: Room, invite: str) -> Changes:
    """The old one stops working at once. Does nothing to a room that is not private."""
    if room.info.type is not RoomType.PRIVATE:
        return []
    room.info = replace(room.info, invite=invite)
    return [Dirty(ROOM)]


def _is_waited_for(room: Room) -> bool:
    """Whether the room's event has not begun."""
    return room.info.event is not None and not room.info.event.is_open


def _is_known(room: Room, user_id: str) -> bool:
    """Whether the user never has to knock."""
    if room.info.event is not None and user_id == room.info.event.host_id:
        return True
    return room.is_leading(user_id) or user_id in room.info.admitted
