"""`hearing.py` decides which people hear each other."""

from __future__ import annotations

from server.protocol.entities import ParticipantKind
from server.rooms.admission import set_locked
from server.rooms.changes import ROOM, AssignSlots, dirty_records
from server.rooms.hearing import opt_out, set_heard
from server.rooms.model import UNKNOWN_ORIGIN, settings_for
from tests.fakes.room_alone import a_room, join


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


def test_the_list_of_opt_outs_is_bounded_and_keeps_the_newest() -> None:
    room = a_room()
    for n in range(1_005):
        assert dirty_records(opt_out(room, f"u{n}")) == [ROOM]
    opt_out(room, "u500")
    assert len(room.info.opted_out) == 1_000
    assert room.info.opted_out[-2:] == ("u1004", "u500")
