"""A room's door: knocks are added, shown, answered, and expire. No I/O; changes as in `room`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from server.errors import RoomFull
from server.protocol.door import KnockAnswer
from server.protocol.rooms import KnockAnswered, Knocks, KnockUpdated, Removed, RemovedReason
from server.rooms.admission import is_full_for, must_knock, require_access, require_chair
from server.rooms.changes import ROOM, Changes, Dirty, KnockEnded, KnockStarted, Send
from server.rooms.knocks import Knock
from server.rooms.model import Origin, User
from server.rooms.room import Room
from server.rooms.views import knocker_views

_MAX_ADMITTED = 1_000


def knock_at(
    room: Room, user: User, invite: str | None, origin: Origin, connection_id: str, now: float
) -> tuple[Knock | None, Changes]:
    """The user's knock, or None if they need none: then they are told at once that they may join.

    Raises RemovedFromRoom, InviteInvalid, RoomLocked, RoomFull, KnockDeclined, KnockQueueFull.
    """
    require_access(room, user.id, invite, origin)
    require_chair(room, user.id, now)
    if room.seat_of(user.id) is not None or not must_knock(room, user, origin):
        return None, [Send((connection_id,), KnockAnswered(answer=KnockAnswer.ADMITTED))]
    before = room.knocks.of_user(user.id)
    replaced = before.connection_id if before is not None else None
    event = room.info.event
    is_expected = event is not None and user.id in event.reserved
    knock, in_the_way = room.knocks.add(user, origin, connection_id, now, is_expected=is_expected)
    knock.shown_position = room.knocks.position(knock)
    changes = [] if in_the_way is None else answer_knock(room, in_the_way, KnockAnswer.EXPIRED)
    if replaced not in (None, connection_id):
        elsewhere = Removed(reason=RemovedReason.JOINED_ELSEWHERE)
        changes += [Send((str(replaced),), elsewhere), KnockEnded(str(replaced))]
    return knock, [*changes, KnockStarted(connection_id), *show_knocks(room)]


def knocks_for(room: Room, user_id: str) -> Sequence[Knock]:
    """The knocks that somebody who may answer them sees."""
    return [k for k in room.knocks.waiting if not room.apart.are_apart(user_id, k.user.id)]


def can_answer_knocks(room: Room) -> bool:
    """Whether somebody who may answer knocks is connected."""
    return bool(answering_connections(room))


def withdraw_knock(room: Room, connection_id: str) -> Changes:
    knock = room.knocks.of_connection(connection_id)
    return [] if knock is None else [*drop_knock(room, knock), *show_knocks(room)]


def knocker_lost(room: Room, connection_id: str, now: float) -> Changes:
    """The connection that waits has closed: the knock is kept for a moment."""
    knock = room.knocks.of_connection(connection_id)
    if knock is not None:
        room.knocks.lost(knock, now)
    return [KnockEnded(connection_id)]


def expire_knocks(room: Room, now: float) -> Changes:
    changes = [c for k in room.knocks.expired(now) for c in answer_knock(room, k, KnockAnswer.EXPIRED)]
    return [*changes, *show_knocks(room)]


def admit(room: Room, knock: Knock) -> Changes:
    """The person need not knock again for the life of the room. Raises RoomFull."""
    if is_full_for(room, knock.user.id):
        raise RoomFull
    return let_in(room, [knock])


def let_in(room: Room, knocks: Iterable[Knock]) -> Changes:
    """These people need not knock again for the life of the room."""
    changes: Changes = []
    for knock in knocks:
        note_admitted(room, knock.user.id)
        changes += answer_knock(room, knock, KnockAnswer.ADMITTED)
    return [*changes, *show_knocks(room), Dirty(ROOM)]


def admit_invited(room: Room, user_id: str) -> Changes:
    """The user need not knock; if they are knocking already, they are let in."""
    waiting = room.knocks.of_user(user_id)
    if waiting is not None:
        return admit(room, waiting)
    note_admitted(room, user_id)
    return [Dirty(ROOM)]


def note_admitted(room: Room, *user_ids: str) -> None:
    """These users need not knock any more. The first ones of very many must again."""
    others = tuple(u for u in room.info.admitted if u not in user_ids)
    room.info = replace(room.info, admitted=(*others, *user_ids)[-_MAX_ADMITTED:])


def decline(room: Room, knock: Knock, now: float) -> Changes:
    room.knocks.decline(knock, now)
    return [*answer_knock(room, knock, KnockAnswer.DECLINED), *show_knocks(room)]


def set_knock_to_enter(room: Room, knock_to_enter: bool) -> Changes:
    """People who are in the room need not knock when they come back. Those who wait are admitted if
    knocking ends."""
    if room.info.knock_to_enter == knock_to_enter:
        return []
    room.info = replace(room.info, knock_to_enter=knock_to_enter)
    if knock_to_enter:
        note_admitted(room, *(m.user.id for m in room.people))
    free = [k for k in room.knocks.waiting if not must_knock(room, k.user, k.origin)]
    changes = [c for k in free for c in answer_knock(room, k, KnockAnswer.ADMITTED)]
    return [*room.changed(), *changes, *show_knocks(room)]


def answer_knock(room: Room, knock: Knock, answer: KnockAnswer) -> Changes:
    to = (knock.connection_id,) if knock.connection_id is not None else ()
    return [Send(to, KnockAnswered(answer=answer)), *drop_knock(room, knock)]


def drop_knock(room: Room, knock: Knock) -> Changes:
    room.knocks.drop(knock)
    return [KnockEnded(knock.connection_id)] if knock.connection_id is not None else []


def answering_connections(room: Room) -> tuple[str, ...]:
    """Connections of the host and co-hosts."""
    leading = (m.connection_id for m in room.people if room.is_leading(m.user.id))
    return tuple(connection_id for connection_id in leading if connection_id is not None)


def show_knocks(room: Room) -> Changes:
    """Notify those who may answer of who waits, and those who wait of whether anybody may answer, where
    it changed."""
    answering, waiting = answering_connections(room), room.knocks.waiting
    before, shown = room.shown_knocks
    ids = tuple(k.id for k in waiting)
    room.shown_knocks = (answering, ids)
    changes: Changes = []
    former = tuple(m.connection_id for m in room.people if m.connection_id in set(before) - set(answering))
    if shown and former:
        changes += [Send(tuple(str(c) for c in former), Knocks(knocks=[]))]
    told = tuple(c for c in answering if (ids != shown if c in before else bool(ids)))
    if told:
        changes += [Send(told, Knocks(knocks=knocker_views(waiting)))]
    return changes + _show_queue(
        room, can_be_answered=bool(answering), to_all=bool(answering) != bool(before)
    )


def _show_queue(room: Room, *, can_be_answered: bool, to_all: bool) -> Changes:
    """Notify those who wait of their place in the queue, where it changed."""
    changes: Changes = []
    for position, knock in enumerate(room.knocks.waiting, 1):
        if knock.connection_id is not None and (to_all or knock.shown_position != position):
            event = KnockUpdated(can_be_answered=can_be_answered, position=position)
            changes.append(Send((knock.connection_id,), event))
        knock.shown_position = position
    return changes
