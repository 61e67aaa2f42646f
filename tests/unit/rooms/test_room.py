"""The aggregate alone: what a room decides, without store, loop or fakes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.errors import Conflict, InviteInvalid, NoTutor, RemovedFromRoom, RoomFull, RoomLocked
from server.protocol.entities import Connection, ParticipantKind, RoomType
from server.protocol.rest import Admission
from server.protocol.rooms import (
    ClosedReason,
    LeftReason,
    ParticipantJoined,
    ParticipantLeft,
    ParticipantUpdated,
    Removed,
    RemovedReason,
    RoomClosed,
    RoomUpdated,
    SeqEvent,
)
from server.protocol.tutor import TutorState, TutorStatus
from server.rooms.admission import admission, renew_invite, set_locked
from server.rooms.banning import ban_member
from server.rooms.changes import (
    ROOM,
    AssignSlots,
    Changes,
    CloseMedia,
    ConnectionReleased,
    ListingChanged,
    RoomEnded,
    SeatEnded,
    SeatTaken,
    Send,
    SetMediaMuted,
    dirty_records,
)
from server.rooms.hands import lower_hand
from server.rooms.hearing import opt_out, set_heard, set_recognition
from server.rooms.members import Member
from server.rooms.model import (
    UNKNOWN_ORIGIN,
    Ban,
    RoomInfo,
    SeatRecord,
    StoredRoom,
    TutorReport,
    settings_for,
)
from server.rooms.room import Room
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
from server.rooms.speaking import mute, set_dominant, set_speaking, unmute
from server.rooms.succession import needs_host, set_host, settle_host
from server.rooms.tutor_state import set_tutor_report, set_tutor_state
from tests.fakes.rooms_world import a_user

INFO = RoomInfo("r", "Coffee", "", "B1", RoomType.PUBLIC, "en", 3, (), "ann", 0.0)
GRACE = 30.0


def a_room(**fields: object) -> Room:
    return Room.opened(replace(INFO, **fields), now=0.0, grace=GRACE)  # type: ignore[arg-type]


def join(
    room: Room, user_id: str, *, kind: ParticipantKind = ParticipantKind.PERSON, now: float = 0.0
) -> tuple[Member, Changes]:
    """Through the connection `c-USER`."""
    user = a_user(user_id)
    member = seat_for(room, user, kind, room.info.invite, None, now=now, wall_now=now)
    return member, take_seat(room, member, user, f"c-{user_id}", f"digest-{user_id}", now)


def sent(changes: Changes, kind: type[SeqEvent]) -> list[tuple[str, ...]]:
    """The connections that get each event of that kind."""
    return [c.connection_ids for c in changes if isinstance(c, Send) and type(c.event) is kind]


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


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"is_locked": True}, RoomLocked),
        ({"max_participants": 1}, RoomFull),
        ({"type": RoomType.PRIVATE, "invite": "x" * 24}, InviteInvalid),
        ({"bans": (Ban("b", "ben", "Ben", 0.0),)}, RemovedFromRoom),
    ],
)
def test_a_new_person_may_be_refused(fields: dict[str, object], error: type[Exception]) -> None:
    room = a_room(**fields)
    join(room, "ann")
    with pytest.raises(error):
        seat_for(room, a_user("ben"), ParticipantKind.PERSON, None, None, now=0.0, wall_now=0.0)


def test_the_tutor_takes_no_place_and_gets_only_the_voices_of_people_who_consent() -> None:
    room = a_room(max_participants=2, is_locked=True, tutor=settings_for("en", "B1", ""))
    ann, _ = join(room, "ann")
    set_locked(room, False)
    ben, _ = join(room, "ben")
    set_locked(room, True)
    tutor, _ = join(room, "emma", kind=ParticipantKind.TUTOR)
    assert room.people == [ann, ben]
    assert set(tutor.slots) == {ann.id, ben.id}
    changes = set_heard(room, ben, False)
    assert AssignSlots(tutor.id, (ann.id, None)) in changes
    assert ben.id in ann.slots
    assert room.peer_spec(tutor, UNKNOWN_ORIGIN).always_forwarded
    assert not room.peer_spec(ann, UNKNOWN_ORIGIN).always_forwarded


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


def test_a_ban_is_for_the_life_of_the_room_and_not_for_the_host() -> None:
    room = a_room()
    ann, _ = join(room, "ann")
    ben, _ = join(room, "ben")
    changes = ban_member(room, ben, now=1.0, wall_now=1.0)
    assert changes[0] == Send(("c-ben",), Removed(reason=RemovedReason.REMOVED_BY_HOST))
    assert set(dirty_records(changes)) == {ROOM, ben.id}
    assert [ban.user_id for ban in room.info.bans] == ["ben"]
    with pytest.raises(Conflict):
        ban_member(room, ann, now=1.0, wall_now=1.0)


def test_the_update_to_a_muted_person_names_the_host_as_the_cause() -> None:
    room = a_room()
    join(room, "ann")
    ben, _ = join(room, "ben")
    unmute(room, ben)
    changes = mute(room, ben, at_once=True, by_host=True)
    assert changes[0] == SetMediaMuted(ben.id, True, at_once=True)
    updates = [(c.connection_ids, c.event.muted_by_host) for c in changes if _is_update(c)]  # type: ignore[union-attr]
    assert updates == [(("c-ann",), False), (("c-ben",), True)]
    assert dirty_records(changes) == [ben.id]
    assert mute(room, ben) == [SetMediaMuted(ben.id, True)], "media is muted again, nobody is notified"


def test_an_action_that_changes_nothing_has_no_changes() -> None:
    room = a_room()
    ann, _ = join(room, "ann")
    for changes in (
        lower_hand(room, ann),
        set_locked(room, False),
        set_host(room, ann),
        set_recognition(ann, False),
        set_heard(room, ann, True),
        set_dominant(room, None),
        renew_invite(room, "of no use in a public room"),
        settle_host(room, 0.0),
    ):
        assert changes == []


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


def test_a_host_who_leaves_is_succeeded_by_someone_connected_and_not_by_a_held_seat() -> None:
    room = a_room()
    ann, _ = join(room, "ann")
    ben, _ = join(room, "ben")
    cat, _ = join(room, "cat")
    hold_seat(room, ben, now=7.0)
    remove_member(room, ann, LeftReason.LEFT, now=10.0)
    assert room.info.host_id == cat.user.id


def test_the_first_to_come_back_becomes_host_of_a_room_whose_host_left_while_all_seats_were_held() -> None:
    room = a_room()
    ann, _ = join(room, "ann")
    ben, _ = join(room, "ben")
    hold_seat(room, ben, now=7.0)
    remove_member(room, ann, LeftReason.LEFT, now=10.0)
    assert room.info.host_id == ann.user.id
    assert not needs_host(room, now=11.0), "nobody is there to act as host"
    take_seat(room, ben, ben.user, "c-ben-2", "digest", now=12.0)
    assert room.info.host_id == ben.user.id


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


def test_closing_ends_media_and_the_record() -> None:
    room = a_room()
    ann, _ = join(room, "ann")
    assert room.close(ClosedReason.EMPTY)[:3] == [
        Send(("c-ann",), RoomClosed(reason=ClosedReason.EMPTY)),
        CloseMedia(ann.id),
        RoomEnded(),
    ]
    assert room.is_closed


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


def test_the_list_of_opt_outs_is_bounded_and_keeps_the_newest() -> None:
    room = a_room()
    for n in range(1_005):
        assert dirty_records(opt_out(room, f"u{n}")) == [ROOM]
    opt_out(room, "u500")
    assert len(room.info.opted_out) == 1_000
    assert room.info.opted_out[-2:] == ("u1004", "u500")


def test_a_new_status_of_the_tutor_clears_its_activity() -> None:
    room = a_room(tutor=settings_for("en", "B1", ""))
    join(room, "ann")
    assert set_tutor_state(room, TutorState.SPEAKING)
    assert set_tutor_state(room, TutorState.SPEAKING) == []
    changes = set_tutor_report(room, TutorReport(TutorStatus.LOST))
    assert sent(changes, RoomUpdated) == [("c-ann",)]
    assert room.tutor_state is TutorState.IDLE


def _is_update(change: object) -> bool:
    return isinstance(change, Send) and isinstance(change.event, ParticipantUpdated)


def test_somebody_who_left_a_locked_room_may_return_for_ten_minutes() -> None:
    room = a_room(host_id="ann")
    join(room, "ann")
    ben, _ = join(room, "ben")
    set_locked(room, True)
    remove_member(room, ben, LeftReason.LEFT, 100.0)
    assert admission(room, "ben", 699.0) is Admission.OPEN
    assert admission(room, "ben", 700.0) is Admission.LOCKED
    assert admission(room, "cat", 100.0) is Admission.LOCKED
    again, _ = join(room, "ben", now=699.0)
    assert room.has(again)


def test_a_lock_holds_for_those_who_had_left_before_it_and_for_the_removed() -> None:
    room = a_room(host_id="ann")
    join(room, "ann")
    (ben, _), (cat, _) = join(room, "ben"), join(room, "cat")
    remove_member(room, ben, LeftReason.LEFT, 1.0)
    set_locked(room, True)
    assert admission(room, "ben", 2.0) is Admission.LOCKED
    remove_member(room, cat, LeftReason.REMOVED, 2.0)
    assert admission(room, "cat", 3.0) is Admission.LOCKED


def test_a_new_lock_forgets_who_left_under_the_old_one() -> None:
    room = a_room(host_id="ann")
    join(room, "ann")
    ben, _ = join(room, "ben")
    set_locked(room, True)
    remove_member(room, ben, LeftReason.TIMED_OUT, 1.0)
    set_locked(room, False)
    set_locked(room, True)
    assert admission(room, "ben", 2.0) is Admission.LOCKED


def test_somebody_who_may_return_to_a_locked_room_needs_a_free_place() -> None:
    room = a_room(host_id="ann", max_participants=2)
    join(room, "ann")
    ben, _ = join(room, "ben")
    set_locked(room, True)
    remove_member(room, ben, LeftReason.LEFT, 1.0)
    room.info = replace(room.info, host_id="dan")
    join(room, "dan")
    assert admission(room, "ben", 2.0) is Admission.FULL
