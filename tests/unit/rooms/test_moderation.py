from __future__ import annotations

import pytest

from server.errors import (
    Conflict,
    InviteInvalid,
    NotHost,
    NotJoined,
    ParticipantNotFound,
    RemovedFromRoom,
    RoomNotFound,
)
from server.protocol.entities import RoomType
from server.protocol.rooms import (
    ClosedReason,
    LeftReason,
    ParticipantLeft,
    Removed,
    RemovedReason,
    RoomClosed,
    RoomUpdated,
)
from tests.fakes.rooms_world import World


async def test_only_the_host_moderates() -> None:
    async with World() as world:
        room = await world.room("ann")
        ann = await world.seat("c1", "ann", room)
        await world.seat("c2", "ben", room)
        for attempt in (
            world.act("c2", "mute_participant", participant_id=ann),
            world.act("c2", "remove_participant", participant_id=ann),
            world.act("c2", "transfer_host", participant_id=ann),
            world.act("c2", "set_locked", locked=True),
            world.act("c2", "close_room"),
            world.act("c2", "get_invite"),
            world.act("c2", "renew_invite"),
        ):
            with pytest.raises(NotHost):
                await attempt
        with pytest.raises(NotJoined):
            await world.act("c9", "close_room")


async def test_a_removed_person_is_notified_and_stays_out_even_after_a_restart() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        ben = await world.join("c2", "ben", room)
        await world.act("c1", "remove_participant", participant_id=ben.participant_id)
        assert world.sink.of("c2", Removed) == [Removed(reason=RemovedReason.REMOVED_BY_HOST)]
        assert world.sink.of("c1", ParticipantLeft)[-1].reason is LeftReason.REMOVED
        assert ben.participant_id not in world.media.peers
        await world.restart()
        with pytest.raises(RemovedFromRoom):
            await world.join("c3", "ben", room, resume_token=ben.resume_token)
        with pytest.raises(RemovedFromRoom):
            world.rooms.directory.get_room(room, "ben")


async def test_the_host_makes_another_person_host() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        ben = await world.seat("c2", "ben", room)
        await world.act("c1", "transfer_host", participant_id=ben)
        assert world.sink.of("c2", RoomUpdated)[-1].room.host_id == "ben"
        assert world.store.rooms[room].host_id == "ben"
        with pytest.raises(NotHost):
            await world.act("c1", "set_locked", locked=True)


async def test_an_unknown_target_is_an_error() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        with pytest.raises(ParticipantNotFound):
            await world.act("c1", "mute_participant", participant_id="nobody")


async def test_closing_ends_the_room_for_everyone() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        await world.seat("c2", "ben", room)
        await world.act("c1", "close_room")
        assert world.sink.of("c2", RoomClosed) == [RoomClosed(reason=ClosedReason.CLOSED_BY_HOST)]
        assert (world.media.peers, world.store.rooms, world.store.seats) == ({}, {}, {})
        with pytest.raises(RoomNotFound):
            await world.join("c3", "cat", room)
        with pytest.raises(NotJoined):
            await world.act("c2", "set_hand", raised=True)
        assert world.lobby.names()[-1] == "room_removed"


async def test_a_renewed_invite_replaces_the_old_one() -> None:
    async with World() as world:
        created = await world.create("ann", type=RoomType.PRIVATE)
        room = created.id
        await world.seat("c1", "ann", room)
        new = await world.act("c1", "renew_invite")
        assert new.invite != created.invite
        assert (await world.act("c1", "get_invite")).invite == new.invite
        assert world.store.rooms[room].invite == new.invite
        with pytest.raises(InviteInvalid):
            await world.join("c2", "ben", room, invite=created.invite)
        await world.join("c2", "ben", room, invite=new.invite)


async def test_a_public_room_has_no_invite() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        assert (await world.act("c1", "renew_invite")).invite is None


async def test_the_host_cannot_lock_themselves_out() -> None:
    async with World() as world:
        room = await world.room("ann")
        ann = await world.seat("c1", "ann", room)
        with pytest.raises(Conflict):
            await world.act("c1", "remove_participant", participant_id=ann)
        assert world.member(room, "ann").id == ann
