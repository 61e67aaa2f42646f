"""Changes what a room shows of its tutor: settings, the state of its job, what it does, its class. No I/O;
changes as in `room`."""

from __future__ import annotations

from dataclasses import replace

from server.protocol.classes import ClassMove, ClassPhase
from server.protocol.rooms import ClassMoved, RoomUpdated, TutorStateChanged
from server.protocol.tutor import TutorState
from server.rooms.changes import ROOM, Changes, Dirty, ListingChanged, SetMediaMuted
from server.rooms.model import TutorReport, TutorSettings, report_without_job
from server.rooms.room import Room
from server.rooms.views import class_view


def set_tutor(room: Room, settings: TutorSettings | None) -> Changes:
    """None: the room has no tutor. The caller has stored the settings of a new tutor."""
    before, room.info = room.info.tutor, replace(room.info, tutor=settings)
    if before is None or settings is None:
        room.tutor_report, room.tutor_state = TutorReport(), TutorState.IDLE
    changes: Changes = [room.broadcast(RoomUpdated(room=room.view())), ListingChanged()]
    return changes if before is None else [*changes, Dirty(ROOM)]


def mute_tutor(room: Room, muted: bool) -> Changes:
    """Mute or unmute the tutor's seat and media; the settings are what is stored."""
    member = room.tutor_member
    if member is None or member.record.is_muted == muted:
        return []
    member.record = replace(member.record, is_muted=muted)
    member.is_speaking = False
    return [SetMediaMuted(member.id, muted, at_once=True), room.updated(member)]


def set_tutor_report(room: Room, report: TutorReport) -> Changes:
    if room.tutor_report == report:
        return []
    if report.status is not room.tutor_report.status:
        room.tutor_state = TutorState.IDLE
    room.tutor_report = report
    return [room.broadcast(RoomUpdated(room=room.view())), ListingChanged()]


def set_tutor_rests(room: Room, rests: bool) -> Changes:
    """The tutor has left a silent room, or is called back. The room must have a tutor."""
    settings = room.require_tutor()
    if settings.rests == rests:
        return []
    room.info = replace(room.info, tutor=replace(settings, rests=rests))
    return [Dirty(ROOM), *set_tutor_report(room, report_without_job(room.info.tutor))]


def set_tutor_state(room: Room, state: TutorState) -> Changes:
    if room.tutor_state is state:
        return []
    room.tutor_state = state
    return [room.broadcast(TutorStateChanged(state=state))]


def move_class(room: Room, move: ClassMove) -> Changes:
    """The tutor's class is there now, or over. A move of a class that the host has ended, or replaced,
    changes nothing."""
    tutor = room.info.tutor
    taught = tutor.teaches if tutor is not None else None
    if tutor is None or taught is None or taught.id != move.class_id:
        return []
    moved = replace(taught, phase=move.phase, sentence=move.sentence, question=move.question)
    now = None if move.phase is ClassPhase.ENDED else moved
    if now == taught:
        return []
    room.info = replace(room.info, tutor=replace(tutor, teaches=now))
    return [room.broadcast(ClassMoved(teaches=class_view(now))), Dirty(ROOM)]
