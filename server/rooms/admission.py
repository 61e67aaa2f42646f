"""Who gets a seat: a new one, or the one they already have."""

from __future__ import annotations

import hmac

from server.errors import NoTutor, RoomFull, RoomLocked
from server.rooms.room import Member, Room, require_access
from server.rooms.tokens import digest


def seat_for(room: Room, user_id: str, invite: str | None, resume_token: str | None) -> Member | None:
    """The member whose seat the user takes (back), or None for a new seat.

    A resume token opens its seat in a full or locked room too. So does being the same user: one seat a user
    a room, the newer connection has it. A token that fits no seat of the user is as good as none.
    Raises RemovedFromRoom, InviteInvalid, RoomLocked, RoomFull.
    """
    held = room.seat_of(user_id)
    if held is not None and resume_token is not None and _fits(held, resume_token):
        return held
    require_access(room.info, user_id, invite, is_seated=held is not None)
    if held is not None:
        return held
    if room.info.is_locked and user_id != room.info.host_id:
        raise RoomLocked
    if room.is_full:
        raise RoomFull
    return None


def seat_of_tutor(room: Room) -> Member | None:
    """The seat that the room's tutor has, whoever played it so far; None for a new one. A tutor takes no
    person's seat, and comes into a locked room. Raises NoTutor."""
    if room.info.tutor is None:
        raise NoTutor
    return room.tutor_member


def _fits(member: Member, token: str) -> bool:
    return hmac.compare_digest(member.record.resume_digest, digest(token))
