"""Seats: they are restored, taken, held and given up. No I/O; changes as in `room`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from server.errors import KnockRequired
from server.protocol.entities import ParticipantKind
from server.protocol.rooms import (
    LeftReason,
    ParticipantJoined,
    ParticipantLeft,
    ParticipantUpdated,
    Removed,
    RemovedReason,
    RoomUpdated,
)
from server.rooms.admission import let_return, must_knock, require_access, require_chair
from server.rooms.changes import (
    ROOM,
    AssignSlots,
    Changes,
    CloseMedia,
    ConnectionReleased,
    Dirty,
    ListingChanged,
    SeatEnded,
    SeatTaken,
)
from server.rooms.chat import Chat
from server.rooms.hearing import reassign_slots
from server.rooms.knocking import drop_knock, show_knocks
from server.rooms.members import ROLES, Member, empty_slots
from server.rooms.model import UNKNOWN_ORIGIN, Origin, SeatRecord, StoredRoom, User, new_id
from server.rooms.room import Room
from server.rooms.seat_states import SeatEvent, SeatState, next_deadline, next_state
from server.rooms.succession import hand_over, settle_host

_NUMBERS = 255
_REASON_FOR_THE_MEMBER = {
    LeftReason.REMOVED: RemovedReason.REMOVED_BY_HOST,
    LeftReason.TIMED_OUT: RemovedReason.TIMED_OUT,
}


def restored_room(stored: StoredRoom, now: float, grace: float) -> tuple[Room, list[str]]:
    """The room with its seats held for the grace period, and the ids of seats without an owner."""
    room = Room.opened(stored.info, now, grace)
    room.chat = Chat.restored(stored.chat, now)
    by_id = {user.id: user for user in stored.users}
    orphaned = []
    for record in sorted(stored.seats, key=lambda s: s.joined_at):
        user = by_id.get(record.user_id)
        if user is None or not ROLES[record.kind].is_restored:
            orphaned.append(record.id)
            continue
        member = _new_member(room, record, user)
        member.state, member.deadline = SeatState.HELD, now + grace
        _add_member(room, member)
    reassign_slots(room)
    return room, orphaned


def seat_for(
    room: Room,
    user: User,
    kind: ParticipantKind,
    invite: str | None,
    resume_token: str | None,
    *,
    now: float,
    wall_now: float,
    origin: Origin = UNKNOWN_ORIGIN,
) -> Member:
    """The seat that the user takes, their own or a new one; it is theirs once `take_seat` was called.

    A resume token opens its seat in a full or locked room too. So does being the same user: one seat a
    user a room, the newer connection has it. A token that fits no seat of the user is as good as none.
    A tutor takes no person's seat, and comes into a locked room; a new worker gets the tutor's seat.
    Raises RemovedFromRoom, InviteInvalid, RoomLocked, RoomFull, KnockRequired, NoTutor.
    """
    if kind is ParticipantKind.TUTOR:
        is_muted, held = room.require_tutor().muted, room.tutor_member
    else:
        is_muted, held = True, room.seat_of(user.id)
        if held is None or resume_token is None or not held.opens_with(resume_token):
            require_access(room, user.id, invite, origin)
        if held is None:
            require_chair(room, user.id, now)
            if must_knock(room, user, origin):
                raise KnockRequired
    if held is not None:
        return held
    record = SeatRecord(
        id=new_id(),
        room_id=room.id,
        user_id=user.id,
        kind=kind,
        number=_next_number(room),
        resume_digest="",
        is_muted=is_muted,
        joined_at=_joined_at(room, wall_now),
    )
    return _new_member(room, record, user)


def take_seat(
    room: Room,
    member: Member,
    user: User,
    connection_id: str,
    resume_digest: str,
    now: float,
    *,
    has_media: bool = True,
    origin: Origin = UNKNOWN_ORIGIN,
) -> Changes:
    """The connection speaks for the member from now on. The caller has stored the seat with this digest.
    Without media the seat is connected at once."""
    is_new = not room.has(member)
    member.record = replace(member.record, resume_digest=resume_digest)
    member.user, member.origin = user, origin
    if is_new:
        _add_member(room, member)
    changes = settle_host(room, now, arriving=member)
    if room.info.event is not None and user.id == room.info.event.host_id != room.info.host_id:
        hand_over(room, user.id)
        changes += [room.broadcast(RoomUpdated(room=room.view())), Dirty(ROOM)]
    waiting = room.knocks.of_user(user.id)
    if waiting is not None and member.role.is_counted:
        changes += drop_knock(room, waiting)
    if member.connection_id not in (None, connection_id):
        changes += room.send(member, Removed(reason=RemovedReason.JOINED_ELSEWHERE))
        changes += [ConnectionReleased(str(member.connection_id))]
    member.connection_id = connection_id
    changes += [SeatTaken(member.id, connection_id)]
    before = member.view()
    _move(room, member, SeatEvent.SEATED, now)
    if has_media:
        member.media_requested_at = now
    else:
        _move(room, member, SeatEvent.MEDIA_UP, now)
    if is_new:
        changes += [room.broadcast(ParticipantJoined(participant=member.view()), exclude=member)]
    elif member.view() != before:
        changes += [room.broadcast(ParticipantUpdated(participant=member.view()), exclude=member)]
    changes += show_knocks(room)
    changes += reassign_slots(room, skip=member)
    return [*changes, AssignSlots(member.id, member.slots), ListingChanged()]


def hold_seat(room: Room, member: Member, now: float) -> Changes:
    """The member's socket has closed: its seat is kept for the grace period."""
    changes: Changes = [ConnectionReleased(str(member.connection_id))]
    member.connection_id = None
    return changes + apply_seat_event(room, member, SeatEvent.SOCKET_LOST, now) + show_knocks(room)


