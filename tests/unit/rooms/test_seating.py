"""Seats as `seating.py` decides about them: taken, held, given up and restored."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.errors import NoTutor
from server.protocol.entities import Connection, ParticipantKind
from server.protocol.rooms import (
    LeftReason,
    ParticipantJoined,
    ParticipantLeft,
    ParticipantUpdated,
    Removed,
    RemovedReason,
    RoomUpdated,
)
from server.rooms.changes import (
    ROOM,
    AssignSlots,
    CloseMedia,
    ConnectionReleased,
    ListingChanged,
    SeatEnded,
    SeatTaken,
    Send,
    dirty_records,
)
from server.rooms.model import SeatRecord, StoredRoom
from server.rooms.seat_states import SeatEvent, SeatState
from server.rooms.seating import (
    apply_seat_event,
    expired_seats,
    hold_seat,
    remove_member,
    restored_room,
    seat_for,
    take_seat,
)
from server.rooms.speaking import set_speaking, unmute
from server.rooms.succession import settle_host
from tests.fakes.room_alone import GRACE, INFO, a_room, join, sent
from tests.fakes.rooms_world import a_user


def test_a_join_is_announced_to_the_others_and_assigns_slots_both_ways() -> None:
    room = a_room()
    ann, _ = join(room, "ann")
    ben, changes = join(room, "ben")
    assert sent(changes, ParticipantJoined) == [("c-ann",)]
    assert SeatTaken(ben.id, "c-ben") in changes
    assert AssignSlots(ann.id, (ben.id, None, None)) in changes
    assert changes[-2:] == [AssignSlots(ben.id, (ann.id, None, None)), ListingChanged()]
    assert dirty_records(changes) == [], "the caller has stored the seat before"


def test_a_seat_with_media_starts_muted_and_connecting_one_without_is_connected() -> None:
    room = a_room()
    ann, _ = join(room, "ann")
    assert (ann.record.is_muted, ann.state, ann.deadline) == (True, SeatState.CONNECTING, GRACE)
    user = a_user("ben")
    ben = seat_for(room, user, ParticipantKind.PERSON, None, None, now=0.0, wall_now=0.0)
    changes = take_seat(room, ben, user, "c-ben", "digest", now=0.0, has_media=False)
    assert (ben.state, ben.deadline) == (SeatState.CONNECTED, None)
    (joined,) = [c.event for c in changes if isinstance(c, Send) and isinstance(c.event, ParticipantJoined)]
    assert joined.participant.connection is Connection.CONNECTED


def test_a_newer_connection_takes_the_seat_from_the_older() -> None:
    room = a_room()
    ann, _ = join(room, "ann")
    assert seat_for(room, ann.user, ParticipantKind.PERSON, None, None, now=1.0, wall_now=1.0) is ann
    changes = take_seat(room, ann, ann.user, "c-new", "digest", now=1.0)
    assert changes[:2] == [
        Send(("c-ann",), Removed(reason=RemovedReason.JOINED_ELSEWHERE)),
        ConnectionReleased("c-ann"),
    ]
    assert ann.connection_id == "c-new"


def test_a_room_without_a_tutor_gives_it_no_seat() -> None:
    with pytest.raises(NoTutor):
        join(a_room(), "emma", kind=ParticipantKind.TUTOR)


def test_removing_frees_slot_and_connection_and_gives_the_room_a_new_host() -> None:
    room = a_room()
    ann, _ = join(room, "ann")
    ben, _ = join(room, "ben")
    changes = remove_member(room, ann, LeftReason.LEFT, now=5.0)
    assert changes[:3] == [ConnectionReleased("c-ann"), SeatEnded(ann.id), CloseMedia(ann.id)]
    assert sent(changes, ParticipantLeft) == sent(changes, RoomUpdated) == [("c-ben",)]
    assert AssignSlots(ben.id, (None, None, None)) in changes
    assert room.info.host_id == "ben"
    assert dirty_records(changes) == [ROOM, ann.id]
    assert remove_member(room, ben, LeftReason.LEFT, now=9.0)
    assert (room.empty_since, room.info.host_id) == (9.0, "ben")


def test_a_held_seat_expires_after_the_grace_period_and_its_owner_stays_host_until_then() -> None:
    room = a_room()
    ann, _ = join(room, "ann")
    join(room, "ben")
    changes = hold_seat(room, ann, now=10.0)
    assert changes[0] == ConnectionReleased("c-ann")
    assert sent(changes, ParticipantUpdated) == [("c-ben",)]
    assert ann not in expired_seats(room, now=39.9)
    assert settle_host(room, now=39.9) == []
    assert ann in expired_seats(room, now=40.0)


def test_a_member_is_shown_disconnected_while_its_media_is_silent() -> None:
    room = a_room()
    ann, _ = join(room, "ann")
    apply_seat_event(room, ann, SeatEvent.MEDIA_UP, now=1.0)
    unmute(room, ann)
    set_speaking(room, ann, True, -20)
    changes = apply_seat_event(room, ann, SeatEvent.MEDIA_SILENT, now=2.0)
    assert sent(changes, ParticipantUpdated) == [("c-ann",)]
    assert (ann.view().connection, ann.is_speaking) == (Connection.DISCONNECTED, False)
    assert apply_seat_event(room, ann, SeatEvent.MEDIA_SILENT, now=3.0) == []


def test_a_restored_room_holds_the_seats_of_people_and_names_the_orphaned_ones() -> None:
    records = [
        SeatRecord("s2", "r", "ben", ParticipantKind.PERSON, 2, "", is_muted=False, joined_at=2.0),
        SeatRecord("s1", "r", "ann", ParticipantKind.PERSON, 1, "", is_muted=True, joined_at=1.0),
        SeatRecord("s3", "r", "gone", ParticipantKind.PERSON, 3, "", is_muted=True, joined_at=3.0),
        SeatRecord("s4", "r", "ann", ParticipantKind.TUTOR, 4, "", is_muted=False, joined_at=4.0),
    ]
    info = replace(INFO, opted_out=("ben",))
    room, orphaned = restored_room(
        StoredRoom(info, records, [a_user("ann"), a_user("ben")]), now=100.0, grace=GRACE
    )
    assert list(room.members) == ["s1", "s2"]
    assert orphaned == ["s3", "s4"]
    assert {m.deadline for m in room.people} == {130.0}
    assert [m.heard for m in room.people] == [True, False]
    assert room.members["s1"].slots[0] == "s2"
