"""Changes made while the store failed are stored later; records whose write timed out are written again."""

from __future__ import annotations

import asyncio

import pytest

from server.errors import NotJoined, ParlorError, RemovedFromRoom, Unavailable
from server.protocol.entities import Connection, RoomType
from server.protocol.tutor import InviteTutor
from server.rooms.ports import RoomsSettings
from server.signalling import SignallingOptions
from tests.fakes.rooms_world import World


async def _store_recovers_and_the_server_crashes(world: World) -> None:
    world.store.is_down = world.store.loses_replies = False
    await world.pass_time(11)
    await world.crash()


async def test_a_ban_that_could_not_be_stored_holds_after_a_crash() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        ben = await world.seat("c2", "ben", room)
        world.store.is_down = True
        with pytest.raises(Unavailable):
            await world.act("c1", "remove_participant", participant_id=ben)
        await _store_recovers_and_the_server_crashes(world)
        with pytest.raises(RemovedFromRoom):
            await world.join("c3", "ben", room)


async def test_a_lock_that_could_not_be_stored_holds_after_a_crash() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        world.store.is_down = True
        with pytest.raises(Unavailable):
            await world.act("c1", "set_locked", locked=True)
        assert world.view(room).is_locked
        await _store_recovers_and_the_server_crashes(world)
        assert world.view(room).is_locked


async def test_a_host_change_that_could_not_be_stored_holds_after_a_crash() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        ben = await world.seat("c2", "ben", room)
        world.store.is_down = True
        with pytest.raises(Unavailable):
            await world.act("c1", "transfer_host", participant_id=ben)
        await _store_recovers_and_the_server_crashes(world)
        assert world.view(room).host_id == "ben"


async def test_a_succession_that_could_not_be_stored_holds_after_a_crash() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        await world.seat("c2", "ben", room)
        world.store.is_down = True
        await world.act("c1", "leave")
        await _store_recovers_and_the_server_crashes(world)
        assert world.view(room).host_id == "ben"


async def test_an_invite_whose_write_failed_is_the_valid_one_after_a_crash() -> None:
    async with World() as world:
        created = await world.create("ann", type=RoomType.PRIVATE)
        room = created.id
        await world.seat("c1", "ann", room)
        world.store.is_down = True
        with pytest.raises(Unavailable):
            await world.act("c1", "renew_invite")
        renewed = await world.act("c1", "get_invite")
        assert renewed.invite != created.invite
        await _store_recovers_and_the_server_crashes(world)
        await world.join("c2", "ben", room, invite=renewed.invite)


async def test_a_room_closed_while_the_store_is_down_is_not_restored() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        world.store.is_down = True
        await world.act("c1", "close_room")
        await _store_recovers_and_the_server_crashes(world)
        with pytest.raises(ParlorError):
            world.view(room)
        assert (world.store.rooms, world.store.seats) == ({}, {})


async def test_a_room_closed_while_the_store_is_down_is_deleted_when_the_server_stops() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        world.store.is_down = True
        await world.act("c1", "close_room")
        world.store.is_down = False
        await world.restart()
        assert world.store.rooms == {}


async def test_a_room_whose_deletion_is_under_way_when_the_server_stops_does_not_come_back() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        world.store.gates[room] = asyncio.Event()
        closing = asyncio.create_task(world.act("c1", "close_room"))
        await world.settle()
        world.store.gates.clear()
        await world.restart()
        await asyncio.wait([closing])
        assert world.store.rooms == {}


async def test_the_deletion_of_a_room_is_retried_at_most_every_ten_seconds() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        world.store.is_down = True
        await world.act("c1", "close_room")
        asked = world.store.asked
        for _ in range(295):
            await world.pass_time(0.2)
        assert 5 <= world.store.asked - asked <= 6


# The write took effect, but its reply was lost


async def test_consent_whose_write_timed_out_but_took_effect_is_not_given_after_a_crash() -> None:
    async with World(store_timeout_s=0.01) as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        await world.seat("c2", "ben", room)
        await world.rooms.tutor.invite("ann", room, InviteTutor())
        await world.act("c2", "set_heard", heard=False)
        world.store.loses_replies = True
        with pytest.raises(Unavailable):
            await world.act("c2", "set_heard", heard=True)
        assert not world.member(room, "ben").heard_by_tutor
        await _store_recovers_and_the_server_crashes(world)
        assert not world.member(room, "ben").heard_by_tutor


async def test_an_unmute_whose_write_timed_out_but_took_effect_does_not_hold_after_a_crash() -> None:
    async with World(store_timeout_s=0.01) as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        world.store.loses_replies = True
        with pytest.raises(Unavailable):
            await world.act("c1", "set_muted", muted=False)
        await _store_recovers_and_the_server_crashes(world)
        assert world.member(room, "ann").is_muted


async def test_a_tutor_whose_invitation_timed_out_is_not_there_after_a_crash() -> None:
    async with World(store_timeout_s=0.01) as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        world.store.loses_replies = True
        with pytest.raises(Unavailable):
            await world.rooms.tutor.invite("ann", room, InviteTutor())
        await _store_recovers_and_the_server_crashes(world)
        assert world.view(room).tutor is None


async def test_a_seat_whose_first_write_timed_out_is_not_there_after_a_crash() -> None:
    async with World(store_timeout_s=0.01) as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        world.store.loses_replies = True
        with pytest.raises(Unavailable):
            await world.join("c2", "ben", room)
        await _store_recovers_and_the_server_crashes(world)
        assert [p.user_id for p in world.view(room).participants] == ["ann"]