def page_closed(room: Room, member: Member, now: float) -> Changes:
    """Its owner leaves, unless the page joins again at once. The socket may close much later."""
    changes: Changes = []
    if member.connection_id is not None:
        changes += [ConnectionReleased(member.connection_id)]
        member.connection_id = None
    return changes + apply_seat_event(room, member, SeatEvent.PAGE_CLOSED, now)


def remove_member(room: Room, member: Member, reason: LeftReason, now: float) -> Changes:
    """The seat is given up even if the store fails. An orphaned record is deleted later, or comes back as
    a held seat after a restart and times out."""
    changes: Changes = []
    if reason in _REASON_FOR_THE_MEMBER:
        changes += room.send(member, Removed(reason=_REASON_FOR_THE_MEMBER[reason]))
    if member.connection_id is not None:
        changes += [ConnectionReleased(member.connection_id)]
        member.connection_id = None
    del room.members[member.id]
    if room.info.is_locked and member.is_person and reason is not LeftReason.REMOVED:
        let_return(room, member.user.id, now)
    if room.dominant == member.id:
        room.dominant = None
    if member.role.is_counted and not room.people:
        room.empty_since = now
    changes += [
        SeatEnded(member.id),
        CloseMedia(member.id),
        room.broadcast(ParticipantLeft(participant_id=member.id, reason=reason)),
    ]
    changes += reassign_slots(room)
    return [*changes, ListingChanged(), *settle_host(room, now), *show_knocks(room), Dirty(member.id)]


def expired_seats(room: Room, now: float) -> Sequence[Member]:
    """Members whose seat is to be given up."""
    return [m for m in room.members.values() if m.deadline is not None and now >= m.deadline]


def apply_seat_event(room: Room, member: Member, event: SeatEvent, now: float) -> Changes:
    """Apply the table of seat states."""
    before = member.view()
    _move(room, member, event, now)
    if member.view() == before:
        return []
    return [room.updated(member)]


def _move(room: Room, member: Member, event: SeatEvent, now: float) -> None:
    member.deadline = next_deadline(member.state, event, member.deadline, now, room.grace)
    member.state = next_state(member.state, event)
    if member.state is not SeatState.CONNECTED:
        member.is_speaking = False


def _next_number(room: Room) -> int:
    """A free publisher number. Recently freed ones come last: packets under way still carry them."""
    taken = {m.record.number for m in room.members.values()}
    return next(n for n in _numbers(room) if n not in taken)


def _numbers(room: Room) -> Iterator[int]:
    for step in range(_NUMBERS):
        yield (room.last_number + step) % _NUMBERS + 1


def _joined_at(room: Room, wall_now: float) -> float:
    """Later than those of all who are in the room, also after the wall clock was set back: the order of
    these times is the order in which people joined."""
    return max([wall_now, *(m.record.joined_at + 0.001 for m in room.members.values())])


def _new_member(room: Room, record: SeatRecord, user: User) -> Member:
    heard = user.id not in room.info.opted_out
    return Member(record, user, empty_slots(room.slot_count), heard=heard)


def _add_member(room: Room, member: Member) -> None:
    room.members[member.id] = member
    room.last_number = member.record.number
    if member.role.is_counted:
        room.empty_since = None
    if member.user.id == room.info.host_id:
        room.host_expected_until = 0.0
