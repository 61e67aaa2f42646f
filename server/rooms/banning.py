"""Bans people from a room, and lifts bans. The rules of bans are in `bans`. No I/O; changes as in `room`."""

from __future__ import annotations

from dataclasses import replace

from server.errors import Conflict
from server.protocol.door import KnockAnswer
from server.protocol.rooms import LeftReason
from server.rooms.bans import is_banned_device, with_ban, with_origin, without_ban, without_old_addresses
from server.rooms.changes import ROOM, Changes, Dirty
from server.rooms.knocking import answer_knock
from server.rooms.members import Member
from server.rooms.model import Ban, Origin, new_id
from server.rooms.room import Room
from server.rooms.seating import remove_member


def ban_member(room: Room, member: Member, now: float, wall_now: float) -> Changes:
    """Remove the member for the life of the room. Raises Conflict for the host."""
    user, origin = member.user, member.origin
    if user.id == room.info.host_id:
        raise Conflict("You cannot remove yourself. Leave the room instead.")
    ban = Ban(new_id(), user.id, user.name, wall_now, origin.device, origin.address)
    admitted = tuple(u for u in room.info.admitted if u != user.id)
    cohosts = tuple(u for u in room.info.cohosts if u != user.id)
    bans = with_ban(room.info.bans, ban)
    room.info = replace(room.info, bans=bans, admitted=admitted, cohosts=cohosts)
    same_browser = [k for k in room.knocks.waiting if is_banned_device((ban,), k.origin)]
    changes = [c for k in same_browser for c in answer_knock(room, k, KnockAnswer.DECLINED)]
    return [*changes, *remove_member(room, member, LeftReason.REMOVED, now), Dirty(ROOM)]


def banned_user_returned(room: Room, user_id: str, origin: Origin) -> Changes:
    """Note the browser and the address, where they were not known at the ban."""
    return _set_bans(room, with_origin(room.info.bans, user_id, origin))


def lift_ban(room: Room, ban_id: str) -> Changes:
    return _set_bans(room, without_ban(room.info.bans, ban_id))


def has_old_addresses(room: Room, wall_now: float) -> bool:
    return without_old_addresses(room.info.bans, wall_now) != room.info.bans


def forget_old_addresses(room: Room, wall_now: float) -> Changes:
    return _set_bans(room, without_old_addresses(room.info.bans, wall_now))


def _set_bans(room: Room, bans: tuple[Ban, ...]) -> Changes:
    if bans == room.info.bans:
        return []
    room.info = replace(room.info, bans=bans)
    return [Dirty(ROOM)]
