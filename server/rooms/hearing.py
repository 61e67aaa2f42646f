"""Decides who hears whom: slots, consent to be heard by the tutor, people kept apart. No I/O; changes as in
`room`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from server.protocol.rooms import ChatDeleted, DominantSpeaker, Knocks, ParticipantUpdated, Slots
from server.rooms.apart import Apart
from server.rooms.changes import ROOM, AssignSlots, Changes, Dirty, Send
from server.rooms.knocking import answering_connections
from server.rooms.members import Member, carry
from server.rooms.model import RoomInfo
from server.rooms.room import Room
from server.rooms.views import knocker_views, slot_states

_MAX_OPTED_OUT = 1_000
"""Bounds what strangers by the thousand can add to the record of a room."""


def reassign_slots(room: Room, *, skip: Member | None = None) -> Changes:
    """Bring every member's slots up to date. `skip` gets its slots in the ack of its join."""
    changes: Changes = []
    for member in room.members.values():
        slots = carry(member.slots, _publishers_for(room, member))
        if slots == member.slots:
            continue
        member.slots = slots
        changes.append(AssignSlots(member.id, slots))
        if member is not skip:
            changes += room.send(member, Slots(slots=slot_states(slots)))
    return changes


def grow_slots(room: Room) -> Sequence[Member]:
    """Give everybody as many slots as the room has chairs now, and return those who had fewer. A room
    that has become smaller takes none away: they may be in use."""
    grown = [m for m in room.members.values() if len(m.slots) < room.slot_count]
    for member in grown:
        member.slots += (None,) * (room.slot_count - len(member.slots))
    return grown


def set_heard(room: Room, member: Member, heard: bool) -> Changes:
    """Whether the tutor gets the member's voice; the list in `info` is what lasts."""
    if member.heard == heard:
        return []
    member.heard = heard
    return [*reassign_slots(room), room.updated(member)]


def opt_out(room: Room, user_id: str) -> Changes:
    """Note that the user keeps their voice from the tutor, for the life of the room."""
    others = without_opt_out(room, user_id).opted_out
    room.info = replace(room.info, opted_out=(*others[1 - _MAX_OPTED_OUT :], user_id))
    return [Dirty(ROOM)]


def without_opt_out(room: Room, user_id: str) -> RoomInfo:
    """The room's record once the user lets the tutor hear them."""
    return replace(room.info, opted_out=tuple(u for u in room.info.opted_out if u != user_id))


def opt_in(room: Room, member: Member) -> Changes:
    """The caller has stored `without_opt_out`."""
    room.info = without_opt_out(room, member.user.id)
    return set_heard(room, member, True)


def set_recognition(member: Member, browser: bool) -> Changes:
    if member.record.browser_recognition == browser:
        return []
    member.record = replace(member.record, browser_recognition=browser)
    return [Dirty(member.id)]


def set_apart(room: Room, apart: Apart) -> Changes:
    """From now on these neither hear nor see each other. At once for audio, and in what they see."""
    before, room.apart = room.apart, apart
    if apart == before:
        return []
    changes = reassign_slots(room)
    for blocker, blocked in before.blocks ^ apart.blocks:
        one, other = room.seat_of(blocker), room.seat_of(blocked)
        if one is not None and other is not None:
            changes += [*_show_again(room, one, other), *_show_again(room, other, one)]
        if one is not None and apart.has_blocked(blocker, blocked):
            changes += _hide_chat(room, one, blocked)
    if room.knocks.waiting:
        changes += [Send(answering_connections(room), Knocks(knocks=knocker_views(room.knocks.waiting)))]
    return changes


def _publishers_for(room: Room, member: Member) -> list[str]:
    """The others, without those who do not consent where it needs consent, and those who are kept apart
    from the member."""
    needs_consent = member.role.needs_consent
    others = [m for m in room.members.values() if m is not member and (m.heard or not needs_consent)]
    return [m.id for m in others if not (room.apart and room.apart.are_apart(member.user.id, m.user.id))]


def _show_again(room: Room, viewer: Member, other: Member) -> Changes:
    """Send the other to the viewer anew: name, picture and whether they dominate may look different."""
    changes = room.send(viewer, ParticipantUpdated(participant=other.view()))
    if room.dominant == other.id:
        changes += room.send(viewer, DominantSpeaker(participant_id=other.id))
    return changes


def _hide_chat(room: Room, blocker: Member, blocked_id: str) -> Changes:
    """Only from the blocker: the blocked person must not find out. A later join hides it from both."""
    line_ids = [line.id for line in room.chat.lines if line.user_id == blocked_id]
    return room.send(blocker, ChatDeleted(line_ids=line_ids)) if line_ids else []
