"""Raised hands: their order, and when they go down. No I/O; changes as in `room`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from server.protocol.rooms import HandLowered, ParticipantUpdated
from server.rooms.changes import Changes, Dirty
from server.rooms.members import Member
from server.rooms.room import Room

_SPOKEN_S = 3.0
"""Seconds of speech that lower a raised hand: longer than a cough or "may I?"."""


def raised(room: Room) -> list[Member]:
    """Return the members whose hand is up, in the order in which they raised it."""
    up = [(m.record.hand_raised_at, m) for m in room.people if m.record.hand_raised_at is not None]
    return [member for _, member in sorted(up, key=lambda pair: pair[0])]


def raise_hand(room: Room, member: Member, wall_now: float) -> Changes:
    """Last in the order, also after the wall clock was set back."""
    if member.record.hand_raised:
        return []
    earlier = [m.record.hand_raised_at for m in room.members.values() if m.record.hand_raised_at is not None]
    member.record = replace(member.record, hand_raised_at=max([wall_now, *(at + 0.001 for at in earlier)]))
    member.hand_spoken_s = 0.0
    return [room.updated(member), Dirty(member.id)]


def lower_hand(room: Room, member: Member, lowered: HandLowered | None = None) -> Changes:
    """`lowered`: why, if it was not its owner's own action."""
    if not member.record.hand_raised:
        return []
    member.record = replace(member.record, hand_raised_at=None)
    changes: Changes = [room.broadcast(ParticipantUpdated(participant=member.view()), exclude=member)]
    changes += room.send(member, ParticipantUpdated(participant=member.view(), hand_lowered=lowered))
    return [*changes, Dirty(member.id)]


def note_speech(room: Room, seconds: float) -> None:
    """For so long those who are speaking now have spoken since the last call."""
    for member in room.members.values():
        if member.is_speaking and member.record.hand_raised:
            member.hand_spoken_s += seconds


def spoken_hands(room: Room) -> Sequence[Member]:
    """Members with a raised hand who have had their turn to speak."""
    return [m for m in room.people if m.record.hand_raised and m.hand_spoken_s >= _SPOKEN_S]
