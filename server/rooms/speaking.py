"""Mutes and unmutes members, and shows who speaks. No I/O; changes as in `room`."""

from __future__ import annotations

from dataclasses import replace

from server.protocol.rooms import DominantSpeaker, ParticipantUpdated, Speaking
from server.rooms.changes import Changes, Dirty, SetMediaMuted
from server.rooms.members import Member
from server.rooms.room import Room


def mute(room: Room, member: Member, *, at_once: bool = False, by_host: bool = False) -> Changes:
    """Acts on media even if the member is shown muted already."""
    changes: Changes = [SetMediaMuted(member.id, True, at_once)]
    if member.record.is_muted:
        return changes
    member.record = replace(member.record, is_muted=True)
    member.is_speaking = False
    changes += [room.broadcast(ParticipantUpdated(participant=member.view()), exclude=member)]
    changes += room.send(member, ParticipantUpdated(participant=member.view(), muted_by_host=by_host))
    return [*changes, Dirty(member.id)]


def unmute(room: Room, member: Member) -> Changes:
    """The caller has stored that the seat is not muted."""
    member.record = replace(member.record, is_muted=False)
    return [SetMediaMuted(member.id, False), room.updated(member)]


def set_speaking(room: Room, member: Member, speaking: bool, level: int) -> Changes:
    """`level` in dBov. A muted member is never shown speaking."""
    if speaking and member.record.is_muted:
        return []
    member.is_speaking = speaking
    level = max(-127, min(0, level))
    return [room.broadcast(Speaking(participant_id=member.id, speaking=speaking, level=level))]


def set_dominant(room: Room, participant_id: str | None) -> Changes:
    if room.dominant == participant_id or (participant_id and participant_id not in room.members):
        return []
    room.dominant = participant_id
    return [room.broadcast(DominantSpeaker(participant_id=participant_id))]
