"""What a room shows of its tutor."""

from __future__ import annotations

from server.protocol.rooms import RoomUpdated
from server.protocol.tutor import TutorState, TutorStatus
from server.rooms.model import TutorReport, settings_for
from server.rooms.tutor_state import set_tutor_report, set_tutor_state
from tests.fakes.room_alone import a_room, join, sent


def test_a_new_status_of_the_tutor_clears_its_activity() -> None:
    room = a_room(tutor=settings_for("en", "B1", ""))
    join(room, "ann")
    assert set_tutor_state(room, TutorState.SPEAKING)
    assert set_tutor_state(room, TutorState.SPEAKING) == []
    changes = set_tutor_report(room, TutorReport(TutorStatus.LOST))
    assert sent(changes, RoomUpdated) == [("c-ann",)]
    assert room.tutor_state is TutorState.IDLE