async def test_a_resume_token_stays_valid_if_the_write_of_its_successor_timed_out() -> None:
    async with World(store_timeout_s=0.01) as world:
        room = await world.room("ann", max_participants=2)
        joined = await world.join("c1", "ann", room)
        world.store.loses_replies = True
        with pytest.raises(Unavailable):
            await world.join("c2", "ann", room, resume_token=joined.resume_token)
        digest = world.stored_seat(joined.participant_id).resume_digest
        await _store_recovers_and_the_server_crashes(world)
        assert world.stored_seat(joined.participant_id).resume_digest != digest


async def test_a_room_whose_creation_timed_out_is_not_there_after_a_crash() -> None:
    async with World(store_timeout_s=0.01) as world:
        world.store.loses_replies = True
        with pytest.raises(Unavailable):
            await world.room("ann")
        assert len(world.store.rooms) == 1
        await _store_recovers_and_the_server_crashes(world)
        assert world.store.rooms == {}


async def test_one_record_that_the_store_refuses_does_not_keep_the_others_from_it() -> None:
    async with World() as world:
        room = await world.room("ann")
        ann = await world.seat("c1", "ann", room)
        ben = await world.seat("c2", "ben", room)
        world.store.refused = {ann}
        with pytest.raises(Unavailable):
            await world.act("c1", "set_hand", raised=True)
        world.store.is_down = True
        with pytest.raises(Unavailable):
            await world.act("c2", "set_hand", raised=True)
        world.store.is_down = False
        for _ in range(2):
            await world.pass_time(11)
        assert world.stored_seat(ben).hand_raised


async def test_a_busy_room_retries_writes_that_failed() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        world.store.is_down = True
        with pytest.raises(Unavailable):
            await world.act("c1", "set_locked", locked=True)
        world.store.is_down = False
        for raised in (True, False, True):
            await world.pass_time(4)
            await world.act("c1", "set_hand", raised=raised)
        assert world.store.rooms[room].is_locked


async def test_a_restored_room_has_nothing_to_retry() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        await world.restart()
        assert not world.persistence.is_due(world.open_rooms.get(room).room, world.now + 60)


# A join outlives its caller


@pytest.mark.parametrize("how", ["too slow", "caller gone"])
async def test_a_join_that_its_caller_no_longer_waits_for_never_becomes_visible(how: str) -> None:
    async with World(join_timeout_s=0.05 if how == "too slow" else 60, store_timeout_s=60) as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        world.sink.forget()
        gate = world.store.gates[room] = asyncio.Event()
        joining = asyncio.create_task(world.join("c2", "ben", room))
        if how == "caller gone":
            await _until_opened(world, 2)
            joining.cancel()
        await asyncio.wait([joining], timeout=2)
        assert joining.done()
        gate.set()
        await world.settle()
        if how == "too slow":
            assert isinstance(joining.exception(), Unavailable)
        assert world.sink.events["c1"] == []
        assert "c2" not in world.sink.marked
        assert [p.user_id for p in world.view(room).participants] == ["ann"]
        assert len(world.media.peers) == len(world.store.seats) == 1
        await world.join("c2", "ben", room)


def test_a_join_ends_before_the_handler_that_calls_it() -> None:
    assert RoomsSettings().join_timeout_s < SignallingOptions().handler_timeout_s


async def test_a_join_that_waits_too_long_for_its_turn_does_not_begin() -> None:
    async with World(join_timeout_s=0.05) as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        gate = world.store.gates[room] = asyncio.Event()
        ahead = asyncio.create_task(world.act("c1", "set_hand", raised=True))
        with pytest.raises(Unavailable):
            await world.join("c2", "ben", room)
        gate.set()
        await ahead
        await world.settle()
        assert world.view(room).participant_count == 1


async def test_a_seat_whose_rejoin_is_too_slow_keeps_its_connection_and_token() -> None:
    async with World(join_timeout_s=0.05) as world:
        room = await world.room("ann")
        joined = await world.join("c1", "ann", room)
        gate = world.store.gates[room] = asyncio.Event()
        with pytest.raises(Unavailable):
            await world.join("c2", "ann", room)
        gate.set()
        await world.settle()
        await world.act("c1", "sync")
        await world.join("c3", "ann", room, resume_token=joined.resume_token)


async def test_a_seat_whose_caller_is_cancelled_between_seat_and_ack_is_held() -> None:
    async with World() as world:
        room = await world.room("ann")
        world.user("ben")
        joining = asyncio.create_task(world.join("c2", "ben", room))
        async with asyncio.timeout(5):
            while world.view(room).participant_count == 0:  # noqa: ASYNC110 - there is no event at this moment
                await asyncio.sleep(0)
        joining.cancel()
        await asyncio.wait([joining])
        await world.settle()
        assert joining.cancelled()
        assert world.member(room, "ben").connection is Connection.DISCONNECTED
        with pytest.raises(NotJoined):
            await world.act("c2", "sync")
        await world.join("c2", "ben", room)


async def test_a_connection_that_gave_up_a_join_and_joined_elsewhere_stays_there() -> None:
    async with World() as world:
        slow, other = await world.room("ann"), await world.room("ann")
        gate = world.store.gates[slow] = asyncio.Event()
        joining = asyncio.create_task(world.join("c2", "ben", slow))
        await _until_opened(world, 1)
        joining.cancel()
        await asyncio.wait([joining])
        await world.join("c2", "ben", other)
        gate.set()
        await world.settle()
        assert world.rooms.place_of("c2")["room_id"] == other
        assert world.view(slow).participant_count == 0


async def _until_opened(world: World, count: int) -> None:
    async with asyncio.timeout(5):
        while len(world.media.peers) < count:  # noqa: ASYNC110 - a double that counts calls has no event
            await asyncio.sleep(0)
