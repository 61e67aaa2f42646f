"""Rooms that change the server, on virtual time: those of ended servers, and those that were lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.errors import RoomElsewhere, TooManyHosted, Unavailable
from server.protocol.door import Knock
from server.protocol.rooms import ClosedReason, RoomClosed
from server.rooms.membership import Joiner
from tests.fakes.rooms_world import World


async def keep(world: World) -> None:
    await world.rooms.upkeep.keep_ownership()
    await world.pass_time(0.2)


def move(world: World, room: str) -> None:
    """A second server, which is alive, has the room now."""
    world.store.owners[room] = "two"
    world.store.others.add("two")


async def test_a_room_that_another_server_took_ends_here_and_stays_stored() -> None:
    async with World() as world:
        room = await world.room("ann")
        ann = await world.seat("c1", "ann", room)
        move(world, room)
        await keep(world)
        assert [e.reason for e in world.sink.of("c1", RoomClosed)] == [ClosedReason.MOVED]
        assert world.open_rooms.find(room) is None
        assert ann not in world.media.peers
        assert room in world.store.rooms
        assert (room, ann) in world.store.seats


async def test_the_first_refused_write_gives_the_room_up_at_the_next_tick() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        move(world, room)
        with pytest.raises(RoomElsewhere):
            await world.act("c1", "set_locked", locked=True)
        await world.pass_time(0.2)
        assert world.open_rooms.find(room) is None
        assert not world.store.rooms[room].is_locked


async def test_a_host_who_closes_a_room_that_another_server_took_is_led_there() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        move(world, room)
        with pytest.raises(RoomElsewhere):
            await world.act("c1", "close_room")
        assert [e.reason for e in world.sink.of("c1", RoomClosed)] == [ClosedReason.MOVED]
        assert room in world.store.rooms


async def test_a_host_can_close_a_room_while_the_store_fails() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        world.store.is_down = True
        await world.act("c1", "close_room")
        assert [e.reason for e in world.sink.of("c1", RoomClosed)] == [ClosedReason.CLOSED_BY_HOST]
        world.store.is_down = False
        await world.pass_time(60)
        assert room not in world.store.rooms


async def test_rooms_of_an_ended_server_are_opened_with_their_seats_held() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        move(world, room)
        await keep(world)
        await keep(world)
        assert world.open_rooms.find(room) is None
        world.store.others.clear()
        await keep(world)
        assert world.member(room, "ann").connection.value == "disconnected"
        await world.join("c2", "ben", room)
        await keep(world)
        assert {p.user_id for p in world.view(room).participants} == {"ann", "ben"}


async def test_a_room_of_another_server_is_refused_with_a_code_of_its_own() -> None:
    async with World() as world:
        world.user("ann")
        move(world, "r2")
        with pytest.raises(RoomElsewhere):
            await world.join("c1", "ann", "r2")
        with pytest.raises(RoomElsewhere):
            await world.rooms.door.knock(Joiner("c1", "ann"), Knock(room_id="r2"))
        with pytest.raises(RoomElsewhere):
            await world.rooms.directory.require_here("r2")
        with pytest.raises(RoomElsewhere):
            await world.rooms.tutor.dismiss("ann", "r2")


async def test_a_store_that_fails_costs_no_room() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        world.store.is_down = True
        await keep(world)
        assert world.open_rooms.find(room) is not None


async def test_one_room_of_an_ended_server_is_taken_over_with_its_seats_held() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        move(world, room)
        await keep(world)
        assert world.open_rooms.find(room) is None
        await world.rooms.upkeep.adopt(room, 7)  # somebody has claimed it since
        assert world.open_rooms.find(room) is None
        await world.rooms.upkeep.adopt(room, 1)
        assert world.member(room, "ann").connection.value == "disconnected"
        await world.join("c2", "ben", room)
        await world.rooms.upkeep.adopt(room, 1)
        assert {p.user_id for p in world.view(room).participants} == {"ann", "ben"}


async def test_a_room_that_comes_back_before_its_loss_was_noticed_is_opened_as_it_is_stored() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        move(world, room)
        world.store.rooms[room] = replace(world.store.rooms[room], is_locked=True)
        world.store.epochs[room] = 2
        await world.rooms.upkeep.adopt(room, 2)
        opened = world.open_rooms.find(room)
        assert opened is not None
        assert opened.room.info.is_locked
        assert [e.reason for e in world.sink.of("c1", RoomClosed)] == [ClosedReason.MOVED]
        assert world.store.owners[room] == world.store.owner


async def test_a_server_that_ends_takes_no_room_over() -> None:
    async with World() as world:
        room = await world.room("ann")
        move(world, room)
        await keep(world)
        world.rooms.drain()
        with pytest.raises(Unavailable):
            await world.rooms.upkeep.adopt(room, 1)
        assert world.store.owners[room] == "two"


async def test_a_room_that_is_being_taken_over_can_be_joined_in_a_moment() -> None:
    async with World() as world:
        world.user("ann")
        world.open_rooms.opening.add("r2")
        with pytest.raises(Unavailable):
            await world.join("c1", "ann", "r2")


async def test_rooms_at_other_servers_count_to_the_maximum_of_a_person() -> None:
    async with World(max_rooms_per_user=2) as world:
        first = await world.room("ann")
        move(world, first)
        await keep(world)
        await world.room("ann")
        with pytest.raises(TooManyHosted):
            await world.room("ann")
        await world.room("ben")
