from __future__ import annotations

from server.protocol.entities import Connection, ParticipantKind, RoomType
from server.rooms.model import RoomInfo, SeatRecord
from server.rooms.views import participant_view, room_view, slot_states
from tests.fakes.rooms_world import a_user

SEAT = SeatRecord(
    "p1", "r1", "ann", ParticipantKind.PERSON, 1, "", is_muted=True, joined_at=1_700_000_000.2509
)
TUTOR = SeatRecord("p2", "r1", "emma", ParticipantKind.TUTOR, 2, "", is_muted=False, joined_at=1_700_000_000)
INFO = RoomInfo("r1", "Coffee", "Food", "B1", RoomType.PUBLIC, "en", 12, ("food",), "ann", 1_700_000_000.0)


def test_times_are_utc_in_milliseconds_and_only_people_are_counted() -> None:
    people = [
        participant_view(seat, user, Connection.CONNECTED, is_speaking=True, heard_by_tutor=True)
        for seat, user in ((SEAT, a_user("ann", level="B2", country="VN")), (TUTOR, a_user("emma")))
    ]
    room = room_view(INFO, people, None).wire()
    assert room["participantCount"] == 1
    assert room["createdAt"] == "2023-11-14T22:13:20.000Z"
    ann, emma = people
    assert ann.wire()["joinedAt"] == "2023-11-14T22:13:20.250Z"
    assert ann.wire()["learningLevel"] == "B2"
    assert (ann.is_speaking, emma.is_speaking) == (False, True), "a muted participant is not shown speaking"


def test_mids_count_from_one_because_zero_is_the_microphone() -> None:
    assert [s.wire() for s in slot_states(("p1", None))] == [
        {"mid": "1", "participantId": "p1"},
        {"mid": "2", "participantId": None},
    ]
