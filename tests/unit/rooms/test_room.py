"""The aggregate: what no other file of decisions has."""

from __future__ import annotations

from server.protocol.rooms import ClosedReason, RoomClosed
from server.rooms.admission import renew_invite, set_locked
from server.rooms.changes import CloseMedia, RoomEnded, Send
from server.rooms.hands import lower_hand
from server.rooms.hearing import set_heard, set_recognition
from server.rooms.speaking import set_dominant
from server.rooms.succession import set_host, settle_host
from tests.fakes.room_alone import a_room, join


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


def test_closing_ends_media_and_the_record() -> None:
    room = a_room()
    ann, _ = join(room, "ann")
    assert room.close(ClosedReason.EMPTY)[:3] == [
        Send(("c-ann",), RoomClosed(reason=ClosedReason.EMPTY)),
        CloseMedia(ann.id),
        RoomEnded(),
    ]
    assert room.is_closed
