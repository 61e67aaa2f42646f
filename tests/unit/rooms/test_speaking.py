"""Mute, as `speaking.py` decides."""

from __future__ import annotations

from server.protocol.rooms import ParticipantUpdated
from server.rooms.changes import Send, SetMediaMuted, dirty_records
from server.rooms.speaking import mute, unmute
from tests.fakes.room_alone import a_room, join


def _is_update(change: object) -> bool:
    return isinstance(change, Send) and isinstance(change.event, ParticipantUpdated)


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
