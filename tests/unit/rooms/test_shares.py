"""Rooms and tutors of one address and one account."""

from __future__ import annotations

import pytest

from server.errors import TooManyRoomsFromNetwork, TooManyTutors, TooManyTutorsFromNetwork
from server.protocol.entities import RoomType
from server.protocol.rest import CreatedRoom
from server.protocol.rooms import Empty
from server.protocol.tutor import InviteTutor, TutorStatus
from server.rooms.model import Origin
from tests.fakes.rooms_world import World, a_draft

HERE, THERE = Origin(address="a"), Origin(address="b")


async def opened(world: World, host: str, origin: Origin, **draft: object) -> CreatedRoom:
    world.user(host)
    return await world.rooms.directory.create_room(host, a_draft(**draft), origin)


async def test_one_address_cannot_open_all_rooms_with_many_accounts() -> None:
    async with World(max_rooms_per_address=3) as world:
        for number in range(3):
            await opened(world, f"eve{number}", HERE)
        with pytest.raises(TooManyRoomsFromNetwork, match="already has 3 rooms open"):
            await opened(world, "eve3", HERE)
        await opened(world, "ann", THERE)


async def test_one_network_has_an_eighth_of_the_rooms_that_others_leave() -> None:
    async with World(max_rooms_per_address=100, max_rooms=240) as world:
        for number in range(30):
            await opened(world, f"eve{number}", Origin(address=f"a{number % 3}", network="a"))
        with pytest.raises(TooManyRoomsFromNetwork, match="already has 30 rooms open"):
            await opened(world, "eve", Origin(address="a3", network="a"))
        for number in range(26):
            await opened(world, f"ivy{number}", Origin(address=f"b{number % 3}", network="b"))
        with pytest.raises(TooManyRoomsFromNetwork, match="already has 26 rooms open"):
            await opened(world, "ivy", Origin(address="b3", network="b"))
        await opened(world, "ann", Origin(address="c", network="c"))


async def test_one_network_has_twenty_rooms_however_few_are_left() -> None:
    async with World(max_rooms_per_address=100, max_rooms=21) as world:
        for number in range(20):
            await opened(world, f"ann{number}", Origin(address="a", network="a"))
        with pytest.raises(TooManyRoomsFromNetwork):
            await opened(world, "ann", Origin(address="a", network="a"))
        await opened(world, "ben", Origin(address="b", network="b"))


async def test_a_room_that_closes_makes_room_for_another_of_its_address() -> None:
    async with World(max_rooms_per_address=1, empty_room_ttl_s=60) as world:
        await opened(world, "ann", HERE)
        await world.pass_time(61)
        await opened(world, "ann", HERE)


async def test_rooms_of_an_address_in_an_hour_are_limited_though_few_are_open() -> None:
    async with World(new_rooms_per_address=8, empty_room_ttl_s=1) as world:
        for _ in range(4):
            await opened(world, "eve", HERE)
            await world.pass_time(1)
        with pytest.raises(TooManyRoomsFromNetwork) as refused:
            await opened(world, "eve", HERE)
        assert refused.value.extra["retryAfter"] == 3_600 / 4 - 4
        await world.pass_time(3_600 / 4 - 4)
        await opened(world, "eve", HERE)


async def test_people_of_unknown_address_have_no_shared_limit() -> None:
    async with World(max_rooms_per_address=1, new_rooms_per_address=1) as world:
        for number in range(3):
            await opened(world, f"ann{number}", Origin())


async def test_an_account_at_its_limit_of_tutors_cannot_call_another() -> None:
    async with World(max_tutors_per_user=1) as world:
        first = (await opened(world, "ann", HERE, type=RoomType.AI)).id
        second = (await opened(world, "ann", HERE)).id
        await world.seat("c1", "ann", first)
        await world.pass_time(0.2)
        with pytest.raises(TooManyTutors, match="already have 1 tutors"):
            await world.rooms.tutor.invite("ann", second, InviteTutor(), HERE)
        with pytest.raises(TooManyTutors):
            await opened(world, "ann", HERE, type=RoomType.AI)


async def test_tutors_called_before_anyone_was_in_the_rooms_wait_for_their_turn() -> None:
    async with World(max_tutors_per_address=1) as world:
        rooms = [(await opened(world, who, HERE, type=RoomType.AI)).id for who in ("eve", "ivy")]
        for number, (who, room) in enumerate(zip(("eve", "ivy"), rooms, strict=True)):
            await world.seat(f"c{number}", who, room)
        await world.pass_time(0.2)
        assert [*world.tutors.specs] == rooms[:1]
        assert world.open_rooms.get(rooms[1]).room.tutor_report.status is TutorStatus.LIMITED
        with pytest.raises(TooManyTutorsFromNetwork, match="already has 1 tutors"):
            await opened(world, "joe", HERE, type=RoomType.AI)
        other = (await opened(world, "ann", THERE, type=RoomType.AI)).id
        await world.seat("c9", "ann", other)
        await world.rooms.membership.leave("c0", Empty())
        await world.pass_time(0.4)
        assert {*world.tutors.specs} == {rooms[1], other}
        assert world.open_rooms.get(rooms[1]).room.tutor_report.status is TutorStatus.STARTING


async def test_words_for_a_tutor_that_may_not_come_are_refused() -> None:
    async with World(max_tutors_per_address=1) as world:
        rooms = [(await opened(world, who, HERE, type=RoomType.AI)).id for who in ("eve", "ivy")]
        for number, (who, room) in enumerate(zip(("eve", "ivy"), rooms, strict=True)):
            await world.seat(f"c{number}", who, room)
        await world.pass_time(0.2)
        with pytest.raises(TooManyTutorsFromNetwork):
            await world.act("c1", "say", text="Hello")
        await world.act("c0", "say", text="Hello")
        assert [room for room, _ in world.tutors.inputs] == rooms[:1]


async def test_the_share_of_a_restored_tutor_is_its_hosts() -> None:
    async with World(max_tutors_per_user=1) as world:
        room = (await opened(world, "ann", HERE, type=RoomType.AI)).id
        await world.seat("c1", "ann", room)
        await world.restart()
        await world.seat("c1", "ann", room)
        await world.pass_time(0.2)
        with pytest.raises(TooManyTutors):
            await opened(world, "ann", THERE, type=RoomType.AI)
