"""Bans, as `banning.py` decides."""

from __future__ import annotations

import pytest

from server.errors import Conflict
from server.protocol.rooms import Removed, RemovedReason
from server.rooms.banning import ban_member
from server.rooms.changes import ROOM, Send, dirty_records
from tests.fakes.room_alone import a_room, join


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
